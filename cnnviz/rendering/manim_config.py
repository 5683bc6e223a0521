"""Manim's global configuration, made ours for as long as a film is rendered."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from manim import ManimColor, config
from manim.constants import RendererType
from rich.logging import RichHandler

from cnnviz.rendering.settings import FilmSettings
from cnnviz.system.disk import working_in, writing
from cnnviz.system.scratch import scratch_folder

SCRATCH_NAME = "of-cnnviz"
"""The folder in a scratch folder that tells a block within another where it is."""


@contextmanager
def film_config(settings: FilmSettings) -> Iterator[None]:
    """Configure Manim for a film, whatever a ``manim.cfg`` on the way says.

    Manim prints nothing and writes its scratch files (Typst's, for example) to a temporary
    folder. Blocks may be nested; inner ones share the outer one's scratch files.

    Parameters
    ----------
    settings
        Size, frame rate and background.
    """
    scratch = Path(config["tex_dir"])
    if scratch.name == SCRATCH_NAME and scratch.parent.is_dir():
        with nullcontext() if _holds(settings) else _configured(_values(settings, scratch)):
            yield
        return
    with (
        _quiet_manim(),
        scratch_folder() as folder,
        _configured(_values(settings, _made(folder / SCRATCH_NAME))),
        working_in(folder),
    ):
        yield


@contextmanager
def _configured(values: Mapping[str, object]) -> Iterator[None]:
    """Set values of Manim's and set them back.

    As ``tempconfig`` does, but the renderer is left alone where it is the one that is wanted:
    each time that it is set, all of Manim's classes get their bases anew, which takes 8 ms.
    """
    before = config.copy()
    try:
        for key, value in values.items():
            if key != "renderer" or RendererType(value) != config.renderer:
                config[key] = value
        yield
    finally:
        if config.renderer != before.renderer:
            config.renderer = before.renderer
        config._d.update(before._d)


def _made(folder: Path) -> Path:
    with writing(folder):
        folder.mkdir()
    return folder


def _holds(settings: FilmSettings) -> bool:
    """Return whether Manim, which a block around has configured, is configured for this film."""
    size = config.pixel_width, config.pixel_height, config.frame_height
    background = config.background_color, config.background_opacity
    return (*size, config.frame_rate, *background) == (
        settings.pixel_width,
        settings.pixel_height,
        settings.frame_height,
        settings.frame_rate,
        ManimColor(_background(settings)),
        0.0 if settings.is_transparent else 1.0,
    )


def _background(settings: FilmSettings) -> str:
    """Return the colour behind everything: where that is nothing, Cairo needs zeros."""
    return "#000000" if settings.is_transparent else settings.background


@contextmanager
def _quiet_manim() -> Iterator[None]:
    """Take away the handler with which Manim prints everybody's log on stdout.

    The levels are set by :func:`_values` and restored here: ``tempconfig`` restores values,
    not what setting them did.
    """
    root, manim, libav = (logging.getLogger(name) for name in (None, "manim", "libav"))
    levels = manim.level, libav.level
    # Only what the root logger has now is given back: somebody may have taken it away before.
    ours = {handler for handler in manim.handlers if isinstance(handler, RichHandler)}
    handlers = [handler for handler in root.handlers if handler in ours]
    for handler in handlers:
        root.removeHandler(handler)
    try:
        yield
    finally:
        manim.setLevel(levels[0])
        libav.setLevel(levels[1])
        for handler in handlers:
            root.addHandler(handler)


def _values(settings: FilmSettings, scratch: Path) -> dict[str, object]:
    """Return every key that changes pixels, timing, output or files, or what is printed."""
    return {
        "renderer": "cairo",
        "pixel_width": settings.pixel_width,
        "pixel_height": settings.pixel_height,
        "frame_rate": settings.frame_rate,
        "frame_height": settings.frame_height,
        "frame_width": settings.frame_width,
        "background_color": _background(settings),
        "background_opacity": 0.0 if settings.is_transparent else 1.0,
        "seed": 1,
        "from_animation_number": 0,
        "upto_animation_number": -1,
        "dry_run": True,
        "format": "none",
        "write_all": False,
        "save_sections": False,
        "log_to_file": False,
        "preview": False,
        "live_preview": False,
        "enable_gui": False,
        "show_in_file_browser": False,
        "disable_caching": True,
        "input_file": "",
        "output_file": "",
        "media_dir": scratch,
        "tex_dir": scratch,
        "text_dir": scratch,
        "assets_dir": "./",
        "progress_bar": "none",
        "notify_outdated_version": False,
        "verbosity": "CRITICAL",
        "media_loglevel": "ERROR",
    }
