"""A clip: a scene's film and the files beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnnviz.catalog import output_stem
from cnnviz.errors import UserError
from cnnviz.locales import Words
from cnnviz.parameters import make_parameters
from cnnviz.publishing.manifest import Source, manifest, with_source
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.shelf import FilmShelf
from cnnviz.theme import Theme
from cnnviz.traces import Trace

if TYPE_CHECKING:  # Manim is imported where it is needed, which is not always
    from cnnviz.rendering.renderer import FilmRenderer
    from cnnviz.scene import LectureScene, SceneSetting

POSTER = "poster.png"
"""The poster's name in the cache."""

ProgressCall = Callable[[int, int], None]
"""Called with the frames that are done and the frames there are."""


@dataclass(frozen=True)
class Clip:
    """What a render leaves behind.

    Attributes
    ----------
    video
        The film, MP4.
    captions_vtt, captions_srt
        Its captions.
    poster
        One frame that stands for it, PNG.
    manifest
        What it shows and how it was made, JSON.
    seconds
        Its length.
    """

    video: Path
    captions_vtt: Path
    captions_srt: Path
    poster: Path
    manifest: Path
    seconds: float

    @classmethod
    def at(cls, video: Path, seconds: float) -> Clip:
        """Return the clip whose film is at `video`."""
        beside = {
            suffix: video.with_suffix(f".{suffix}") for suffix in ("vtt", "srt", "png", "json")
        }
        return cls(video, beside["vtt"], beside["srt"], beside["png"], beside["json"], seconds)


@dataclass(frozen=True)
class SceneMaker:
    """Makes a scene for any renderer, in whatever process it is called."""

    scene: type[LectureScene]
    setting: SceneSetting

    def __call__(self, renderer: FilmRenderer) -> LectureScene:
        """Return the scene with that renderer."""
        return self.scene(self.setting, renderer=renderer)


def scene_setting(
    scene: type[LectureScene],
    trace: Trace,
    parameters: Mapping[str, Any],
    theme: Theme,
    language: str,
    pace: float,
) -> SceneSetting:
    """Return all that a scene reads, its parameters checked and filled in.

    Raises
    ------
    UserError
        If a parameter is unknown or does not fit the trace.
    """
    from cnnviz.scene import SceneSetting

    given = make_parameters(scene.name, scene.Parameters, parameters)
    return SceneSetting(
        trace=trace,
        parameters=scene.resolve(trace, given),
        theme=theme,
        words=Words(language),
        pace=pace,
    )


def make_clip(
    scene: type[LectureScene],
    setting: SceneSetting,
    film: FilmSettings,
    output: Path,
    source: Source,
    on_progress: ProgressCall | None = None,
    shelf: FilmShelf | None = None,
    *,
    jobs: int | None = 1,
    profile: Profile | None = None,
) -> Clip:
    """Render a scene and everything that belongs to it.

    All files are made in a hidden folder beside `output` and moved to their names at the
    end, the film last; if anything fails, none appears.

    Raises
    ------
    UserError
        If the folder cannot be written to, or the fonts lack a character of a name.
    """
    from cnnviz.publishing.captions import captions
    from cnnviz.rendering.crew import default_jobs
    from cnnviz.rendering.film import SomeFrames, film_config, measure_film, record_film

    made: list[LectureScene] = []

    def make_and_note(renderer: FilmRenderer) -> LectureScene:
        made.append(scene(setting, renderer=renderer))
        return made[-1]

    with film_config(film), hidden_folder(output) as folder:
        timing = measure_film(make_and_note, film)
        beats, total = made.pop().beats, timing.frame_count
        poster = next(beat for beat in beats if beat.name == scene.poster_beat).last_frame
        pictures = SomeFrames([poster])
        # A scene that plays something outside of its beats has sections that no beat explains.
        if shelf is not None and len(beats) == len(timing.sections):
            shelf.name_sections([beat.made_by for beat in beats])
        unfinished = Clip.at(folder / output.name, timing.duration)
        record_film(
            SceneMaker(scene, setting),
            film,
            unfinished.video,
            on_frame=None if on_progress is None else lambda done: on_progress(done, total),
            pictures=pictures,
            shelf=shelf,
            timing=timing,
            jobs=default_jobs() if jobs is None else jobs,
            profile=profile,
        )
        save_picture(pictures.pictures[poster], unfinished.poster)
        texts = {
            "vtt": captions(beats, film.frame_rate, "vtt"),
            "srt": captions(beats, film.frame_rate, "srt"),
            "json": manifest(scene.name, setting, film, beats, source),
        }
        if shelf is not None:
            shelf.add(unfinished.poster, POSTER)
            shelf.finish(timing, texts)
        return _publish(unfinished, output, texts)


def clip_from(shelf: FilmShelf, output: Path, source: Source) -> Clip | None:
    """Write a clip that was made before, without Manim; None if not all of it is there."""
    film = shelf.finished()
    if film is None:
        return None
    with hidden_folder(output) as folder:
        unfinished = Clip.at(folder / output.name, film.timing.duration)
        try:
            shutil.copyfile(shelf.folder / POSTER, unfinished.poster)
        except OSError:
            return None
        if not shelf.write_film(unfinished.video, film.timing):
            return None
        texts = {**film.notes, "json": with_source(film.notes["json"], source)}
        return _publish(unfinished, output, texts)


def _publish(unfinished: Clip, output: Path, texts: Mapping[str, str]) -> Clip:
    """Write the texts and move all files to their names, the film last."""
    for suffix, text in texts.items():
        unfinished.video.with_suffix(f".{suffix}").write_text(text, encoding="utf-8")
    clip = Clip.at(output, unfinished.seconds)
    for name in ("captions_vtt", "captions_srt", "poster", "manifest", "video"):
        os.replace(getattr(unfinished, name), getattr(clip, name))
    return clip


def default_output(scene: str, image: object) -> Path:
    """Return ``media/SCENE_PICTURE.mp4`` below the working directory."""
    name = Path(image).stem if isinstance(image, str | Path) else "picture"
    return Path("media") / f"{output_stem(scene)}_{name}.mp4"


@contextmanager
def hidden_folder(output: Path) -> Iterator[Path]:
    """Give a temporary folder beside `output`, on the same disk."""
    if output.is_dir():
        raise UserError(f'the output "{output}" is a folder: give the name of a file')
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        folder = TemporaryDirectory(prefix=f".{output.stem}.", dir=output.parent)
    except OSError as error:
        raise UserError(f'cannot write "{output}": {error.strerror}') from None
    with folder as path:
        yield Path(path)


def save_picture(rgba: npt.NDArray[np.uint8], path: Path) -> None:
    """Write a frame, RGBA of shape (height, width, 4), as PNG."""
    Image.fromarray(np.ascontiguousarray(rgba[..., :3])).save(path)
