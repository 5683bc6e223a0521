"""Sections that come home before their film is finished, so that no worker draws them again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnnviz.cache.records import sealed
from cnnviz.cache.store import Cache, Kind
from cnnviz.course.course_file import read_course
from cnnviz.course.engine import Engine, Workers
from cnnviz.course.film_task import FilmTask
from cnnviz.course.sections import ArrivedSections, SectionRecord, SendingCache
from tests.course.conftest import QUICK
from tests.course.test_engine import film_files

KEY = "0123456789abcdef" * 2


def section(content: bytes = b"pictures", key: str = KEY) -> SectionRecord:
    return SectionRecord(Kind.SECTION, key, sealed(Kind.SECTION, key, content))


class Channel:
    """Sections in a list; senders note the attempts that they are for."""

    def __init__(self) -> None:
        self.waiting: list[tuple[int, SectionRecord]] = []
        self.attempts: list[tuple[int, int]] = []

    def sender(self, film: int, attempt: int) -> Sender:
        self.attempts.append((film, attempt))
        return Sender(self, film)

    def arrived(self) -> list[tuple[int, SectionRecord]]:
        found, self.waiting = self.waiting, []
        return found


class Sender:
    def __init__(self, channel: Channel, film: int) -> None:
        self.channel, self.film = channel, film

    def __call__(self, section: SectionRecord) -> None:
        self.channel.waiting.append((self.film, section))

    @contextmanager
    def attempting(self) -> Iterator[None]:
        yield


class DyingWorker(Executor):
    """Finishes a section of the first film, dies, and does better from then on."""

    def __init__(self) -> None:
        self.tasks: list[FilmTask] = []

    def submit(self, work: Any, /, *arguments: Any, **keywords: Any) -> Future[Any]:
        task, _, sender = arguments
        self.tasks.append(task)
        future: Future[Any] = Future()
        if len(self.tasks) == 1:
            sender(section())
            future.set_exception(ConnectionError("the worker is gone"))
        else:
            future.set_result(film_files(task))
        return future


def test_who_gets_a_dead_workers_film_is_sent_what_was_finished(
    write_course: Callable[[str], Path], tmp_path: Path
) -> None:
    path = write_course(f'[defaults]\npictures = ["photos"]\n{QUICK}[[films]]\nscene = "pool"\n')
    films, workers, channel = read_course(path, Cache()).films, DyingWorker(), Channel()
    outcomes = Engine(
        films,
        ["code"] * len(films),
        Workers(workers, lambda: 1, channel=channel),
        cache=Cache(tmp_path / "kept"),
        force=False,
        on_progress=lambda number, progress: None,
    ).run()
    assert all(outcome.clip for outcome in outcomes)
    assert [task.name for task in workers.tasks] == [films[n].output.name for n in (0, 1, 0)]
    assert [task.sections for task in workers.tasks] == [(), (), (section(),)]
    assert channel.attempts == [(0, 0), (1, 0), (0, 1)]


def test_what_a_film_was_sent_is_kept_by_its_films_number_until_it_ends(tmp_path: Path) -> None:
    channel = Channel()
    arrived = ArrivedSections(Cache(tmp_path), channel)
    other = section(key="f" * 32)
    channel.waiting = [(0, section()), (1, other), (0, section())]
    arrived.take()
    assert (arrived.of(0), arrived.of(1), arrived.of(2)) == ((section(),), (other,), ())
    arrived.forget(0)
    assert (arrived.of(0), arrived.of(1)) == ((), (other,))


@pytest.mark.parametrize(
    "bad",
    [
        replace(section(), record=section().record + b"!"),
        replace(section(), kind=Kind.STILL),
        SectionRecord(Kind.TRACE, KEY, sealed(Kind.TRACE, KEY, b"a trace")),
        section(key="../../elsewhere"),
    ],
)
def test_damaged_and_foreign_records_are_dropped(bad: SectionRecord, tmp_path: Path) -> None:
    channel, cache = Channel(), Cache(tmp_path / "deep" / "er")
    channel.waiting = [(0, bad)]
    arrived = ArrivedSections(cache, channel)
    arrived.take()
    assert arrived.of(0) == ()
    assert [path for path in tmp_path.rglob("*") if path.name in (KEY, "elsewhere")] == []


def test_only_sections_are_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path))
    channel = Channel()
    cache = SendingCache(channel.sender(3, 0))
    for kind in Kind:
        cache.put(kind, KEY, b"pictures")
    assert [(film, each.kind) for film, each in channel.waiting] == [
        (3, Kind.SECTION),
        (3, Kind.STILL),
    ]
    assert all(cache.get(kind, KEY) == b"pictures" for kind in Kind)
