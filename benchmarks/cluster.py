"""A cluster that makes films, simulated: when all of it is done, and what deaths cost.

Events are only ends of films and deaths of workers. The client hands out films in their order,
takes one that comes back before it hands out the next, and a dead worker's film goes first.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cluster:
    """What is simulated.

    Attributes
    ----------
    workers
        How many, each with a core for itself.
    client_seconds
        That the client takes for each film: to send, to check and to write it.
    death_every
        Seconds that a worker lives on average; infinity if it always does.
    restart_seconds
        Until another worker stands in its place.
    """

    workers: int
    client_seconds: float
    death_every: float = float("inf")
    restart_seconds: float = 30.0


@dataclass(frozen=True)
class Outcome:
    """What became of it.

    Attributes
    ----------
    seconds
        Until the last film is written.
    busy
        Share of the workers' time in which they made films that arrived.
    lost
        Seconds of work on films whose workers died.
    deaths
        How many workers died.
    """

    seconds: float
    busy: float
    lost: float
    deaths: int


def simulate(films: Sequence[float], cluster: Cluster, seed: int = 0) -> Outcome:
    """Return what becomes of films that take these seconds each, in this order."""
    chance = random.Random(seed)
    waiting = deque(films)
    free: list[tuple[float, int]] = [(0.0, worker) for worker in range(cluster.workers)]
    ends: list[tuple[float, int, float, float]] = []
    client_free = end = lost = 0.0
    deaths = 0
    while waiting or ends:
        while waiting and free and (not ends or free[0][0] <= ends[0][0]):
            ready, worker = heapq.heappop(free)
            client_free = max(client_free, ready) + cluster.client_seconds / 2  # it is sent
            seconds = waiting.popleft()
            life = chance.expovariate(1.0) * cluster.death_every
            heapq.heappush(ends, (client_free + min(life, seconds), worker, seconds, life))
        now, worker, seconds, life = heapq.heappop(ends)
        if life < seconds:
            deaths += 1
            lost += life
            waiting.appendleft(seconds)
            heapq.heappush(free, (now + cluster.restart_seconds, worker))
        else:
            client_free = max(client_free, now) + cluster.client_seconds / 2  # it is written
            end = max(end, client_free)
            heapq.heappush(free, (now, worker))
    return Outcome(end, sum(films) / (cluster.workers * end), lost, deaths)
