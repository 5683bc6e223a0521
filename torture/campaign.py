"""Attacks in turn until the time is over, and what became of them."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, TimeoutError  # noqa: A004
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from cnnviz.errors import UserError
from cnnviz.system.local_executor import LocalExecutor
from torture.attack import generator
from torture.attacks import ATTACKS
from torture.corpus import Turn

LONGEST_TURN = 900.0
"""Seconds after which a turn hangs."""


@dataclass
class Tally:
    """What became of an attack: turns that were tried, and for those that failed why."""

    tried: int = 0
    failures: dict[Turn, str] = field(default_factory=dict)


def attack_once(turn: Turn, folder: str) -> str | None:
    """Take one turn in an empty folder; return why it failed, or None."""
    place = Path(mkdtemp(prefix="turn-", dir=folder))
    try:
        ATTACKS[turn.attack].turn(generator(turn.seed, turn.attack, turn.number), place)
    except BaseException as error:
        lines = traceback.format_exception_only(error)
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{' '.join(''.join(lines).split())} ({Path(where.filename).name}:{where.lineno})"
    return None


def attack_at_once(turns: Sequence[Turn], folder: str) -> dict[Turn, str]:
    """Take several turns and return why those failed that did; runs in a process of its own."""
    failures = {}
    os.environ["CNNVIZ_CACHE_DIR"] = f"{folder}/cache"  # of turns that start no process
    for turn in turns:
        reason = attack_once(turn, folder)
        if reason is not None:
            failures[turn] = reason
    return failures


class Campaign:
    """Takes turns in a process of its own, which may be killed by them.

    Parameters
    ----------
    names
        Of the attacks.
    seed
        Decides all that is tried.
    """

    def __init__(self, names: Sequence[str], seed: int) -> None:
        self.tallies = {name: Tally() for name in names}
        self._seed = seed

    def run(self, minutes: float, first: Sequence[Turn] = ()) -> None:
        """Take some turns first, then all attacks one after the other until the time is over."""
        end = time.monotonic() + 60 * minutes
        with TemporaryDirectory(prefix="torture-") as folder, LocalExecutor(1, Path(folder)) as one:
            for turn in first:
                self._take(one, [turn], folder)
            for turns in self._rounds(end):
                self._take(one, turns, folder)

    def take(self, turn: Turn) -> None:
        """Take one turn again."""
        with TemporaryDirectory(prefix="torture-") as folder, LocalExecutor(1, Path(folder)) as one:
            self._take(one, [turn], folder)

    def _rounds(self, end: float) -> Iterator[list[Turn]]:
        numbers = {name: count() for name in self.tallies}
        while True:
            for name in self.tallies:
                if time.monotonic() > end:
                    return
                some = range(ATTACKS[name].at_once)
                yield [Turn(name, self._seed, next(numbers[name])) for _ in some]

    def _take(self, executor: LocalExecutor, turns: Sequence[Turn], folder: str) -> None:
        tally = self.tallies.setdefault(turns[0].attack, Tally())
        tally.tried += len(turns)
        with TemporaryDirectory(dir=folder) as place:
            future: Future[dict[Turn, str]] = executor.submit(attack_at_once, turns, place)
            try:
                tally.failures.update(future.result(LONGEST_TURN))
            except TimeoutError:
                executor.kill()
                tally.failures[turns[0]] = f"one of {len(turns)} turns hangs"
            except (RuntimeError, UserError) as error:
                tally.failures[turns[0]] = f"one of {len(turns)} turns: {error}"
