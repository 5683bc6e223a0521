"""Workers of a Dask cluster: https://distributed.dask.org, the extra ``cnnviz[dask]``."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cnnviz.course.engine import Workers
from cnnviz.course.sections import SectionRecord
from cnnviz.errors import UserError
from cnnviz.system.installation import how_to_add

if TYPE_CHECKING:
    from distributed import Queue

LOG = logging.getLogger(__name__)

PATIENCE = 15
"""Seconds within which a scheduler has to answer."""

AHEAD = 2
"""Films for each thread of a worker: one that it makes, and one that is there when that is done."""

MOST_QUEUED = 64
"""Sections that wait at the scheduler, which keeps them for a client that has died, too."""


@contextmanager
def dask_workers(address: str, at_once: int | None, *, use_cache: bool) -> Iterator[Workers]:
    """Give the workers of a cluster.

    Parameters
    ----------
    address
        The scheduler's, such as ``tcp://10.0.0.5:8786``.
    at_once
        How many films they have at a time; by default two for each of their threads.
    use_cache
        Whether they use their caches, and send home what they finish.

    Raises
    ------
    UserError
        If Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client, Queue
    except ImportError:
        raise UserError(
            f"--dask takes a package that is not installed: {how_to_add('dask')}"
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # lost workers are told of by us
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        raise _gone(address, error) from None

    def enough() -> int:
        try:
            threads: Mapping[str, int] = client.nthreads()  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError) as error:
            raise _gone(address, error) from None
        return max(1, AHEAD * sum(threads.values()))

    with (
        client,
        closing(Queue(client=client, maxsize=MOST_QUEUED)) as queue,  # type: ignore[no-untyped-call]
    ):
        yield Workers(
            client.get_executor(pure=False),  # type: ignore[no-untyped-call]
            enough if at_once is None else lambda: at_once,
            use_cache=use_cache,
            channel=SectionQueue(queue) if use_cache else None,
        )


@dataclass(frozen=True)
class SectionQueue:
    """Finished sections on their way from workers, past the scheduler, to the client."""

    queue: Queue

    def sender(self, film: int, attempt: int) -> QueueSender:
        """Return what a worker has that makes a film, for the first time or another one."""
        return QueueSender(self.queue.name, film, attempt)

    def arrived(self) -> list[tuple[int, SectionRecord]]:
        """Return what has arrived since the last call, each with the film's number."""
        try:
            found: list[Any] = self.queue.get(batch=True)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError) as error:  # whoever gives out films says so
            LOG.info("no sections arrive: %s", error)
            return []
        return [(film, SectionRecord(kind, key, record)) for film, kind, key, record in found]


@dataclass(frozen=True)
class QueueSender:
    """What a worker sends a film's sections with; one that is not sent may be drawn again.

    Attributes
    ----------
    queue
        Name of the queue.
    film, attempt
        Numbers of the film and of the attempt at it.
    """

    queue: str
    film: int
    attempt: int

    def __call__(self, section: SectionRecord) -> None:
        """Send a section."""
        from distributed import Queue, get_client

        told = [self.film, str(section.kind), section.key, section.record]
        try:
            queue = Queue(self.queue, get_client(), MOST_QUEUED)  # type: ignore[no-untyped-call]
            with closing(queue):
                queue.put(told, timeout=PATIENCE)  # type: ignore[no-untyped-call]
        except Exception as error:  # the scheduler is gone, or a client that would take it
            LOG.info("a section was not sent: %s", error)

    @contextmanager
    def attempting(self) -> Iterator[None]:
        """Note that the film is being made; a ConnectionError if it was before, by another worker.

        Dask gives a dead worker's task to the next one, as it was: the client does that better,
        since it knows what has been sent.
        """
        from distributed import Event, get_client

        begun = Event(f"{self.queue}-{self.film}-{self.attempt}", get_client())  # type: ignore[no-untyped-call]
        if begun.is_set():  # type: ignore[no-untyped-call]
            raise ConnectionError("its worker is gone")
        begun.set()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            begun.clear()  # type: ignore[no-untyped-call]


def _gone(address: str, error: Exception) -> UserError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return UserError(f'no Dask scheduler answers at "{address}": {reason}')
