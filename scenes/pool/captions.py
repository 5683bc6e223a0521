"""Which captions the film has, and what they and the descriptions are filled with."""

from __future__ import annotations

from typing import Any

from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.sides import written_steps
from cnnviz.locales import Words
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.staging.description import numbers_in_words
from cnnviz.staging.pooling.captions import how_windows_lie, map_sizes

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


def said_of_windows(numbers: PoolingNumbers, words: Words) -> str:
    """Return how they lie, where they do not simply touch and cover everything."""
    lie, stride = how_windows_lie(numbers), written_steps(numbers.geometry.strides)
    if not any(numbers.geometry.paddings):
        return words(f"pool.{lie}", stride=stride)
    if lie == "apart":
        return words("pool.only_padding")
    return words(f"pool.{lie}_padding", stride=stride)


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


def found_in(numbers: PoolingNumbers, place: Pixel, words: Words) -> dict[str, str]:
    """Return a window's values, of a large one their range, and the largest."""
    window = numbers.window(*place)
    cells = [(row, column) for row in window.rows for column in window.columns]
    inside = [numbers.value(cell) for cell in cells if not numbers.is_padding(cell)]
    values = numbers_in_words(words, "activation", inside)
    return {"values": values, "largest": numbers.result(place).shown}
