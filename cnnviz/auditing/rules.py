"""The rules of a stage, each a function from what can be read to what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from cnnviz.auditing.stage import ShownText
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.style.colour import contrast_ratio
from cnnviz.style.theme import Theme

LEAST_CONTRAST = 4.5
"""Between text and what is behind it (WCAG 2, level AA)."""

SLACK = 0.01
"""Overlap in Manim units that nobody sees."""

FADED = 0.5
"""Below this opacity a text is coming or going, or means to step back."""

BUSY = 3
"""A text behind which there are more colours than this needs a plate."""

ELLIPSES = "…", "..."

Rule = Callable[[Sequence[ShownText], Theme], Iterable[str]]


def outside_the_safe_frame(texts: Sequence[ShownText], theme: Theme) -> Iterable[str]:
    """Find texts nearer to the frame's edge than the safe margin."""
    layout = theme.layout
    x = layout.frame_width / 2 - layout.safe_margin + SLACK
    y = layout.frame_height / 2 - layout.safe_margin + SLACK
    for text in texts:
        left, top, right, bottom = text.corners
        if left < -x or right > x or top > y or bottom < -y:
            yield f"{text.text!r} leaves the safe frame"


def overlapping(texts: Sequence[ShownText], theme: Theme) -> Iterable[str]:
    """Find texts on top of each other; one that flies past others may cross them."""
    readable = [text for text in texts if text.opacity >= FADED and not text.is_moving]
    if len(readable) < 2:
        return
    left, top, right, bottom = (
        np.array([text.corners[side] for text in readable]) for side in range(4)
    )
    crossing = (
        (left[:, None] + SLACK < right)
        & (left + SLACK < right[:, None])
        & (bottom[:, None] + SLACK < top)
        & (bottom + SLACK < top[:, None])
    )
    for one, other in np.argwhere(np.triu(crossing, 1)):
        yield f"{readable[one].text!r} overlaps {readable[other].text!r}"


def too_small(texts: Sequence[ShownText], theme: Theme) -> Iterable[str]:
    """Find texts that cannot be read from the back row."""
    for text in texts:
        if not text.is_moving and text.points < SMALLEST - 0.1:
            yield f"{text.text!r} is set in {text.points:.1f} points, below {SMALLEST:g}"


def cut(texts: Sequence[ShownText], theme: Theme) -> Iterable[str]:
    """Find texts of which a part is left out; dots by themselves mean that a row goes on."""
    for text in texts:
        is_cut = any(dots in text.text for dots in ELLIPSES)
        if is_cut and text.text.strip() not in ELLIPSES:
            yield f"{text.text!r} is cut"


def too_pale(texts: Sequence[ShownText], theme: Theme) -> Iterable[str]:
    """Find texts that do not stand out from what is behind them."""
    for text in texts:
        if text.is_moving or text.opacity < FADED:
            continue
        ground = min(text.grounds, key=lambda each: contrast_ratio(text.colour, each))
        contrast = contrast_ratio(text.colour, ground)
        if text.opacity > 0.9 and contrast < LEAST_CONTRAST:
            yield f"{text.text!r} is too pale on {ground}: {contrast:.1f} to 1"


def without_a_plate(texts: Sequence[ShownText], theme: Theme) -> Iterable[str]:
    """Find texts over a busy map, or across the edge of one, without a plate behind them."""
    for text in texts:
        if text.is_moving or text.opacity < FADED:
            continue
        if text.is_across_an_edge:
            yield f"{text.text!r} crosses the edge of a map"
        elif len(text.grounds) > BUSY:
            yield f"{text.text!r} lies on a busy map: it needs a plate"


def struck_through(texts: Sequence[ShownText], theme: Theme) -> Iterable[str]:
    """Find texts that a line runs through."""
    for text in texts:
        if text.is_struck_through and text.opacity >= FADED:
            yield f"a line runs through {text.text!r}"


RULES: tuple[Rule, ...] = (
    outside_the_safe_frame,
    overlapping,
    too_small,
    cut,
    too_pale,
    without_a_plate,
    struck_through,
)
"""All rules about where and how texts stand."""
