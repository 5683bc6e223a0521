"""A telescope that is bent into two rows: the small end above, the large one below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.style.geometry import Zone

BISECTIONS = 30
"""Of the largest size that fits: more change nothing that is seen."""

WORTH = 1.3
"""A fold is worth its turn if boxes are at least so many times larger than in one row."""


@dataclass(frozen=True)
class Fold:
    """Boxes in two rows: the upper one goes to the right, turns, the lower one comes back.

    Attributes
    ----------
    unit
        Length of a unit of the given sizes, in Manim units.
    boxes
        In the order of the sizes.
    upper
        So many of them stand in the upper row.
    """

    unit: float
    boxes: tuple[Zone, ...]
    upper: int


@dataclass(frozen=True)
class Spacing:
    """What the boxes of a fold keep free, all in Manim units.

    Attributes
    ----------
    gap
        Between two boxes.
    least
        Width of the room of a box that is narrower.
    line
        Above the upper row and below the lower one.
    ahead
        Before the first box.
    """

    gap: float
    least: float
    line: float
    ahead: float = 0.0


def best_fold(sizes: Sequence[tuple[float, float]], zone: Zone, spacing: Spacing) -> Fold | None:
    """Return the fold with the largest boxes, in the middle of a zone; None of a single box.

    Parameters
    ----------
    sizes
        (width, height) of each box, in a unit that is to be found; they grow from first to last.
    zone
        The room.
    spacing
        What is kept free.
    """
    folds = [_largest(sizes, upper, zone, spacing) for upper in range(1, len(sizes))]
    return max(folds, key=lambda fold: fold.unit, default=None)


def _largest(
    sizes: Sequence[tuple[float, float]], upper: int, zone: Zone, spacing: Spacing
) -> Fold:
    low, high = 0.0, zone.height / max(height for _, height in sizes)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        around = _around(_boxes(sizes, upper, middle, spacing), spacing)
        fits = around.width <= zone.width and around.height <= zone.height
        low, high = (middle, high) if fits else (low, middle)
    boxes = _boxes(sizes, upper, low, spacing)
    around = _around(boxes, spacing)
    x, y = zone.x - around.x, zone.y - around.y
    return Fold(low, tuple(box.moved(x, y) for box in boxes), upper)


def _boxes(
    sizes: Sequence[tuple[float, float]], upper: int, unit: float, spacing: Spacing
) -> list[Zone]:
    """Return the boxes about a turn at x = 0, with the lower row's middle at y = 0."""
    scaled = [(width * unit, height * unit) for width, height in sizes]
    above = _row(scaled[:upper][::-1], spacing)
    below = _row(scaled[upper:], spacing)
    start = above[-1].left - spacing.ahead
    under = max(box.top for box in below if box.right > start)
    lift = under + spacing.gap + max(box.top for box in above)
    return [*(box.moved(0.0, lift) for box in above[::-1]), *below]


def _row(sizes: Sequence[tuple[float, float]], spacing: Spacing) -> list[Zone]:
    """Return boxes from right to left, the first with its middle at x = 0, all about y = 0."""
    boxes: list[Zone] = []
    x = max(sizes[0][0], spacing.least) / 2
    for width, height in sizes:
        room = max(width, spacing.least)
        boxes.append(Zone.centred_at(x - room / 2, 0.0, width, height))
        x -= room + spacing.gap
    return boxes


def _around(boxes: Sequence[Zone], spacing: Spacing) -> Zone:
    """Return what all boxes take with all that is kept free about them."""
    half = spacing.least / 2
    left = min(boxes[0].left - spacing.ahead, *(min(box.left, box.x - half) for box in boxes))
    right = max(max(box.right, box.x + half) for box in boxes)
    top = max(box.top for box in boxes) + spacing.line
    return Zone(left, top, right, min(box.bottom for box in boxes) - spacing.line)
