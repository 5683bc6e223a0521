from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.scaling import (
    SCALES,
    ValueRange,
    input_range,
    layer_groups,
    picture_range,
    symmetric_range,
    value_range,
)
from cnnviz.layers import Add, Conv2d, Flatten, Linear, MaxPool2d, ReLU

FIRST_MODULE = ["conv_1_1", "relu_1_1", "conv_1_2", "relu_1_2", "max_pool_1"]
SECOND_MODULE = ["conv_2_1", "relu_2_1", "conv_2_2", "relu_2_2", "max_pool_2", "flatten"]


def is_convolution(layer: str) -> bool:
    return layer.startswith("conv")


def rounded_up(value: float) -> float:
    """Two digits, the slow way: the first of all numbers of two digits that is large enough."""
    candidates = (digits * 10.0**power for power in range(-6, 6) for digits in range(10, 100))
    return next(each for each in candidates if each >= value * (1 - 1e-9))


def robust(trace, *layers: str) -> float:
    """The range's end by its definition, with a sort instead of a quantile."""
    sizes = np.concatenate([np.abs(trace[layer].output).ravel() for layer in layers])
    sizes = np.sort(sizes[sizes > 0])
    return rounded_up(float(sizes[int(np.ceil(0.99 * (len(sizes) - 1)))]))


def test_a_unit_is_a_convolution_and_what_follows(tiny_vgg) -> None:
    limit = robust(tiny_vgg, "conv_1_2")
    assert value_range(tiny_vgg, "conv_1_2") == ValueRange(-limit, limit)
    limit = robust(tiny_vgg, "relu_1_2", "max_pool_1")
    assert value_range(tiny_vgg, "relu_1_2") == ValueRange(0, limit)
    assert value_range(tiny_vgg, "max_pool_1") == ValueRange(0, limit)
    assert value_range(tiny_vgg, "conv_1_1").high == robust(tiny_vgg, "conv_1_1")


@pytest.mark.parametrize("module", [FIRST_MODULE, SECOND_MODULE])
@pytest.mark.parametrize("signed", [True, False])
def test_a_module_ends_with_a_pool(tiny_vgg, module: list[str], signed: bool) -> None:
    layers = [each for each in module if is_convolution(each) == signed]
    limit = robust(tiny_vgg, *layers)
    assert {value_range(tiny_vgg, layer, "module").high for layer in layers} == {limit}


def test_global_is_all_feature_maps_but_not_the_scores(tiny_vgg) -> None:
    for signed in (True, False):
        layers = [each for each in FIRST_MODULE + SECOND_MODULE if is_convolution(each) == signed]
        limit = robust(tiny_vgg, *layers)
        assert {value_range(tiny_vgg, layer, "global").high for layer in layers} == {limit}
    scores = rounded_up(float(np.abs(tiny_vgg["output"].output).max()))
    for scale in SCALES:
        assert value_range(tiny_vgg, "output", scale) == ValueRange(-scores, scores)


def test_one_large_cell_does_not_darken_the_others() -> None:
    values = np.linspace(-1, 1, 1001)
    values[3] = 400.0
    assert symmetric_range(values) == ValueRange(-1, 1)
    assert symmetric_range(np.array([0.2, 400.0])) == ValueRange(-400, 400)


def test_zeros_do_not_narrow_a_range() -> None:
    values = np.concatenate([np.zeros(100_000), np.linspace(0.1, 3, 50)])
    assert symmetric_range(values) == ValueRange(-3, 3)


@given(
    st.lists(
        st.floats(-1e6, 1e6, width=32).filter(lambda each: not each or abs(each) > 1e-5),
        min_size=1,
        max_size=400,
    )
)
def test_ranges_hold_99_of_100_values_in_two_digits(values: list[float]) -> None:
    limit = symmetric_range(np.array(values)).high
    sizes = np.abs(np.array(values))
    sizes = sizes[sizes > 0]
    assert float(f"{limit:.1e}") == limit
    if not sizes.size:
        assert limit == 1
        return
    assert (sizes <= limit).mean() >= 0.99
    # Nor does it hold more than it must: a digit less, and too many lie beyond.
    digit = 10.0 ** (np.floor(np.log10(limit) + 1e-12) - 1)
    assert (sizes <= limit - digit).mean() < 0.99 or limit / digit == 10
    if sizes.size <= 100:
        assert sizes.max() <= limit


@given(data=st.data())
def test_ranges_are_symmetric_or_begin_at_zero(any_network, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    for entry in trace.layers:
        for each in (value_range(trace, entry.name, scale) for scale in SCALES):
            assert each.is_signed or entry.output.min() >= 0
            assert each.low in (0, -each.high)
            assert each.is_signed == (each.low < 0)


@given(data=st.data())
def test_inputs_have_the_range_of_the_layer_before(any_network, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    for entry in trace.layers:
        scale = input_range(trace, entry.name)
        assert scale.is_signed or entry.input.min() >= 0
        inside = (scale.low <= entry.input) & (entry.input <= scale.high)
        assert inside.all() or entry.input.size > 100


def test_the_first_input_is_the_picture(make_trace) -> None:
    layers = [Conv2d("conv", 1, 1, 1)]
    picture = np.array([[[0.2, 0.4]]], np.float32)
    plain = make_trace(layers, (1, 1, 2), picture=picture)
    assert input_range(plain, "conv") == ValueRange(0, 1)
    normalised = make_trace(layers, (1, 1, 2), picture=picture, normalised=True)
    limit = rounded_up(float(np.abs(normalised["conv"].input).max()))
    assert input_range(normalised, "conv") == ValueRange(-limit, limit)


def test_pooling_keeps_the_signs_of_what_feeds_it(make_trace) -> None:
    layers = [MaxPool2d("first", 1, 1), Conv2d("conv", 1, 1, 1), MaxPool2d("second", 1, 1)]
    trace = make_trace([*layers, ReLU("relu"), Flatten("flatten"), Linear("o", 4, 2)], (1, 2, 2))
    assert not value_range(trace, "first").is_signed
    assert value_range(trace, "second").is_signed
    assert not value_range(trace, "flatten").is_signed


def test_nothing_but_zeros(make_trace) -> None:
    trace = make_trace([ReLU("relu")], (1, 2, 2), picture=np.zeros((1, 2, 2), np.float32))
    assert value_range(trace, "relu") == ValueRange(0, 1)
    assert symmetric_range(np.zeros(3)) == ValueRange(-1, 1)


def test_weights_are_symmetric_and_infinities_left_out() -> None:
    assert symmetric_range(np.array([-0.3, 0.2])) == ValueRange(-0.3, 0.3)
    assert symmetric_range(np.array([np.inf, 2.0, np.nan])) == ValueRange(-2, 2)


def test_layers_that_do_not_exist(tiny_vgg) -> None:
    with pytest.raises(KeyError, match="conv_9"):
        value_range(tiny_vgg, "conv_9")
    with pytest.raises(KeyError, match="conv_9"):
        input_range(tiny_vgg, "conv_9")


@pytest.mark.parametrize("scale", SCALES)
def test_groups_are_the_layers_that_share_a_range(tiny_vgg, scale: str) -> None:
    groups = layer_groups(tiny_vgg, scale)
    names = [each.name for each in tiny_vgg.layers]
    assert sorted(name for group in groups for name in group) == sorted(names)
    assert [list(group) for group in groups] == [sorted(group, key=names.index) for group in groups]
    for group in groups:
        assert len({value_range(tiny_vgg, name, scale).high for name in group}) == 1
    assert len(groups) == {"unit": 9, "module": 5, "global": 3}[scale]


def test_a_picture_that_is_added_to_itself_keeps_its_own_range(make_trace) -> None:
    layers = [Add("add", inputs=("input", "input")), Conv2d("conv", 1, 1, 1)]
    picture = np.array([[[0.5, 1.0]]], np.float32)
    twice = make_trace(layers, (1, 1, 2), picture=picture)
    assert input_range(twice, "add") == value_range(twice, "add") == ValueRange(0, 2)
    assert picture_range(twice) == ValueRange(0, 1)
