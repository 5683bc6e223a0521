from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.explain.convolution import explain_convolution
from cnnviz.explain.flattening import explain_score, flatten_layer
from cnnviz.explain.pooling import winners
from cnnviz.scenes.journey.influence import own_parts
from cnnviz.scenes.journey.stages import follow_pixel, pixel_products


@given(data=st.data())
def test_products_are_those_of_the_convolutions_terms(any_conv, data: st.DataObject) -> None:
    conv = data.draw(any_conv)
    row, column = (data.draw(st.integers(0, size - 1)) for size in conv.input.shape[1:])
    channel = data.draw(st.integers(0, conv.output.shape[0] - 1))
    products = pixel_products(conv, row, column, channel)
    found = []
    for i, j in np.ndindex(conv.output.shape[1:]):
        terms = explain_convolution(conv, channel, i, j)
        if row in terms.rows and column in terms.columns:
            tap = (terms.rows.index(row), terms.columns.index(column))
            found.append(((i, j), tap, terms.products[:, tap[0], tap[1]]))
    assert products.outputs == tuple(output for output, _, _ in found)
    assert products.taps == tuple(tap for _, tap, _ in found)
    expected = np.array([values for _, _, values in found]).reshape(len(found), len(conv.input)).T
    np.testing.assert_array_equal(products.values, expected)


@given(data=st.data())
def test_a_journey_tells_what_the_trace_holds(any_network, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    row, column = (data.draw(st.integers(0, size - 1)) for size in trace.picture.shape[1:])
    journey = follow_pixel(trace, row, column, 0)
    np.testing.assert_array_equal(journey.values, trace.picture[:, row, column])
    parts = list(own_parts(trace, row, column))
    before = None
    for stage, entry, part in zip(journey.stages, trace.layers, parts, strict=False):
        assert stage.layer == entry.name
        cells = np.ix_(stage.field.rows, stage.field.columns)
        np.testing.assert_array_equal(stage.values, entry.output[stage.channel][cells])
        np.testing.assert_array_equal(stage.own_parts, part[stage.channel][cells])
        outside = part[stage.channel].copy()
        outside[cells] = 0
        assert not outside.any()
        if entry.kind in ("conv", "avg_pool"):
            assert stage.passing is None
        elif before is not None:
            assert stage.passing.shape == before.values.shape
        if entry.kind != "conv" and before is not None:
            assert stage.channel == before.channel
        before = stage
    np.testing.assert_array_equal(journey.own_scores, parts[-1])
    for class_index, reached in enumerate(journey.reached_scores):
        contributions = explain_score(trace, class_index).contributions
        expected = contributions[journey.flat_indices.ravel()].sum()
        assert reached == pytest.approx(expected, rel=1e-6, abs=1e-6)
        assert flatten_layer(trace).output.size >= journey.flat_indices.size


def test_tiny_vggs_journey(tiny_vgg) -> None:
    journey = follow_pixel(tiny_vgg, 24, 31, tiny_vgg.predicted_index)
    assert [stage.layer for stage in journey.stages] == [
        entry.name for entry in tiny_vgg.layers[:10]
    ]
    assert [stage.values.shape for stage in journey.stages] == [
        (3, 3), (3, 3), (5, 5), (5, 5), (3, 3), (5, 5), (5, 5), (7, 7), (7, 7), (4, 4),
    ]  # fmt: skip
    assert journey.flat_indices.shape == (10, 4, 4)
    relu = journey.stages[1]
    np.testing.assert_array_equal(relu.passing, journey.stages[0].values > 0)
    pool = journey.stages[4]
    won = winners(tiny_vgg["max_pool_1"], pool.channel).times_won > 0
    field = journey.stages[3].field
    np.testing.assert_array_equal(pool.passing, won[np.ix_(field.rows, field.columns)])


def test_channels_can_be_fixed(tiny_vgg) -> None:
    journey = follow_pixel(tiny_vgg, 24, 31, 0, {"conv_1_1": 4})
    assert [stage.channel for stage in journey.stages[:2]] == [4, 4]
    journey = follow_pixel(tiny_vgg, 24, 31, 0, {"max_pool_1": 6, "conv_2_2": 1})
    assert [stage.channel for stage in journey.stages[2:5]] == [6, 6, 6]
    assert [stage.channel for stage in journey.stages[7:]] == [1, 1, 1]


def test_bad_requests(tiny_vgg) -> None:
    with pytest.raises(UserError, match="no pixel 64,0"):
        follow_pixel(tiny_vgg, 64, 0, 0)
    with pytest.raises(UserError, match="no channel 10"):
        pixel_products(tiny_vgg["conv_1_1"], 0, 0, 10)
    with pytest.raises(TypeError, match="relu_1_1"):
        pixel_products(tiny_vgg["relu_1_1"], 0, 0, 0)
