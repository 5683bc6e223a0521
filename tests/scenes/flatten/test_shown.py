from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.explain.flattening import flatten_layer
from cnnviz.layers import Flatten, Linear, ReLU
from cnnviz.model.trace import Trace
from cnnviz.scenes.flatten.shown import (
    MOST_CLASSES,
    Cell,
    FlattenNumbers,
    choose_cell,
    significant_decimals,
)


@given(data=st.data())
def test_sums_are_all_there_is(any_network, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    numbers = FlattenNumbers(trace, choose_cell(trace, 0, None, None))
    features = len(flatten_layer(trace).output)
    for index in range(len(trace.logits)):
        score = numbers.score(index)
        total = score.positive.value + score.negative.value + score.bias.value
        assert total == pytest.approx(float(trace.logits[index]), rel=1e-4, abs=1e-4)
        assert score.positive.value >= 0 >= score.negative.value
        assert score.positive_count + score.negative_count <= features
        product = numbers.product(index)
        assert product.contribution.value == pytest.approx(
            product.value.value * product.weight.value
        )


@given(data=st.data())
def test_the_chosen_cell_adds_most(any_network, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    shape = flatten_layer(trace).input.shape
    class_index = data.draw(st.integers(0, len(trace.logits) - 1))
    channel = data.draw(st.none() | st.integers(0, shape[0] - 1))
    pixel = data.draw(
        st.none() | st.tuples(st.integers(0, shape[1] - 1), st.integers(0, shape[2] - 1))
    )
    cell = choose_cell(trace, class_index, channel, pixel)
    numbers = FlattenNumbers(trace, cell)
    sizes = np.abs(numbers.contributions[class_index]).reshape(shape)
    allowed = [
        sizes[c, r, k]
        for c in range(shape[0])
        for r in range(shape[1])
        for k in range(shape[2])
        if channel in (None, c) and pixel in (None, (r, k))
    ]
    assert sizes[cell.channel, cell.row, cell.column] == max(allowed)
    assert channel in (None, cell.channel)
    assert pixel in (None, (cell.row, cell.column))


def test_cells_that_do_not_exist(tiny_vgg: Trace) -> None:
    with pytest.raises(UserError, match="no channel 10: choose 0 to 9"):
        choose_cell(tiny_vgg, 0, 10, None)
    with pytest.raises(UserError, match="no pixel 13,0: choose row 0 to 12"):
        choose_cell(tiny_vgg, 0, None, (13, 0))


def test_layers_between_are_told_from_a_single_one(tiny_vgg: Trace, make_trace) -> None:
    direct = FlattenNumbers(tiny_vgg, Cell(0, 0, 0))
    assert direct.is_direct
    assert direct.score(0).bias.layer == "output"
    layers = [Flatten("flatten"), Linear("hidden", 12, 5), ReLU("relu"), Linear("output", 5, 3)]
    through = FlattenNumbers(make_trace(layers, (3, 2, 2)), Cell(0, 0, 0))
    assert not through.is_direct
    assert through.product(0).weight.layer is None


def test_of_many_classes_the_highest_are_shown(make_trace) -> None:
    trace = make_trace([Flatten("flatten"), Linear("output", 12, 50)], (3, 2, 2))
    shown = FlattenNumbers(trace, Cell(0, 0, 0)).shown_classes
    assert len(shown) == MOST_CLASSES
    assert shown == sorted(shown)
    hidden = np.delete(trace.logits, shown)
    assert trace.logits[shown].min() >= hidden.max()


@pytest.mark.parametrize(
    ("number", "decimals"),
    [(0.0, 2), (12.5, 2), (0.687, 3), (-0.0412, 4), (1e-9, 5), (123456.7, 1)],
)
def test_three_digits_are_shown(number: float, decimals: int) -> None:
    assert significant_decimals(number, 8) == decimals
