"""Which captions the film has, and what they and the subtitle are filled with."""

from __future__ import annotations

from math import isinf
from typing import Any

from cnnviz.explain.places import Pixel
from cnnviz.explain.relu import Clipping, ExamplePixels
from cnnviz.explain.rounding import written_extent
from cnnviz.layers import Layer, LeakyReLU, ReLU6
from cnnviz.scenes.relu.board import ReluBoard
from cnnviz.scenes.relu.row_curve import RowCurve

LEAKY, CEILING = "_leaky", "_six"
"""How captions are called that only the film of a leaky ReLU has, or only that of a ReLU6."""


def map_facts(board: ReluBoard) -> dict[str, Any]:
    """Return which map goes in, and its values."""
    rows, columns = board.values.shape
    facts = {"layer": board.layer, "source": board.source_name, "channel": board.channel}
    return {**facts, "rows": rows, "columns": columns, **written_extent(board.values)}


def value_facts(board: ReluBoard, pixel: Pixel) -> dict[str, Any]:
    """Return where a value lies, and what it is before and after."""
    before, after = (each.shown for each in board.quantities(pixel))
    facts = {"row": pixel[0], "column": pixel[1], "before": before, "after": after}
    return {**facts, "slope": board.slope}


def count_facts(clipping: Clipping) -> dict[str, Any]:
    """Return how many values there are, and of how many nothing, or no more than 6, is left."""
    return {"clipped": clipping.below, "over": clipping.above, "count": clipping.count}


def subtitle(board: ReluBoard, channels: int) -> str:
    """Return which of the layer's channels it is."""
    rows, columns = board.values.shape
    return board.words(
        "relu.subtitle",
        layer=board.layer,
        channel=board.channel,
        last=channels - 1,
        rows=rows,
        columns=columns,
    )


def signs_of(clipping: Clipping, examples: ExamplePixels) -> str:
    """Return which sign a map's values lack, as captions are called for it."""
    if clipping.below == 0:
        return "_none"
    return "" if examples.positive or examples.above else "_all"


def title_of(layer: Layer) -> str:
    """Return which word of ours the layer is called by."""
    if isinstance(layer, LeakyReLU):
        return "title_learned" if isinstance(layer.negative_slope, tuple) else "title_leaky"
    return "title_six" if isinstance(layer, ReLU6) else "title"


def kind_of(board: ReluBoard) -> str:
    """Return how captions are called that tell of a ceiling, or of a slope below zero."""
    if board.bend.is_leaky:
        return LEAKY
    return "" if isinf(board.bend.ceiling) else CEILING


def row_caption(curve: RowCurve, kind: str) -> str:
    """Return what is said of a row: what of it is clipped, or scaled."""
    if kind == LEAKY:
        return "row_leaky" if curve.has_negative else "row_leaky_none"
    if curve.has_above:
        return "row_both" if curve.has_negative else "row_above"
    return "row" if curve.has_negative else "row_none"


def wave_caption(clipping: Clipping, kind: str) -> str:
    """Return what is said of the wave: where values pile up, or go."""
    if kind == CEILING:
        return f"wave{CEILING}{_which_are_clipped(clipping)}"
    return f"wave{kind}" if clipping.below else "wave_none"


def count_caption(clipping: Clipping, signs: str, kind: str) -> str:
    """Return what is said in the end: how much was clipped, or scaled."""
    if kind == LEAKY:
        return "count_leaky" if clipping.below else "count_leaky_none"
    if signs == "_all" or not (clipping.below or clipping.above):
        return f"count{signs}"
    return f"count{CEILING}{_which_are_clipped(clipping)}" if kind == CEILING else "count"


def _which_are_clipped(clipping: Clipping) -> str:
    """Return which ends of ReLU6 a map's values reach, as captions are called for it."""
    if clipping.above:
        return "_both" if clipping.below else "_above"
    return "_below" if clipping.below else "_none"
