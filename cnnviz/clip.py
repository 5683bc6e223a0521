"""From a picture to a finished clip: the film and the files beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from cnnviz.catalog import load_scene
from cnnviz.errors import UserError
from cnnviz.locales import Words
from cnnviz.network import Network, load_network, trace
from cnnviz.parameters import parameters_of
from cnnviz.publishing.captions import captions
from cnnviz.publishing.manifest import Source, manifest
from cnnviz.rendering.film import film_config, measure_film, record_film, stills
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.scene import LectureScene, SceneSetting
from cnnviz.theme import Theme

LONGEST_PACE = 20
"""Above this a film would last an hour: surely a slip."""

Progress = Callable[[int, int], None]
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


def render_clip(
    scene: str,
    image: object,
    output: str | Path | None = None,
    *,
    network: Network | str | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
    film: FilmSettings,
    theme: Theme,
    language: str = "en",
    pace: float = 1.0,
    on_progress: Progress | None = None,
    parameters: Mapping[str, Any],
) -> Clip:
    """Let the network look at a picture and render a scene about it.

    See :func:`cnnviz.render`, which is the same with friendlier arguments.
    """
    scene_class = load_scene(scene)
    given = _scene_parameters(scene_class, parameters)
    if not 0 < pace < LONGEST_PACE:
        raise UserError(f"the pace is {pace:g}: give a number above 0 and below {LONGEST_PACE}")
    path = Path(output) if output is not None else default_output(scene, image)
    if path.suffix.lower() != ".mp4":
        raise UserError(f'the output is "{path}": give a name that ends in .mp4')
    loaded = network if isinstance(network, Network) else load_network(network)
    what_happened = trace(image, loaded, crop, background)
    setting = SceneSetting(
        trace=what_happened,
        parameters=scene_class.resolve(what_happened, given),
        theme=theme,
        words=Words(language),
        pace=pace,
    )
    source = Source(
        image=str(image) if isinstance(image, str | Path) else f"<{type(image).__name__}>",
        weights=loaded.name if network is None or isinstance(network, Network) else str(network),
        crop=crop,
    )
    return make_clip(scene_class, setting, film, path, source, on_progress)


def make_clip(
    scene: type[LectureScene],
    setting: SceneSetting,
    film: FilmSettings,
    output: Path,
    source: Source,
    on_progress: Progress | None = None,
) -> Clip:
    """Render a scene and everything that belongs to it.

    All files are made in a hidden folder beside `output` and moved to their names at the
    end, the film last; if anything fails, none appears.

    Raises
    ------
    UserError
        If the folder cannot be written to, or the fonts lack a character of a name.
    """
    scenes: list[LectureScene] = []

    def make_scene(renderer: FilmRenderer) -> LectureScene:
        scenes.append(scene(setting, renderer=renderer))
        return scenes[-1]

    with film_config(film), _hidden_folder(output) as folder:
        total = measure_film(make_scene, film).frame_count
        unfinished = Clip.at(folder / output.name, total / film.frame_rate)
        record_film(
            make_scene,
            film,
            unfinished.video,
            on_frame=None if on_progress is None else lambda done: on_progress(done, total),
        )
        beats = scenes[-1].beats
        poster = next(beat for beat in beats if beat.name == scene.poster_beat)
        _save_picture(stills(make_scene, film, [poster.last_frame])[0], unfinished.poster)
        _write(unfinished.captions_vtt, captions(beats, film.frame_rate, "vtt"))
        _write(unfinished.captions_srt, captions(beats, film.frame_rate, "srt"))
        _write(unfinished.manifest, manifest(scene.name, setting, film, beats, source))
        clip = Clip.at(output, unfinished.seconds)
        for name in ("captions_vtt", "captions_srt", "poster", "manifest", "video"):
            os.replace(getattr(unfinished, name), getattr(clip, name))
    return clip


def default_output(scene: str, image: object) -> Path:
    """Return ``media/SCENE_PICTURE.mp4`` below the working directory."""
    name = Path(image).stem if isinstance(image, str | Path) else "picture"
    return Path("media") / f"{scene}_{name}.mp4"


def _scene_parameters(scene: type[LectureScene], given: Mapping[str, Any]) -> Any:
    """Return the scene's own parameters, unknown ones refused."""
    known = parameters_of(scene.Parameters)
    for name in given:
        if name not in known:
            raise UserError(
                f'the scene "{scene.name}" has no parameter "{name}": choose {", ".join(known)}'
            )
    return scene.Parameters(**given)


@contextmanager
def _hidden_folder(output: Path) -> Iterator[Path]:
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


def _save_picture(rgba: npt.NDArray[np.uint8], path: Path) -> None:
    Image.fromarray(np.ascontiguousarray(rgba[..., :3])).save(path, optimize=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
