"""Sections of a scene rendered to files: in this process, or in several at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cnnviz.arrays import ByteArray
from cnnviz.rendering.encoder import Encoder
from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import Both, SomeFrames
from cnnviz.rendering.timing import FilmTiming
from cnnviz.rendering.worker_pool import FrameProgress, Report, WorkerPool

if TYPE_CHECKING:
    from manim import Scene

MakeScene: TypeAlias = "Callable[[FilmRenderer], Scene]"
Pictures: TypeAlias = "dict[int, ByteArray]"


@dataclass(frozen=True)
class RecordOptions:
    """How a film is recorded; nothing here changes a frame.

    Attributes
    ----------
    on_frame
        Called with the number of frames so far, after each picture.
    jobs
        How many processes render sections, each with an encoder process beside it.
    executor
        Where they run, fresh processes on this machine by default.
    profile
        Where to count the time of each stage; only of what happens in this process and its
        encoder.
    """

    on_frame: Callable[[int], None] | None = None
    jobs: int = 1
    executor: Executor | None = None
    profile: Profile = field(default_factory=Profile)


def record_sections(
    make_scene: MakeScene,
    settings: FilmSettings,
    folder: Path,
    sections: Collection[int] | None,
    pictures: SomeFrames,
    options: RecordOptions,
    done: int = 0,
) -> FilmTiming:
    """Render the wanted sections to files in a folder, advancing through those before them.

    Parameters
    ----------
    make_scene, settings, pictures, options
        As for :func:`cnnviz.rendering.film.record_film`.
    folder
        Where the files go: see :func:`cnnviz.rendering.encoder.segment_path`.
    sections
        Numbers of the wanted ones; None for all.
    done
        Frames of the film that are there already.

    Returns
    -------
    FilmTiming
        All sections up to the last one that is wanted.
    """
    profile, on_frame = options.profile, options.on_frame
    with Encoder(settings, folder, sections, profile) as encoder:
        renderer = FilmRenderer(
            Both(encoder, pictures),
            on_frame and (lambda _: on_frame(done + encoder.frame_count)),
            profile=profile,
        )
        make_scene(renderer).render()
        encoder.finish()
    renderer.release()
    return renderer.timing


def record_in_parallel(
    make_scene: MakeScene,
    settings: FilmSettings,
    folder: Path,
    sections: Sequence[int],
    timing: FilmTiming,
    pictures: SomeFrames,
    options: RecordOptions,
    done: int = 0,
) -> None:
    """Render sections to files in a folder, in several processes; fill in the pictures.

    Each process makes the scene itself and advances to its sections, so that nothing but
    `make_scene` and names travels between them, and the frames do not depend on who draws
    them.

    Parameters
    ----------
    make_scene, settings, pictures, options, done
        As for :func:`record_sections`.
    folder
        Where the files go; all processes must see it.
    sections
        Numbers of the sections to render.
    timing
        How long each is.
    """
    shares = balanced(sections, timing, options.jobs)

    def report(progress: Sequence[FrameProgress | None]) -> None:
        if options.on_frame is not None:
            options.on_frame(done + sum(each.done for each in progress if each))

    with WorkerPool(folder, max(1, len(shares)), options.executor) as workers:
        for share in shares:
            total = frames_in(share, timing)
            workers.submit(
                _record_share, make_scene, settings, folder, share, total, pictures.frames
            )
        for some in workers.results(report):
            pictures.pictures.update(some)


def frames_in(sections: Iterable[int], timing: FilmTiming) -> int:
    """Return how many frames some sections have together."""
    return sum(timing.sections[section].frame_count for section in sections)


def balanced(sections: Iterable[int], timing: FilmTiming, jobs: int) -> list[list[int]]:
    """Return at most `jobs` shares of the sections with about as many frames each."""

    def frame_count(section: int) -> int:
        return timing.sections[section].frame_count

    shares: list[list[int]] = [[] for _ in range(jobs)]
    for section in sorted(sections, key=frame_count, reverse=True):
        min(shares, key=lambda share: sum(map(frame_count, share))).append(section)
    return [sorted(share) for share in shares if share]


def _record_share(
    report: Report,
    make_scene: MakeScene,
    settings: FilmSettings,
    folder: Path,
    share: Collection[int],
    total: int,
    frames: Collection[int],
) -> Pictures:
    """Render some sections, return those of the frames that lie in them; runs in a process."""
    pictures = SomeFrames(frames)
    options = RecordOptions(on_frame=lambda done: report(done, total))
    with film_config(settings):
        record_sections(make_scene, settings, folder, share, pictures, options)
    return pictures.pictures
