"""Finished sections of unfinished films, which workers of other machines send home.

So a worker that dies costs only what it was drawing: whoever gets its film next is sent what was
finished. On the way, and in both caches, they are records of the cache's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from cnnviz.cache.records import content_of, sealed
from cnnviz.cache.store import ENTRY_NAME, Cache, Kind

OF_SECTIONS = (Kind.SECTION, Kind.STILL)
"""What is kept of a section: itself, and its last picture."""


@dataclass(frozen=True)
class SectionRecord:
    """An entry of the cache on its way.

    Attributes
    ----------
    kind, key
        Of the entry.
    record
        The entry's content, with a digest that tells damage.
    """

    kind: str
    key: str
    record: bytes

    def put(self, cache: Cache) -> bool:
        """Put it into a cache; return whether it arrived whole."""
        if self.kind not in OF_SECTIONS or not ENTRY_NAME.fullmatch(self.key):
            return False
        content = content_of(self.kind, self.key, self.record)
        if content is None:
            return False
        cache.put(Kind(self.kind), self.key, content)
        return True


class SectionSender(Protocol):
    """What a worker has that makes a film for a client elsewhere; it can be pickled."""

    def __call__(self, section: SectionRecord) -> None:
        """Send a section, if that can be done."""

    def attempting(self) -> AbstractContextManager[None]:
        """Return what is entered while the film is made.

        Raises
        ------
        ConnectionError
            If a worker has died in it: the client then knows what it has finished.
        """


class SendingCache(Cache):
    """A cache that also sends the sections that it is given.

    Parameters
    ----------
    send
        Takes them.
    """

    def __init__(self, send: SectionSender) -> None:
        super().__init__()
        self._send = send

    def put(self, kind: Kind, key: str, content: bytes) -> None:
        """Keep something under a key, and send it if it is of a section."""
        super().put(kind, key, content)
        if kind in OF_SECTIONS:
            self._send(SectionRecord(kind, key, sealed(kind, key, content)))


class SectionChannel(Protocol):
    """A way for sections from workers to the client."""

    def sender(self, film: int, attempt: int) -> SectionSender:
        """Return what a worker has that makes a film, for the first time or another one."""

    def arrived(self) -> Iterable[tuple[int, SectionRecord]]:
        """Return what has arrived since the last call, each with the film's number."""


class ArrivedSections:
    """What has come home of films that are being made, kept in the client's cache.

    Parameters
    ----------
    cache
        The client's.
    channel
        Where sections come from.
    """

    def __init__(self, cache: Cache, channel: SectionChannel) -> None:
        self._cache, self._channel = cache, channel
        self._keys: dict[int, dict[tuple[Kind, str], None]] = defaultdict(dict)

    def take(self) -> None:
        """Take in what has arrived."""
        for film, section in self._channel.arrived():
            if section.put(self._cache):
                self._keys[film][Kind(section.kind), section.key] = None

    def of(self, film: int) -> tuple[SectionRecord, ...]:
        """Return what there is of a film."""
        kept = ((kind, key, self._cache.get(kind, key)) for kind, key in self._keys[film])
        return tuple(
            SectionRecord(kind, key, sealed(kind, key, content))
            for kind, key, content in kept
            if content is not None
        )

    def forget(self, film: int) -> None:
        """Let go of a film that has ended; the cache keeps what it has room for."""
        if self._keys.pop(film, None):
            self._cache.prune()
