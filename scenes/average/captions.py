"""Which captions the film has, and what they and the descriptions are filled with."""

from __future__ import annotations

from typing import Any

from cnnviz.explain.places import Pixel
from cnnviz.explain.sides import written_steps
from cnnviz.locales import Words
from cnnviz.scenes.average.facts import MeanFacts
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.staging.description import numbers_in_words
from cnnviz.staging.pooling.captions import how_windows_lie, map_extent, map_sizes


def layer_facts(numbers: MeanNumbers, words: Words) -> dict[str, Any]:
    """Return how windows lie on the map, its size, and its values' least and largest."""
    apart = words(
        f"average.{how_windows_lie(numbers)}", stride=written_steps(numbers.geometry.strides)
    )
    if any(numbers.geometry.paddings):
        apart += words("average.padding" if numbers.counts_padding else "average.no_padding")
    return {"apart": apart, **map_extent(numbers)}


def caption_of(beat: str, numbers: MeanNumbers) -> str:
    """Return the key of a beat's caption: others are said of the mean of a whole map."""
    window = numbers.window((0, 0))
    is_whole = numbers.output.size == 1 and 1 < window.count == numbers.values.size
    return f"{beat}_whole" if is_whole else beat


def result_caption(numbers: MeanNumbers, facts: MeanFacts) -> str:
    """Return the key of the result's caption: windows that share all cells out keep the mean."""
    is_shared_out = how_windows_lie(numbers) == "apart" and not any(numbers.geometry.paddings)
    mean, new_mean = facts.mean
    keeps_mean = is_shared_out and mean.shown == new_mean.shown
    key = caption_of("result", numbers)
    return f"{key}_kept" if keeps_mean and key == "result" else key


def window_facts(numbers: MeanNumbers, pixel: Pixel, words: Words) -> dict[str, Any]:
    """Return a window's values, of a large one their range, and their mean."""
    window = numbers.window(pixel)
    cells = [(row, column) for row in window.rows for column in window.columns]
    inside = [numbers.value(cell) for cell in cells if not numbers.is_padding(cell)]
    return {
        "row": pixel[0],
        "column": pixel[1],
        "count": window.count,
        "values": numbers_in_words(words, "activation", inside),
        "mean": numbers.result(pixel).shown,
    }


def result_facts(numbers: MeanNumbers, facts: MeanFacts) -> dict[str, Any]:
    """Return how many maps there are, their sizes, and of both the largest value and the mean."""
    (most, new_most), (mean, new_mean) = facts.largest, facts.mean
    return {
        **map_sizes(numbers),
        "count": len(numbers.layer_trace.output),
        "most": most.shown,
        "new_most": new_most.shown,
        "mean": mean.shown,
        "new_mean": new_mean.shown,
    }
