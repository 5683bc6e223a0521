"""The arithmetic of a cell's index, as it is written."""

from __future__ import annotations

import numpy as np

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.network import trace
from cnnviz.scenes.flatten.index import index_row
from cnnviz.scenes.flatten.shown import Cell, FlattenNumbers
from cnnviz.style.theme import dark_theme
from tests.conftest import fixed_network
from tests.scenes.stage import words_of


def test_counts_are_written_like_the_numbers_above_them() -> None:
    layers = (Conv2d("conv", 1, 1300, 1), Flatten("flatten"), Linear("output", 1300 * 4, 2))
    seen = trace(np.ones((2, 2), np.float32), fixed_network(layers, ("a", "b"), (1, 2, 2)))
    theme = dark_theme()
    numbers = FlattenNumbers(seen, Cell(1213, 1, 0))
    row = index_row(numbers, theme, words_of("flatten"), theme.layout.stage)
    assert [each.text for each in row.numbers] == ["4,852", "2", "0", "4,854"]
    assert [each[0].text for each in row.details[:3]] == ["1,213 × 2 × 2", "1 × 2", "0"]
    assert row.details[3][1].text == "of (1,213; 1; 0)"  # with commas between it reads as four


def test_what_is_added_is_named_before_it_is_counted() -> None:
    """Nothing stood below the vector for two seconds."""
    layers = (Conv2d("conv", 1, 2, 1), Flatten("flatten"), Linear("output", 8, 2))
    seen = trace(np.ones((2, 2), np.float32), fixed_network(layers, ("a", "b"), (1, 2, 2)))
    theme = dark_theme()
    numbers = FlattenNumbers(seen, Cell(1, 1, 0))
    row = index_row(numbers, theme, words_of("flatten"), theme.layout.stage)
    named = [each.text for each in row.outline]
    assert named[3:] == ["in whole maps", "in whole rows", "in its row", "index", "of (1; 1; 0)"]
    fillings = [each for column in range(4) for each in row.filling(column)]
    assert {id(each) for each in (*row.outline, *fillings)} == {id(each) for each in row}
    assert len(row.outline) + len(fillings) == len(row)
