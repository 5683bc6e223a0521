"""How the pixel's own part of a map is shown where it is faint: more strongly, and said so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.locales import Words
from cnnviz.style.colour import ColourScale
from cnnviz.style.theme import Theme

FAINT = 0.1
"""A part whose largest value is a smaller share of the map's range is coloured more strongly."""

MOST_TIMES = 10_000
"""So many times more strongly at most."""

Values = npt.NDArray[np.floating]


def times_stronger(parts: Values, scale: ColourScale) -> int:
    """Return how many times stronger than on the map, 1, 10, 100 ..., `parts` are coloured."""
    largest, times = float(np.abs(parts).max(initial=0.0)), 1
    while 0.0 < largest * times < FAINT * scale.high and times < MOST_TIMES:
        times *= 10
    return times


def stronger_scale(scale: ColourScale, times: int, theme: Theme) -> ColourScale:
    """Return a map's scale, reached at so many times smaller values."""
    return scale if times == 1 else theme.signed_scale(scale.high / times)


def own_heading(words: Words, times: int) -> str:
    """Return what stands above the pixel's own part."""
    return words("journey.own_part" if times == 1 else "journey.own_part_stronger", times=times)
