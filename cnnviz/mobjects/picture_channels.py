"""What the picture's channels are called on screen, and in which colour."""

from __future__ import annotations

from cnnviz.locales import Words
from cnnviz.style.theme import Palette

NAMES = {1: ("grey",), 3: ("red", "green", "blue")}
"""By how many channels the picture has: there are no others."""


def picture_channel_names(count: int, words: Words) -> tuple[str, ...]:
    """Return the name of each of `count` channels, 1 or 3."""
    return tuple(words(f"common.{name}") for name in NAMES[count])


def picture_channel_colours(count: int, palette: Palette) -> tuple[str, ...]:
    """Return the colour of each name: its own for red, green and blue."""
    return palette.channels if count == len(palette.channels) else (palette.text,) * count
