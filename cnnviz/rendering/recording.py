"""Sections of a scene rendered to files: in this process, or in several at once."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from cnnviz.log import show_log
from cnnviz.rendering.encoder import Encoder
from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import Both, SomeFrames
from cnnviz.rendering.timing import FilmTiming

if TYPE_CHECKING:
    from manim import Scene

MakeScene: TypeAlias = "Callable[[FilmRenderer], Scene]"
Pictures: TypeAlias = "dict[int, npt.NDArray[np.uint8]]"

CORES_PER_JOB = 2
"""Drawing and encoding fill two: more jobs are slower, see docs/performance.md."""

POLLING_INTERVAL = 0.2
"""Seconds between looks at how far other processes are."""


class StoppedError(Exception):
    """Another process failed or was interrupted, so this one need not go on."""


def default_jobs() -> int:
    """Return how many processes fill this machine."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)) // CORES_PER_JOB)
    return max(1, (os.cpu_count() or 1) // CORES_PER_JOB)


def record_sections(
    make_scene: MakeScene,
    settings: FilmSettings,
    folder: Path,
    wants_section: Callable[[int], bool],
    on_frame: Callable[[int], None] | None,
    profile: Profile,
    pictures: SomeFrames,
) -> FilmTiming:
    """Render the wanted sections to files in a folder, advancing through the others.

    Parameters
    ----------
    make_scene, settings, on_frame, profile, pictures
        As for :func:`cnnviz.rendering.film.record_film`.
    folder
        Where the files go: see :func:`cnnviz.rendering.encoder.segment_path`.
    wants_section
        Whether a section, by its number, is wanted.

    Returns
    -------
    FilmTiming
        All sections, wanted or not.
    """
    with Encoder(settings, folder, wants_section, profile) as encoder:
        renderer = FilmRenderer(Both(encoder, pictures), on_frame, profile=profile)
        make_scene(renderer).render()
        encoder.finish()
    return renderer.timing


def record_in_parallel(
    make_scene: MakeScene,
    settings: FilmSettings,
    folder: Path,
    sections: Sequence[int],
    timing: FilmTiming,
    on_frame: Callable[[int], None] | None,
    pictures: SomeFrames,
    jobs: int,
    executor: Executor | None,
) -> None:
    """Render sections to files in a folder, in several processes; fill in the pictures.

    Each process makes the scene itself and advances to its sections, so that nothing but
    `make_scene` and names travels between them, and the frames do not depend on who draws
    them.

    Parameters
    ----------
    make_scene, settings, on_frame, pictures
        As for :func:`cnnviz.rendering.film.record_film`.
    folder
        Where the files go; all processes must see it.
    sections
        Numbers of the sections to render.
    timing
        How long each is.
    jobs
        How many processes.
    executor
        Where they run: fresh local processes by default.
    """
    shares = balanced(sections, timing, jobs)
    rest = timing.frame_count - sum(timing.sections[each].frame_count for each in sections)
    own = executor or ProcessPoolExecutor(
        max(1, len(shares)),
        get_context("spawn"),
        initializer=show_log,
        initargs=(logging.getLogger("cnnviz").getEffectiveLevel(),),
    )
    try:
        with _interrupts_for_this_process():
            futures = [
                own.submit(_record_share, make_scene, settings, folder, share, pictures.frames)
                for share in shares
            ]
        _wait_for(futures, folder, on_frame, rest)
        for future in futures:
            pictures.pictures.update(future.result())
    except BaseException:
        (folder / "stop").touch()
        raise
    finally:
        if executor is None:
            own.shutdown(cancel_futures=True)


def balanced(sections: Iterable[int], timing: FilmTiming, jobs: int) -> list[list[int]]:
    """Return at most `jobs` shares of the sections with about as many frames each."""

    def frame_count(section: int) -> int:
        return timing.sections[section].frame_count

    shares: list[list[int]] = [[] for _ in range(jobs)]
    for section in sorted(sections, key=frame_count, reverse=True):
        min(shares, key=lambda share: sum(map(frame_count, share))).append(section)
    return [sorted(share) for share in shares if share]


def _record_share(
    make_scene: MakeScene,
    settings: FilmSettings,
    folder: Path,
    share: Collection[int],
    frames: Collection[int],
) -> Pictures:
    """Render some sections, return those of the frames that lie in them; runs in a process."""
    last, pictures = max(share), SomeFrames(frames)
    with (
        film_config(settings),
        Encoder(settings, folder, share.__contains__, Profile()) as encoder,
        (folder / f"frames-of-{last}").open("wb", buffering=0) as progress,
    ):

        def report(_: int) -> None:
            progress.seek(0)
            progress.write(b"%d" % encoder.frame_count)
            if (folder / "stop").exists():
                raise StoppedError

        make_scene(FilmRenderer(Both(encoder, pictures), report)).render()
        encoder.finish()
    return pictures.pictures


def _wait_for(
    futures: Collection[Future[Pictures]],
    folder: Path,
    on_frame: Callable[[int], None] | None,
    rest: int,
) -> None:
    """Wait for all processes, telling how far they are."""
    waiting: Collection[Future[Pictures]] = futures
    while waiting:
        done, waiting = wait(waiting, POLLING_INTERVAL)
        for future in done:
            future.result()
        if on_frame is not None:
            counts = (path.read_bytes() for path in folder.glob("frames-of-*"))
            on_frame(rest + sum(int(count) for count in counts if count))


@contextmanager
def _interrupts_for_this_process() -> Iterator[None]:
    """Let processes started meanwhile never see Ctrl-C: this one gets it and ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
