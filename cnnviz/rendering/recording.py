"""Sections of a scene rendered to files: in this process, or in several at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cnnviz.arrays import ByteArray
from cnnviz.rendering.encoder import Encoder, EncoderProcess
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
    encoder
        A process that has been started ahead, for a film that one process draws; by default one is
        started when it is needed.
    """

    on_frame: Callable[[int], None] | None = None
    jobs: int = 1
    executor: Executor | None = None
    profile: Profile = field(default_factory=Profile)
    encoder: EncoderProcess | None = None


@dataclass(frozen=True)
class Recording:
    """Sections of a scene, rendered to files in a folder.

    Attributes
    ----------
    make_scene, settings, options
        As for :func:`cnnviz.rendering.film.record_film`.
    folder
        Where the files go: see :func:`cnnviz.rendering.encoder.segment_path`. All processes that
        render must see it.
    pictures
        Frames to keep on the way.
    """

    make_scene: MakeScene
    settings: FilmSettings
    folder: Path
    pictures: SomeFrames
    options: RecordOptions

    def record(self, sections: Collection[int] | None, done: int = 0) -> FilmTiming:
        """Render the wanted sections, advancing through those before them.

        Parameters
        ----------
        sections
            Numbers of the wanted ones; None for all.
        done
            Frames of the film that are there already.

        Returns
        -------
        FilmTiming
            All sections up to the last one that is wanted.
        """
        profile, on_frame = self.options.profile, self.options.on_frame
        started = self.options.encoder
        with EncoderProcess(self.settings) if started is None else nullcontext(started) as process:
            encoder = Encoder(process, self.folder, sections, profile)
            renderer = FilmRenderer(
                Both(encoder, self.pictures),
                on_frame and (lambda _: on_frame(done + encoder.frame_count)),
                profile=profile,
            )
            self.make_scene(renderer).render()
            encoder.finish()
        renderer.release()
        return renderer.timing

    def record_in_parallel(
        self, sections: Sequence[int], timing: FilmTiming, done: int = 0
    ) -> None:
        """Render sections in several processes.

        Each makes the scene itself and advances to its sections, so that nothing but `make_scene`
        and names travels between them, and the frames do not depend on who draws them.

        Parameters
        ----------
        sections
            Numbers of the sections to render.
        timing
            How long each is.
        done
            Frames of the film that are there already.
        """
        options = self.options
        shares = balanced(sections, timing, options.jobs)

        def report(progress: Sequence[FrameProgress | None]) -> None:
            if options.on_frame is not None:
                options.on_frame(done + sum(each.done for each in progress if each))

        with WorkerPool(self.folder, max(1, len(shares)), options.executor) as workers:
            for share in shares:
                task = _ShareTask(
                    self.make_scene,
                    self.settings,
                    self.folder,
                    share,
                    frames_in(share, timing),
                    tuple(self.pictures.frames),
                )
                workers.submit(_record_share, task)
            for some in workers.results(report):
                self.pictures.pictures.update(some)


@dataclass(frozen=True)
class _ShareTask:
    """What one of several processes renders.

    Attributes
    ----------
    make_scene, settings, folder
        As in :class:`Recording`.
    sections
        Numbers of its sections.
    frame_count
        How many frames these have together.
    wanted
        Numbers of the frames to keep, wherever they lie.
    """

    make_scene: MakeScene
    settings: FilmSettings
    folder: Path
    sections: Collection[int]
    frame_count: int
    wanted: tuple[int, ...]


def _record_share(report: Report, task: _ShareTask) -> Pictures:
    """Render some sections, return those of the frames that lie in them; runs in a process."""
    pictures = SomeFrames(task.wanted)
    options = RecordOptions(on_frame=lambda done: report(done, task.frame_count))
    with film_config(task.settings):
        Recording(task.make_scene, task.settings, task.folder, pictures, options).record(
            task.sections
        )
    return pictures.pictures


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
