"""Frames of films: what the command ``still`` does."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnviz.api.renamed import takes_network
from cnnviz.cache.store import Cache
from cnnviz.locales import Language
from cnnviz.pipeline.options import RunOptions
from cnnviz.pipeline.request import RenderRequest
from cnnviz.pipeline.still import render_still as write_still
from cnnviz.rendering.settings import Quality
from cnnviz.style.names import Aspect, Captions, ThemeName

if TYPE_CHECKING:  # torch is imported where it is needed
    from cnnviz.network import Network


@takes_network
def render_still(
    scene: str,
    image: object = None,
    output: str | Path | None = None,
    *,
    at: float | None = None,
    beat: str | None = None,
    weights: Network | str | Path | None = None,
    crop: tuple[int, int, int, int] | None = None,
    background: tuple[int, int, int] = (255, 255, 255),
    quality: Quality = "h",
    fps: int | None = None,
    theme: ThemeName = "dark",
    aspect: Aspect = "16:9",
    language: Language = "en",
    pace: float = 1.0,
    resolution: tuple[int, int] | None = None,
    captions: Captions = "burn",
    captions_language: Language | None = None,
    transparent: bool = False,
    cache: bool = True,
    force: bool = False,
    **parameters: Any,
) -> Path:
    """Write one frame of a scene about a picture as PNG, without rendering the film.

    Parameters
    ----------
    scene, image, weights, crop, background, quality, fps, theme, aspect, language, pace
        As for :func:`render`: the frame is that of the film with the same arguments.
    resolution, captions, captions_language, transparent
        As for :func:`render`: the frame is that of the film with the same arguments.
    **parameters
        As for :func:`render`: the frame is that of the film with the same arguments.
    output
        The picture's name, ending in ``.png``; by default that of the film, with the time or
        the beat at its end.
    at
        Seconds from the start of the film.
    beat
        In place of `at`, the name of a beat: its last frame.
    cache
        Whether the network's look at the picture may come from the cache.
    force
        As for :func:`render`.

    Returns
    -------
    Path
        The picture.

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
        theme=theme,
        aspect=aspect,
        language=language,
        pace=pace,
        resolution=resolution,
        captions=captions,
        captions_language=captions_language,
        transparent=transparent,
        **parameters,
    )
    options = RunOptions(cache=Cache() if cache else None, force=force)
    return write_still(request, output, options, at=at, beat=beat)


def still(*arguments: Any, **keywords: Any) -> Path:
    """Do what :func:`render_still` does, under its name of before; gone after version 0.2."""
    warnings.warn("cnnviz.still is called cnnviz.render_still", DeprecationWarning, stacklevel=2)
    return render_still(*arguments, **keywords)
