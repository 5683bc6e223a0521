"""Texts whose length nobody knows beforehand, such as class names, cut to the room there is."""

from __future__ import annotations

from cnnviz.mobjects.text import line_width

ELLIPSIS = "…"


def shorten_text(text: str, font_size: float, max_width: float, weight: int = 400) -> str:
    """Return `text` as it is if it fits, else as much of its beginning as fits, and ``…``.

    Parameters
    ----------
    text
        One line.
    font_size, weight
        As it will be set.
    max_width
        In Manim units. At least one character stays, however narrow that is.
    """
    if line_width(text, font_size, weight) <= max_width:
        return text
    for end in range(len(text) - 1, 1, -1):
        cut = text[:end].rstrip() + ELLIPSIS
        if line_width(cut, font_size, weight) <= max_width:
            return cut
    return text[:1] + ELLIPSIS
