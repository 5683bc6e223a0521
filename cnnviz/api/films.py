"""Films: what the command ``render`` does, for one picture or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnviz.api.renamed import takes_network
from cnnviz.cache.store import Cache
from cnnviz.locales import Language
from cnnviz.pipeline.batch import render_clips
from cnnviz.pipeline.clip import Clip, render_clip
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.request import RenderRequest
from cnnviz.publishing.format_names import Encoding, FormatName
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.settings import Quality
from cnnviz.style.names import Aspect, Captions, ThemeName
from cnnviz.system.progress import with_notebook_progress

if TYPE_CHECKING:  # torch is imported where it is needed
    from cnnviz.network import Network


@takes_network
@with_notebook_progress
def render(
    scene: str,
    image: object = None,
    output: str | Path | None = None,
    *,
    weights: Network | str | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
    quality: Quality = "h",
    fps: int | None = None,
    encode: Encoding = "default",
    format: FormatName | None = None,  # noqa: A002
    max_mb: float | None = None,
    resolution: tuple[int, int] | None = None,
    transparent: bool = False,
    theme: ThemeName = "dark",
    aspect: Aspect = "16:9",
    language: Language = "en",
    pace: float = 1.0,
    captions: Captions = "burn",
    captions_language: Language | None = None,
    beats: Sequence[str] | None = None,
    loop: bool = False,
    title: bool | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    cache: bool = True,
    jobs: int | None = None,
    profile: Profile | None = None,
    force: bool = False,
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
        The film's name, ending as its format does, such as ``.mp4``, or ``.frames`` for a
        folder of PNG files; by default
        ``media/SCENE_PICTURE.mp4``, with everything in it that was chosen, such as
        ``media/conv_cat_conv_1_2_ch3_zh.mp4``. The other files get the same name with another
        ending.
    weights
        As for :func:`trace`.
    crop, background
        As for :func:`trace`.
    quality
        Manim's letters: l 854x480 at 15 frames per second, m 1280x720 at 30, h 1920x1080,
        p 2560x1440 and k 3840x2160 at 60.
    fps
        Another frame rate.
    encode
        ``"small"`` takes longer and makes a smaller file, ``"av1"`` one smaller still.
    format
        What the film is written as, where `output` does not say it.
    max_mb
        What a GIF or WebP may take, in millions of bytes: size, motion and colours give way.
    resolution
        Width and height in pixels, in place of the quality's.
    transparent
        Whether nothing is behind what is drawn, in formats that carry transparency.
    theme
        The look.
    aspect
        Proportions of the frame: ``"9:16"`` for phones, ``"1:1"`` for feeds.
    language
        Of everything on screen: English, or Simplified Chinese, which needs the package
        ``noto-cjk-sans-otc``.
    pace
        How many times longer than usual everything takes, 0.1 to 10.
    captions
        ``"burn"`` draws them; with ``"none"`` the stage takes their room, and they are in the
        film's caption track and in the files beside it.
    captions_language
        Of captions, descriptions and transcript; by default `language`.
    beats
        Names of the beats that make the clip, in its order; by default all.
    loop
        Whether the last picture becomes the first again.
    title
        Whether the title is shown; by default in whole scenes, not where `beats` are chosen.
    on_progress
        Called with the frames that are done and the frames there are. Without it, a notebook
        shows a bar, and a script nothing.
    cache
        Whether what was made before is taken from the cache, and what is made is kept there.
    jobs
        How many processes draw; by default as many as fill this machine, one for two cores.
    profile
        Where to count the time of each stage; one process draws then.
    force
        Whether files in the way that cnnviz did not make are replaced. What is read is never
        written to, whatever its name.
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
    request = RenderRequest.of(
        scene,
        image,
        weights=weights,
        crop=crop,
        background=background,
        quality=quality,
        fps=fps,
        encode=encode,
        format=format,
        max_mb=max_mb,
        resolution=resolution,
        transparent=transparent,
        theme=theme,
        aspect=aspect,
        language=language,
        pace=pace,
        captions=captions,
        captions_language=captions_language,
        beats=beats,
        loop=loop,
        title=title,
        **parameters,
    )
    options = RunOptions(
        cache=Cache() if cache else None,
        jobs=jobs,
        on_progress=on_progress,
        profile=profile,
        force=force,
    )
    return render_clip(request, output, options)


@takes_network
@with_notebook_progress
def render_batch(
    scene: str,
    images: Sequence[object] | str | Path,
    folder: str | Path = "media",
    *,
    weights: Network | str | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
    on_progress: Callable[[int, int], None] | None = None,
    cache: bool = True,
    jobs: int | None = None,
    profile: Profile | None = None,
    force: bool = False,
    **look_and_parameters: Any,
) -> list[Clip]:
    """Render a scene about each of several pictures.

    The network is loaded once, and looks at the pictures while films are made. With one job the
    films are made one after the other in this process, with more they are made side by side.

    Parameters
    ----------
    scene, weights, crop, background, on_progress, cache, jobs, profile, force
        As for :func:`render`; progress and profile are those of all films together.
    images
        Each as for :func:`render`; a single path is one picture.
    folder
        Where the films go, named as :func:`render` does; pictures in memory are numbered.
    **look_and_parameters
        What else :func:`render` takes: quality, theme and so on, and the scene's parameters.

    Returns
    -------
    list of Clip
        One for each picture.

    Raises
    ------
    UserError
        If something given cannot be used, or two films would have the same name. If something is
        wrong with some of the pictures, the others have their films by then, and the error is
        a :class:`cnnviz.pipeline.batch.UnfinishedBatchError` with these as `clips`.
    """
    request = RenderRequest.of(
        scene, weights=weights, crop=crop, background=background, **look_and_parameters
    )
    options = RunOptions(
        cache=Cache() if cache else None,
        jobs=jobs,
        on_progress=on_progress,
        profile=profile,
        force=force,
    )
    pictures = [images] if isinstance(images, str | Path) else images
    return render_clips(request, pictures, folder, options)
