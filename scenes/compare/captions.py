"""Which captions the film has, and what they and the subtitle are filled with."""

from __future__ import annotations

from typing import Any

from cnnviz.explain.rounding import format_number, format_share
from cnnviz.explain.sides import written_sides
from cnnviz.locales import Words
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.pair_maps import PairMaps
from cnnviz.scenes.compare.worked import Worked


def subtitle(board: CompareBoard, words: Words) -> str:
    """Return which filter of which layer it is."""
    convolution = board.numbers[0].layer
    return words(
        "compare.subtitle",
        layer=board.place.layer,
        channel=board.place.channel,
        last=convolution.out_channels - 1,
        size=written_sides(convolution.window.kernel_sizes),
    )


def channel_facts(board: CompareBoard) -> dict[str, Any]:
    """Return which layer it is, and which of its channels."""
    return {"layer": board.place.layer, "channel": board.place.channel}


def filter_facts(board: CompareBoard) -> dict[str, Any]:
    """Return which filter it is, and how many channels, cells a side, and weights it has."""
    numbers = board.numbers[0]
    window = numbers.layer.window
    weights = numbers.source_count * window.cell_count + 1
    return {
        **channel_facts(board),
        "count": numbers.source_count,
        "size": written_sides(window.kernel_sizes),
        "weights": format_number(weights, 0),
    }


def sweep_caption(board: CompareBoard) -> str:
    """Return what is said of the window: it is the kernel's own, or all that lies before."""
    reads_picture = board.numbers[0].source == INPUT
    return "sweep_kernel" if reads_picture else "sweep_field"


def maps_caption(board: CompareBoard, pair: PairMaps) -> str:
    """Return what is said of both maps: whether there are values below zero."""
    if pair.levels is not None:
        return "maps_level"
    return "maps_signed" if board.scale.low < 0 else "maps_positive"


def map_facts(board: CompareBoard) -> dict[str, Any]:
    """Return how much of either map is above zero."""
    shares = [float((half.values > 0).mean()) for half in board.halves]
    first, second = map(format_share, shares)
    return {"first_share": first, "second_share": second}


def gap_caption(*, is_chosen: bool, is_equal: bool, is_tied: bool) -> str:
    """Return what is said of the place that is worked.

    Parameters
    ----------
    is_chosen
        Whether it is another one than what would be worked if nobody said which.
    is_equal
        Whether both maps are the same.
    is_tied
        Whether they differ as much at other places, or if they are the same, are as high there.
    """
    if is_chosen:
        return "gap_chosen"
    key = "gap_equal" if is_equal else "gap"
    return f"{key}_tied" if is_tied else key


def place_facts(board: CompareBoard) -> dict[str, Any]:
    """Return where the output lies that is worked."""
    return {"row": board.place.row, "column": board.place.column}


def worked_caption(board: CompareBoard, worked: Worked) -> str:
    """Return what is said of both sums: how much of them is written out."""
    if not worked.has_numbers:
        return "worked_colours"
    key = "worked" if board.sides.are_pictures else "worked_networks"
    one, two = board.numbers
    if not one.has_many_channels:
        return key
    return f"{key}_strongest_tied" if one.is_tied_with(two) else f"{key}_strongest"
