"""Lecture films of a convolutional network looking at your photo.

These calls do what the command line does::

    network = cnnviz.load_network()
    trace = cnnviz.trace("cat.png", network)
    clip = cnnviz.render("conv", image="cat.png", output="conv.mp4", layer="conv_1_2")
    clips = cnnviz.render_batch("conv", ["cat.png", "dog.png"], "films")
    picture = cnnviz.still("conv", image="cat.png", at=12.5, output="frame.png")

They import torch and Manim when called, so that ``import cnnviz`` costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from cnnviz.clip import Clip
    from cnnviz.network import Network
    from cnnviz.rendering.profile import Profile
    from cnnviz.traces import Trace

__all__ = ["load_network", "render", "render_batch", "still", "trace"]


def load_network(path: str | Path | None = None) -> Network:
    """Load a network from its weights file; without a path, the bundled Tiny VGG.

    Raises
    ------
    UserError
        If the file is not one; the message names the file and the reason.
    """
    from cnnviz.network import load_network as load

    return load(path)


def trace(
    image: object,
    network: Network,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
) -> Trace:
    """Let a network look at a picture and return everything it computes.

    Parameters
    ----------
    image
        A path, a Pillow image, or an array: (height, width), (height, width, 3 or 4), uint8
        or floats in 0..1.
    network
        What :func:`load_network` returns.
    crop
        (x, y, width, height) in pixels of the upright picture; by default the largest
        part in the middle that has the network's proportions.
    background
        (red, green, blue), 0 to 255, behind a picture with transparency.

    Raises
    ------
    UserError
        If the picture cannot be read or the crop does not lie inside it.
    """
    from cnnviz.network import trace as run

    return run(image, network, crop, background)


def render(
    scene: str,
    image: object = None,
    output: str | Path | None = None,
    *,
    network: Network | str | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
    quality: Literal["l", "m", "h", "p", "k"] = "h",
    fps: int | None = None,
    encode: Literal["default", "small"] = "default",
    theme: Literal["dark", "light"] = "dark",
    aspect: Literal["16:9", "9:16", "1:1"] = "16:9",
    language: Literal["en", "zh"] = "en",
    pace: float = 1.0,
    on_progress: Callable[[int, int], None] | None = None,
    cache: bool = True,
    jobs: int | None = 1,
    profile: Profile | None = None,
    **parameters: Any,
) -> Clip:
    """Render a scene about a picture: the film, its captions, a poster and a manifest.

    Parameters
    ----------
    scene
        Such as ``"conv"``; ``cnnviz scenes`` lists them.
    image
        As for :func:`trace`; by default the bundled photo of a cat.
    output
        The film's name, ending in ``.mp4``; by default ``media/SCENE_PICTURE.mp4``. The
        other files get the same name with another ending.
    network
        What :func:`load_network` returns, or the path of a weights file.
    crop, background
        As for :func:`trace`.
    quality
        Manim's letters: l 854x480 at 15 frames per second, m 1280x720 at 30, h 1920x1080,
        p 2560x1440 and k 3840x2160 at 60.
    fps
        Another frame rate.
    encode
        ``"small"`` takes longer and makes a smaller file.
    theme
        The look.
    aspect
        Proportions of the frame: ``"9:16"`` for phones, ``"1:1"`` for feeds.
    language
        Of everything on screen: English, or Simplified Chinese, which needs the package
        ``noto-cjk-sans-otc``.
    pace
        How many times longer than usual everything takes.
    on_progress
        Called with the frames that are done and the frames there are.
    cache
        Whether what was made before is taken from the cache, and what is made is kept there.
    jobs
        How many processes draw; None for as many as fill this machine. With more than one,
        a script must guard its calls by ``if __name__ == "__main__":``, as always with
        :mod:`multiprocessing`.
    profile
        Where to count the time of each stage; with one job only.
    **parameters
        The scene's own, such as ``layer="conv_1_2"``, ``channel=3``, ``pixel=(20, 31)``.

    Returns
    -------
    Clip
        The paths of all files, and the film's length.

    Raises
    ------
    UserError
        If something given cannot be used; the message says what to do.
    """
    from cnnviz.cache.store import Cache
    from cnnviz.photos import bundled_photo
    from cnnviz.plans import FilmPlan, render_clip

    plan = FilmPlan.of(
        scene,
        quality=quality,
        fps=fps,
        encode=encode,
        theme=theme,
        aspect=aspect,
        language=language,
        pace=pace,
        **parameters,
    )
    return render_clip(
        plan,
        bundled_photo() if image is None else image,
        output,
        network=network,
        crop=crop,
        background=background,
        on_progress=on_progress,
        cache=Cache() if cache else None,
        jobs=jobs,
        profile=profile,
    )


def render_batch(
    scene: str,
    images: Sequence[object],
    folder: str | Path = "media",
    *,
    network: Network | str | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
    on_progress: Callable[[int, int], None] | None = None,
    cache: bool = True,
    jobs: int | None = 1,
    profile: Profile | None = None,
    **look_and_parameters: Any,
) -> list[Clip]:
    """Render a scene about each of several pictures.

    The network is loaded once, and looks at all pictures before the first film is begun: one
    that cannot be used is found at once. With one job the films are made one after the other
    in this process, with more they are made side by side.

    Parameters
    ----------
    scene, network, crop, background, on_progress, cache, jobs, profile
        As for :func:`render`; progress and profile are those of all films together.
    images
        Each as for :func:`render`.
    folder
        Where the films go, each named ``SCENE_PICTURE.mp4``; pictures in memory are numbered.
    **look_and_parameters
        What else :func:`render` takes: quality, theme and so on, and the scene's parameters.

    Returns
    -------
    list of Clip
        One for each picture.

    Raises
    ------
    UserError
        If something given cannot be used, or two films would have the same name.
    """
    from cnnviz.cache.store import Cache
    from cnnviz.plans import FilmPlan, render_clips

    return render_clips(
        FilmPlan.of(scene, **look_and_parameters),
        images,
        folder,
        network=network,
        crop=crop,
        background=background,
        on_progress=on_progress,
        cache=Cache() if cache else None,
        jobs=jobs,
        profile=profile,
    )


def still(
    scene: str,
    image: object = None,
    output: str | Path | None = None,
    *,
    at: float | None = None,
    beat: str | None = None,
    network: Network | str | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
    quality: Literal["l", "m", "h", "p", "k"] = "h",
    fps: int | None = None,
    theme: Literal["dark", "light"] = "dark",
    aspect: Literal["16:9", "9:16", "1:1"] = "16:9",
    language: Literal["en", "zh"] = "en",
    pace: float = 1.0,
    cache: bool = True,
    **parameters: Any,
) -> Path:
    """Write one frame of a scene about a picture as PNG, without rendering the film.

    Parameters
    ----------
    scene, image, network, crop, background, quality, fps, theme, aspect, language, pace
        As for :func:`render`: the frame is that of the film with the same arguments.
    **parameters
        As for :func:`render`: the frame is that of the film with the same arguments.
    output
        The picture's name, ending in ``.png``; by default ``media/SCENE_PICTURE_TIME.png``.
    at
        Seconds from the start of the film.
    beat
        In place of `at`, the name of a beat: its last frame.
    cache
        Whether the network's look at the picture may come from the cache.

    Returns
    -------
    Path
        The picture.

    Raises
    ------
    UserError
        If something given cannot be used; the message says what to do.
    """
    from cnnviz.cache.store import Cache
    from cnnviz.photos import bundled_photo
    from cnnviz.plans import FilmPlan
    from cnnviz.stills import render_still

    plan = FilmPlan.of(
        scene,
        quality=quality,
        fps=fps,
        theme=theme,
        aspect=aspect,
        language=language,
        pace=pace,
        **parameters,
    )
    return render_still(
        plan,
        bundled_photo() if image is None else image,
        output,
        at=at,
        beat=beat,
        network=network,
        crop=crop,
        background=background,
        cache=Cache() if cache else None,
    )
