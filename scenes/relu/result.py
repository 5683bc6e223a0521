"""The end of the film: which share of the values was clipped, or scaled, beside the histogram."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from manim import Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.expression import Expression
from cnnviz.mobjects.text import Number, TextBlock
from cnnviz.scenes.relu.board import GAP, ReluBoard
from cnnviz.style.geometry import point

if TYPE_CHECKING:
    from manim.typing import Point3D

RESULT_HEIGHT = 0.62
"""How far up the empty half of the histogram the result stands, as a share of its height."""

TWO_HEIGHTS = 0.86, 0.44
"""And where two results stand."""


def share_of(board: ReluBoard, clipped: int) -> Quantity:
    """Return a number of clipped values as a share: 0 % and 100 % only where that is exact."""
    share = clipped / board.clipping.count
    return Quantity.of_share(share, layer=board.layer, channel=board.channel)


def make_result(board: ReluBoard) -> list[list[Mobject]]:
    """Return how many values were clipped, for the half of the histogram that they left.

    In the order in which it is told: those below zero, then those above a ceiling. Where those
    below zero were scaled, it stands above the histogram.
    """
    palette, clipping, graph = board.theme.palette, board.clipping, board.graph
    if board.bend.is_leaky:
        note, width = board.words("relu.leaky_note", slope=board.slope), graph.zone.width
        return _count(board, clipping.below, note, palette.accent, graph.above_bars, width)
    below = clipping.below, board.words("relu.clipped_note"), palette.accent
    width = graph.zone.width / 2 - GAP
    if math.isinf(board.bend.ceiling):
        return _count(board, *below, _left_half(board, RESULT_HEIGHT), width)
    above = clipping.above, board.words("relu.above_note"), palette.text
    first, second = (_left_half(board, height) for height in TWO_HEIGHTS)
    return [*_count(board, *below, first, width), *_count(board, *above, second, width)]


def _left_half(board: ReluBoard, height: float) -> Point3D:
    """Return the middle of the histogram's left half, at a share of its height."""
    zone, axis = board.graph.zone, board.graph.bars_axes.point(0.0, 0.0)
    x = (zone.left + axis[0]) / 2 - GAP / 2
    return point(x, axis[1] + height * (zone.top - axis[1]))


def _count(
    board: ReluBoard, clipped: int, text: str, colour: str, centre: Point3D, width: float
) -> list[list[Mobject]]:
    """Return a share, the numbers it is made of, and what they are, in this order."""
    sizes, palette = board.theme.sizes, board.theme.palette
    percent = Number(share_of(board, clipped), sizes.title, colour, 600).move_to(centre)
    counts = (
        Quantity.of("count", number, 0, layer=board.layer, channel=board.channel)
        for number in (clipped, board.clipping.count)
    )
    counted = Expression(
        [next(counts), board.words("relu.of"), next(counts)],
        sizes.body,
        percent.get_center() - point(0.0, 0.55),
        width,
        board.theme,
        has_result=False,
    )
    note = TextBlock(text, sizes.label, palette.text_muted, width)
    note.move_to(percent.get_center() - point(0.0, 1.0 + note.height / 4))
    return [[percent], [counted], [*note]]
