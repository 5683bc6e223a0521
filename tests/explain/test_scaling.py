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
    symmetric_range,
    value_range,
)
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU

FIRST_MODULE = ["conv_1_1", "relu_1_1", "conv_1_2", "relu_1_2", "max_pool_1"]
SECOND_MODULE = ["conv_2_1", "relu_2_1", "conv_2_2", "relu_2_2", "max_pool_2", "flatten"]


def largest(trace, *layers: str) -> float:
    return float(max(np.abs(trace[layer].output).max() for layer in layers))


def test_a_unit_is_a_convolution_and_what_follows(tiny_vgg) -> None:
    limit = largest(tiny_vgg, "conv_1_2")
    assert value_range(tiny_vgg, "conv_1_2") == ValueRange(-limit, limit)
    assert value_range(tiny_vgg, "relu_1_2") == ValueRange(0, limit)
    assert value_range(tiny_vgg, "max_pool_1") == ValueRange(0, limit)
    assert value_range(tiny_vgg, "conv_1_1").high == largest(tiny_vgg, "conv_1_1")


@pytest.mark.parametrize("module", [FIRST_MODULE, SECOND_MODULE])
def test_a_module_ends_with_a_pool(tiny_vgg, module: list[str]) -> None:
    limit = largest(tiny_vgg, *module)
    assert {value_range(tiny_vgg, layer, "module").high for layer in module} == {limit}


def test_global_is_all_feature_maps_but_not_the_scores(tiny_vgg) -> None:
    limit = largest(tiny_vgg, *FIRST_MODULE, *SECOND_MODULE)
    for layer in FIRST_MODULE + SECOND_MODULE:
        assert value_range(tiny_vgg, layer, "global").high == limit
    scores = largest(tiny_vgg, "output")
    for scale in SCALES:
        assert value_range(tiny_vgg, "output", scale) == ValueRange(-scores, scores)


@given(data=st.data())
def test_wider_scales_have_wider_ranges_and_hold_all_values(
    any_network, data: st.DataObject
) -> None:
    trace = data.draw(any_network)
    for entry in trace.layers:
        unit, module, overall = (value_range(trace, entry.name, scale) for scale in SCALES)
        assert unit.high <= module.high <= overall.high or not entry.output.any()
        assert unit.low <= entry.output.min()
        assert entry.output.max() <= unit.high
        for each in (unit, module, overall):
            assert each.low in (0, -each.high)
            assert each.is_signed == (each.low < 0)


@given(data=st.data())
def test_inputs_have_the_range_of_the_layer_before(any_network, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    for entry in trace.layers:
        scale = input_range(trace, entry.name)
        assert scale.low <= entry.input.min()
        assert entry.input.max() <= scale.high


def test_the_first_input_is_the_picture(make_trace) -> None:
    layers = [Conv2d("conv", 1, 1, 1)]
    picture = np.array([[[0.2, 0.4]]], np.float32)
    plain = make_trace(layers, (1, 1, 2), picture=picture)
    assert input_range(plain, "conv") == ValueRange(0, 1)
    normalised = make_trace(layers, (1, 1, 2), picture=picture, normalised=True)
    limit = float(np.abs(normalised["conv"].input).max())
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
    assert [name for group in groups for name in group] == [each.name for each in tiny_vgg.layers]
    for group in groups:
        assert len({value_range(tiny_vgg, name, scale).high for name in group}) == 1
    assert len(groups) == {"unit": 5, "module": 3, "global": 2}[scale]
