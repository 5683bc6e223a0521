"""Which captions the film has, and what they and the descriptions are filled with."""

from __future__ import annotations

from typing import Any

from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import written_extent
from cnnviz.explain.sides import written_paddings, written_sides, written_steps
from cnnviz.locales import Words
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.staging.description import numbers_in_words

HALVED = 0.75
"""Share of the values that is dropped where height and width are halved."""


def window_caption(numbers: PoolingNumbers, place: Pixel) -> tuple[str, int]:
    """Return the key of the first window's caption, and the number it speaks of."""
    window = numbers.window(*place)
    if window.is_empty:
        return "window_empty", window.count
    if window.is_tie:
        return "window_tie", len(window.ties)
    return "window", window.count


def map_sizes(numbers: PoolingNumbers) -> dict[str, Any]:
    """Return the map's size before and after."""
    (rows, columns), (new_rows, new_columns) = numbers.values.shape, numbers.output_shape
    return {"rows": rows, "columns": columns, "new_rows": new_rows, "new_columns": new_columns}


def how_windows_lie(numbers: PoolingNumbers, words: Words) -> str:
    """Return how they lie, where they do not simply touch and cover everything."""
    window = numbers.geometry
    stride = written_steps(window.strides)
    padding = "_padding" if any(window.paddings) else ""
    pairs = list(zip(window.strides, window.kernel_sizes, strict=True))
    if any(step > size for step, size in pairs):
        return words(f"pool.gaps{padding}", stride=stride)
    if any(step < size for step, size in pairs):
        return words(f"pool.overlap{padding}", stride=stride)
    if padding:
        return words("pool.only_padding")
    if numbers.unreached_rows or numbers.unreached_columns:
        return words("pool.left_over")
    return ""


def ending(numbers: PoolingNumbers, share: Quantity) -> tuple[str, dict[str, Any]]:
    """Return the last caption's key and what fills it.

    Parameters
    ----------
    numbers
        The channel's numbers.
    share
        The share of values that is dropped.
    """
    if not share.value:
        return "kept", {}
    if numbers.geometry.cell_count == 1:
        return "skipped", {"share": share.shown}
    (rows, columns), (new_rows, new_columns) = numbers.values.shape, numbers.output_shape
    if (rows, columns) == (2 * new_rows, 2 * new_columns) and share.value == HALVED:
        return "halved", {}
    return "shrunk", {**map_sizes(numbers), "share": share.shown}


def map_extent(numbers: PoolingNumbers) -> dict[str, Any]:
    """Return the size of the map that goes in, and its values' least and largest."""
    rows, columns = numbers.values.shape
    return {"rows": rows, "columns": columns, **written_extent(numbers.values)}


def found_in(numbers: PoolingNumbers, place: Pixel, words: Words) -> dict[str, str]:
    """Return a window's values, of a large one their range, and the largest."""
    window = numbers.window(*place)
    cells = [(row, column) for row in window.rows for column in window.columns]
    inside = [numbers.value(cell) for cell in cells if not numbers.is_padding(cell)]
    values = numbers_in_words(words, "activation", inside)
    return {"values": values, "largest": numbers.result(place).shown}


def subtitle(numbers: PoolingNumbers, words: Words) -> str:
    """Return which channel of which layer it is."""
    layer, window = numbers.layer, numbers.geometry
    padding = written_paddings(window.paddings)
    return words(
        "pool.subtitle",
        layer=layer.name,
        channel=numbers.place.channel,
        last=len(numbers.layer_trace.output) - 1,
        size=written_sides(window.kernel_sizes),
        stride=written_steps(window.strides),
        padding=words("pool.padding", padding=padding) if any(window.paddings) else "",
    )
