"""Sections of a scene rendered to files: in this process, or in several at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from cnnviz.rendering.encoder import Encoder
from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import Both, SomeFrames
from cnnviz.rendering.timing import FilmTiming
from cnnviz.rendering.worker_pool import Progress, Report, WorkerPool

if TYPE_CHECKING:
    from manim import Scene

MakeScene: TypeAlias = "Callable[[FilmRenderer], Scene]"
Pictures: TypeAlias = "dict[int, npt.NDArray[np.uint8]]"


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

    def tell(progress: Sequence[Progress | None]) -> None:
        if on_frame is not None:
            on_frame(rest + sum(each.done for each in progress if each))

    with WorkerPool(folder, max(1, len(shares)), executor) as workers:
        for share in shares:
            total = sum(timing.sections[each].frame_count for each in share)
            workers.submit(
                _record_share, make_scene, settings, folder, share, total, pictures.frames
            )
        for some in workers.results(tell):
            pictures.pictures.update(some)


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
    with (
        film_config(settings),
        Encoder(settings, folder, share.__contains__, Profile()) as encoder,
    ):
        both = Both(encoder, pictures)
        make_scene(FilmRenderer(both, lambda _: report(encoder.frame_count, total))).render()
        encoder.finish()
    return pictures.pictures
