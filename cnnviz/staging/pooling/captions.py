"""What the films of pooling say of windows and maps."""

from __future__ import annotations

from typing import Any

from cnnviz.explain.rounding import written_extent
from cnnviz.explain.sides import written_paddings, written_sides, written_steps
from cnnviz.locales import Words
from cnnviz.staging.pooling.numbers import PooledNumbers


def map_sizes(numbers: PooledNumbers) -> dict[str, Any]:
    """Return the map's size before and after."""
    (rows, columns), (new_rows, new_columns) = numbers.shape, numbers.output_shape
    return {"rows": rows, "columns": columns, "new_rows": new_rows, "new_columns": new_columns}


def map_extent(numbers: PooledNumbers) -> dict[str, Any]:
    """Return the size of the map that goes in, and its values' least and largest."""
    rows, columns = numbers.shape
    return {"rows": rows, "columns": columns, **written_extent(numbers.values)}


def how_windows_lie(numbers: PooledNumbers) -> str:
    """Return ``"gaps"``, ``"overlap"``, ``"left_over"``, or ``"apart"`` where they simply touch.

    Where there is one window alone its stride means nothing.
    """
    window, counts = numbers.geometry, numbers.output_shape
    axes = zip(window.strides, window.kernel_sizes, counts, strict=True)
    pairs = [(step, size) for step, size, count in axes if count > 1]
    if any(step > size for step, size in pairs):
        return "gaps"
    if any(step < size for step, size in pairs):
        return "overlap"
    has_rest = numbers.unreached_rows or numbers.unreached_columns
    return "left_over" if has_rest and not any(window.paddings) else "apart"


def subtitle(numbers: PooledNumbers, words: Words) -> str:
    """Return which channel of which layer it is, and what its windows are."""
    layer, window = numbers.layer, numbers.geometry
    padding = written_paddings(window.paddings)
    return words(
        "common.pooling_subtitle",
        layer=layer.name,
        channel=numbers.place.channel,
        last=len(numbers.layer_trace.output) - 1,
        size=written_sides(window.kernel_sizes),
        stride=written_steps(window.strides),
        padding=words("common.pooling_padding", padding=padding) if any(window.paddings) else "",
    )
