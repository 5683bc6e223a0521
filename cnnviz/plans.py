"""From pictures to finished clips: what a render is asked for, for one picture or for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cnnviz.cache.store import Cache
from cnnviz.cache.traces import Colour, Crop
from cnnviz.catalog import load_scene, scene_names, scene_package
from cnnviz.clip import Clip, ProgressCall, clip_from, default_output, make_clip, scene_setting
from cnnviz.errors import UserError
from cnnviz.looking import looking
from cnnviz.publishing.manifest import Source
from cnnviz.rendering.crew import Crew, Progress, Report, default_jobs
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.settings import Encoding, FilmSettings, Quality
from cnnviz.rendering.shelf import FilmShelf
from cnnviz.theme import Theme, theme_of
from cnnviz.traces import Trace

if TYPE_CHECKING:  # Manim and torch are imported where they are needed, which is not always
    from cnnviz.network import Network
    from cnnviz.scene import LectureScene, SceneSetting

LONGEST_PACE = 20
"""Above this a film would last an hour: surely a slip."""


@dataclass(frozen=True)
class FilmPlan:
    """Everything that decides a film but the picture and the network.

    Attributes
    ----------
    scene, parameters
        Name of the scene, and those of its parameters that were given.
    settings
        Size, frame rate and encoding.
    theme, language
        How it looks, and the language of its words.
    pace
        How many times longer than usual everything takes.
    """

    scene: str
    parameters: Mapping[str, Any]
    settings: FilmSettings
    theme: Theme
    language: str
    pace: float

    @classmethod
    def of(
        cls,
        scene: str,
        *,
        quality: Quality = "h",
        fps: int | None = None,
        encode: Encoding = "default",
        theme: str = "dark",
        aspect: str = "16:9",
        language: str = "en",
        pace: float = 1.0,
        **parameters: Any,
    ) -> FilmPlan:
        """Return the plan that has what :func:`cnnviz.render` takes."""
        look = theme_of(theme, aspect)
        settings = film_settings(look, quality, fps, encode)
        return cls(scene, parameters, settings, look, language, pace)

    def check(self) -> None:
        """Raise a UserError if there is no such scene, or nothing could be watched."""
        if not 0 < self.pace < LONGEST_PACE:
            raise UserError(
                f"the pace is {self.pace:g}: give a number above 0 and below {LONGEST_PACE}"
            )
        scene_package(self.scene)

    def setting(self, scene: type[LectureScene], trace: Trace) -> SceneSetting:
        """Return all that the scene reads; UserError if a parameter does not fit the trace."""
        return scene_setting(scene, trace, self.parameters, self.theme, self.language, self.pace)


def film_settings(
    theme: Theme, quality: Quality, fps: int | None = None, encode: Encoding = "default"
) -> FilmSettings:
    """Return the settings of a film with a theme's background, in its proportions."""
    layout = theme.layout
    return FilmSettings.of_quality(
        quality, fps, encode, theme.palette.background, layout.aspect, layout.frame_height
    )


def render_clip(
    plan: FilmPlan,
    image: object,
    output: str | Path | None = None,
    *,
    network: Network | str | Path | None = None,
    crop: Crop | None = None,
    background: Colour = (255, 255, 255),
    on_progress: ProgressCall | None = None,
    cache: Cache | None = None,
    jobs: int | None = 1,
    profile: Profile | None = None,
) -> Clip:
    """Let the network look at a picture and render a scene about it.

    See :func:`cnnviz.render`, which is the same with friendlier arguments.
    """
    plan.check()
    path = Path(output) if output is not None else default_output(plan.scene, image)
    if path.suffix.lower() != ".mp4":
        raise UserError(f'the output is "{path}": give a name that ends in .mp4')
    (trace,) = _traces(plan, [image], network, crop, background, cache)
    source = Source.of(image, network, crop, trace)
    return clip_of_trace(
        plan, trace, source, path, on_progress=on_progress, cache=cache, jobs=jobs, profile=profile
    )


def clip_of_trace(
    plan: FilmPlan,
    trace: Trace,
    source: Source,
    output: Path,
    *,
    on_progress: ProgressCall | None = None,
    cache: Cache | None = None,
    jobs: int | None = 1,
    profile: Profile | None = None,
) -> Clip:
    """Render a scene about what the network saw, or take it from the cache.

    Parameters
    ----------
    plan, trace
        What decides the film.
    source
        Where picture and network come from.
    output
        The film's file.
    on_progress, cache, jobs, profile
        As for :func:`cnnviz.render`.
    """
    shelf = None
    if cache is not None:
        asked = {"scene": plan.scene, "parameters": plan.parameters, "pace": plan.pace}
        shown = {"trace": trace, "theme": plan.theme, "language": plan.language}
        packages = map(scene_package, {*scene_names(), plan.scene})  # a lecture may tell any
        shelf = FilmShelf(cache, asked, plan.settings, *packages, shared=shown)
        kept = clip_from(shelf, output, source)
        if kept is not None:
            return kept
    scene = load_scene(plan.scene)
    setting = plan.setting(scene, trace)
    return make_clip(
        scene,
        setting,
        plan.settings,
        output,
        source,
        on_progress,
        shelf,
        jobs=jobs,
        profile=profile,
    )


def render_clips(
    plan: FilmPlan,
    images: Sequence[object],
    folder: str | Path = "media",
    *,
    network: Network | str | Path | None = None,
    crop: Crop | None = None,
    background: Colour = (255, 255, 255),
    on_progress: ProgressCall | None = None,
    cache: Cache | None = None,
    jobs: int | None = 1,
    profile: Profile | None = None,
    executor: Executor | None = None,
) -> list[Clip]:
    """Render a scene about several pictures.

    See :func:`cnnviz.render_batch`, which is the same with friendlier arguments. An
    `executor` may run the films elsewhere than in processes of this machine.
    """
    plan.check()
    outputs = _outputs(plan.scene, images, Path(folder))
    traces = _traces(plan, images, network, crop, background, cache)
    sources = [
        Source.of(image, network, crop, trace) for image, trace in zip(images, traces, strict=True)
    ]
    films = list(zip(traces, sources, outputs, strict=True))
    tell = partial(_tell_together, on_progress)
    processes = default_jobs() if jobs is None else jobs
    size = min(processes, len(films))
    if size > 1:
        return _in_parallel(plan, films, cache, size, processes // size, tell, executor)
    progress: list[Progress | None] = [None] * len(films)

    def report(place: int, done: int, total: int) -> None:
        progress[place] = Progress(done, total)
        tell(progress)

    return [
        _clip_of_batch(partial(report, place), plan, *film, cache, processes, profile)
        for place, film in enumerate(films)
    ]


def _traces(
    plan: FilmPlan,
    images: Sequence[object],
    network: Network | str | Path | None,
    crop: Crop | None,
    background: Colour,
    cache: Cache | None,
) -> list[Trace]:
    """Return what the network sees in the pictures."""
    with looking(images, network, crop, background, cache) as looks:
        if not all(look.is_ready for look in looks):
            load_scene(plan.scene)  # imports Manim while another process runs the network
        return [look.trace() for look in looks]


def _in_parallel(
    plan: FilmPlan,
    films: Sequence[tuple[Trace, Source, Path]],
    cache: Cache | None,
    size: int,
    jobs: int,
    tell: Callable[[Sequence[Progress | None]], None],
    executor: Executor | None,
) -> list[Clip]:
    with (
        TemporaryDirectory(prefix="cnnviz-batch-") as folder,
        Crew(Path(folder), size, executor) as crew,
    ):
        for film in films:
            crew.submit(_clip_of_batch, plan, *film, cache, jobs)
        return crew.results(tell)


def _clip_of_batch(
    report: Report | ProgressCall,
    plan: FilmPlan,
    trace: Trace,
    source: Source,
    output: Path,
    cache: Cache | None,
    jobs: int,
    profile: Profile | None = None,
) -> Clip:
    """Render one of several films; may run in a process of its own."""
    clip = clip_of_trace(
        plan, trace, source, output, on_progress=report, cache=cache, jobs=jobs, profile=profile
    )
    frames = round(clip.seconds * plan.settings.frame_rate)
    report(frames, frames)  # what comes from the cache has said nothing so far
    return clip


def _tell_together(on_progress: ProgressCall | None, progress: Sequence[Progress | None]) -> None:
    """Report several films as one; those not begun are taken to be as long as the others."""
    begun = [each for each in progress if each]
    if begun and on_progress is not None:
        total = sum(each.total for each in begun) * len(progress) // len(begun)
        on_progress(sum(each.done for each in begun), total)


def _outputs(scene: str, images: Sequence[object], folder: Path) -> list[Path]:
    """Return where the film about each picture goes."""
    if folder.suffix.lower() == ".mp4":
        raise UserError(f'the output is "{folder}": several films need a folder')
    names = [
        image if isinstance(image, str | Path) else f"picture_{number}"
        for number, image in enumerate(images)
    ]
    outputs = [folder / default_output(scene, name).name for name in names]
    counts = Counter(str(output).casefold() for output in outputs)  # some disks know no case
    for output in outputs:
        count = counts[str(output).casefold()]
        if count > 1:
            raise UserError(
                f'{count} pictures would make the film "{output}": rename them, or render them '
                "one by one"
            )
    return outputs
