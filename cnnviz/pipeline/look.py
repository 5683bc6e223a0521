"""How a film looks, how fast it is told, and what it is encoded to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnnviz.errors import UserError
from cnnviz.locales import check_language
from cnnviz.publishing.formats import codec_for, format_named
from cnnviz.publishing.formats.base import MEGABYTE, OutputFormat
from cnnviz.rendering.settings import (
    QUALITIES,
    FilmSettings,
    Quality,
    Resolution,
    size_of_quality,
)
from cnnviz.style.layout import Layout
from cnnviz.style.names import ASPECTS, CAPTIONS, THEMES, Captions
from cnnviz.style.theme import Theme, theme_of
from cnnviz.style.typography import require_font_of

SLOWEST, FASTEST = 10.0, 0.1
"""Limits of the pace: beyond them a film could not be watched."""

SAME = 0.01
"""Proportions that differ by less than this share are the same: sizes are whole and even."""


@dataclass(frozen=True)
class Look:
    """How a film looks, how fast it is told, and what it is encoded to.

    Attributes
    ----------
    theme, aspect
        One of :data:`cnnviz.style.names.THEMES`; ``"16:9"``, ``"9:16"`` or ``"1:1"``.
    language
        Of all words on screen: ``"en"`` or ``"zh"``.
    pace
        How many times longer than usual everything takes, 0.1 to 10.
    quality
        Manim's letters: l, m, h, p, k.
    fps
        Frames per second; by default the quality's, and less in formats that take much room.
    encode
        ``"default"``, ``"small"`` for a smaller file, or ``"av1"`` for the smallest.
    format
        Name of what it is written as: see :mod:`cnnviz.publishing.formats`. By default MP4, and
        QuickTime where it is transparent.
    transparent
        Whether there is nothing behind it, in place of the theme's background.
    resolution
        Width and height in pixels, in place of the quality's.
    max_mb
        What the file may take, in millions of bytes, in formats that can be made smaller.
    captions
        ``"burn"`` draws them; with ``"none"`` the stage takes their room.
    captions_language
        Of captions, descriptions and transcript; by default `language`.

    Raises
    ------
    UserError
        If something is not among what is allowed, or the language's font is missing.
    """

    theme: str = "dark"
    aspect: str = "16:9"
    language: str = "en"
    pace: float = 1.0
    quality: Quality = "h"
    fps: int | None = None
    encode: str = "default"
    format: str | None = None
    transparent: bool = False
    resolution: Resolution | None = None
    max_mb: float | None = None
    captions: Captions = "burn"
    captions_language: str | None = None

    def __post_init__(self) -> None:
        for language in {self.language, self.language_of_captions}:
            check_language(language)
            require_font_of(language)
        if not FASTEST <= self.pace <= SLOWEST:
            raise UserError(
                f"the pace is {self.pace:g}: give a number from {FASTEST:g} to {SLOWEST:g}"
            )
        if self.captions not in CAPTIONS:
            raise UserError(f'captions are not "{self.captions}": choose {", ".join(CAPTIONS)}')
        if self.max_mb is not None and not self.max_mb > 0:
            raise UserError(f"a file takes more than {self.max_mb:g} MB: give a larger --max-mb")
        if self.format is not None and self.max_mb is not None and not self.output_format.has_limit:
            raise UserError(
                f"{self.output_format.title} is not made to a size: leave out --max-mb, or try "
                "--encode small"
            )
        self.make_settings()

    @property
    def output_format(self) -> OutputFormat:
        """What it is written as."""
        return format_named(self.format or ("mov" if self.transparent else "mp4"))

    @property
    def language_of_captions(self) -> str:
        """The language of captions, descriptions and transcript."""
        return self.captions_language or self.language

    @property
    def max_bytes(self) -> int | None:
        """What the file may take."""
        return None if self.max_mb is None else int(self.max_mb * MEGABYTE)

    def make_theme(self) -> Theme:
        """Return the theme, laid out for the aspect and for captions or none."""
        theme = theme_of(self.theme, self.aspect)
        if self.captions == "burn":
            return theme
        return replace(theme, layout=theme.layout.without_captions())

    def make_settings(self) -> FilmSettings:
        """Return the film's size, frame rate, encoding and background."""
        theme = self.make_theme()
        width, height = self._size(theme.layout)
        return FilmSettings(
            width,
            height,
            self._frame_rate(),
            codec_for(self.output_format, self.encode, is_transparent=self.transparent),
            theme.palette.background,
            _frame_height(theme.layout, width / height),
            self.transparent,
        )

    def _frame_rate(self) -> int:
        if self.fps is not None:
            return self.fps
        rate, most = QUALITIES[self.quality][2], self.output_format.usual_frame_rate
        return rate if most is None else min(rate, most)

    def _size(self, layout: Layout) -> Resolution:
        """Return width and height in pixels."""
        if self.resolution is not None:
            _check_proportions(self.resolution, layout)
            return self.resolution
        width, height = size_of_quality(self.quality, layout.aspect)
        most = self.output_format.usual_side
        shrunk = 1.0 if most is None else min(1.0, most / max(width, height))
        return (width, height) if shrunk == 1 else (_even(width * shrunk), _even(height * shrunk))


def _even(length: float) -> int:
    return 2 * round(length / 2)


def _frame_height(layout: Layout, proportions: float) -> float:
    """Return the height in Manim units of the frame into which a layout fits, centred."""
    if proportions >= (1 - SAME) * layout.frame_width / layout.frame_height:
        return layout.frame_height
    return layout.frame_width / proportions


def _check_proportions(resolution: Resolution, layout: Layout) -> None:
    """Raise a UserError if the layout for another aspect fits a size better."""
    width, height = resolution
    if min(resolution) < 1:
        return  # refused by the settings

    def filled(aspect: str) -> float:
        other = theme_of(THEMES[0], aspect).layout
        share = (width / height) / (other.frame_width / other.frame_height)
        return min(share, 1 / share)

    best = max(ASPECTS, key=filled)
    if filled(best) > filled(layout.aspect) + SAME:
        raise UserError(
            f"{width},{height} is nearer to {best} than to {layout.aspect}: add --aspect {best}"
        )
