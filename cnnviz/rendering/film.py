"""What others call: measure a film, record it, or take stills from it.

Each takes ``make_scene``, a function that makes the scene with the renderer it is given::

    timing = record_film(lambda renderer: MyScene(renderer=renderer), settings, Path("my.mp4"))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cnnviz.errors import UserError
from cnnviz.rendering.encoder import Encoder
from cnnviz.rendering.joining import join
from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.sinks import NoFrames, SomeFrames
from cnnviz.rendering.timing import FilmTiming
from cnnviz.rendering.whole_file import whole_file

if TYPE_CHECKING:
    from manim import Scene

__all__ = ["film_config", "measure_film", "record_film", "still_of_film", "stills"]

MakeScene = Callable[[FilmRenderer], "Scene"]


def measure_film(make_scene: MakeScene, settings: FilmSettings) -> FilmTiming:
    """Return the exact length of a film and its sections, without drawing a frame.

    Parameters
    ----------
    make_scene
        Makes the scene.
    settings
        The frame rate counts.
    """
    with film_config(settings):
        renderer = FilmRenderer(NoFrames())
        make_scene(renderer).render()
        return renderer.timing


def record_film(
    make_scene: MakeScene,
    settings: FilmSettings,
    output: Path,
    on_frame: Callable[[int], None] | None = None,
    chapters: bool = True,
    profile: Profile | None = None,
) -> FilmTiming:
    """Render a scene to an MP4: H.264 High, yuv420p, BT.709, index first, constant frame rate.

    Parameters
    ----------
    make_scene
        Makes the scene.
    settings
        Size, frame rate, encoding and background.
    output
        The file to write. It appears under that name when it is whole, and not before.
    on_frame
        Called with the number of frames so far, after each picture.
    chapters
        Whether each section becomes a chapter.
    profile
        Where to count the time of each stage.

    Returns
    -------
    FilmTiming
        The sections as they are in the file.

    Raises
    ------
    UserError
        If the file cannot be written, or the scene plays nothing.
    EncodingError
        If the encoder process failed or died.
    """
    profile = Profile() if profile is None else profile
    with (
        profile.stage("build"),
        film_config(settings),
        whole_file(output) as unfinished,
        TemporaryDirectory(prefix="cnnviz-film-") as folder,
        Encoder(settings, Path(folder), profile) as encoder,
    ):
        renderer = FilmRenderer(encoder, on_frame, profile=profile)
        scene = make_scene(renderer)
        scene.render()
        segments = encoder.finish()
        if not segments:
            raise UserError(f"{scene} plays nothing, so there is no film to record")
        with profile.stage("join"):
            join(segments, unfinished, renderer.timing, chapters)
        return renderer.timing


def stills(
    make_scene: MakeScene, settings: FilmSettings, frames: Sequence[int]
) -> list[npt.NDArray[np.uint8]]:
    """Return single frames of a film, drawing no others.

    Parameters
    ----------
    make_scene
        Makes the scene.
    settings
        Size, frame rate and background.
    frames
        Their numbers, counted from 0.

    Returns
    -------
    list of ndarray
        For each number the frame, RGBA of shape (height, width, 4).

    Raises
    ------
    UserError
        If the film has no such frame.
    """
    sink = SomeFrames(frames)
    with film_config(settings):
        renderer = FilmRenderer(sink)
        make_scene(renderer).render()
    missing = [frame for frame in frames if frame not in sink.pictures]
    if missing:
        raise UserError(f"the film has {renderer.frame_count} frames, so none at {missing[0]}")
    return [sink.pictures[frame] for frame in frames]


def still_of_film(
    make_scene: MakeScene, settings: FilmSettings, seconds: float
) -> npt.NDArray[np.uint8]:
    """Return the frame that a film shows at a time.

    Parameters
    ----------
    make_scene
        Makes the scene.
    settings
        Size, frame rate and background.
    seconds
        Time from the start.

    Returns
    -------
    ndarray
        RGBA of shape (height, width, 4).

    Raises
    ------
    UserError
        If the film is not that long.
    """
    return stills(make_scene, settings, [int(seconds * settings.frame_rate + 1e-6)])[0]
