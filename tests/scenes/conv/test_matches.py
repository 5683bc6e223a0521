"""Patches from best to worst: the ends are the map's own, the rest lies between, apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.model.trace import LayerTrace, Trace
from cnnviz.network import trace
from cnnviz.scenes.conv.matches import ALIKE, LEVELS, best_match, find_matches
from cnnviz.scenes.conv.scene import ConvScene
from tests.conftest import fixed_network
from tests.scenes.stage import setting_of, visit_beats


def layer_with(values: np.ndarray) -> LayerTrace:
    """Return a trace of a convolution whose one output is `values`."""
    rows, columns = values.shape
    incoming = np.zeros((1, rows + 2, columns + 2), np.float32)
    weight, bias = np.zeros((1, 1, 3, 3), np.float32), np.zeros(1, np.float32)
    return LayerTrace(Conv2d("conv", 1, 1, 3), weight, bias, (incoming,), values[np.newaxis])


@settings(max_examples=60, deadline=None)
@given(
    values=arrays(
        np.float32,
        st.tuples(st.integers(1, 12), st.integers(1, 12)),
        elements=st.floats(-100, 100, width=32),
    )
)
def test_they_go_from_the_highest_to_the_lowest(values: np.ndarray) -> None:
    matches = find_matches(layer_with(values), 0)
    span = float(values.max()) - float(values.min())
    assert 1 <= len(matches) <= LEVELS
    assert len({match.pixel for match in matches}) == len(matches)
    assert all(match.value == values[match.pixel] for match in matches)
    told = [match.value for match in matches]
    assert told == sorted(told, reverse=True)
    assert told[0] >= values.max() - ALIKE * max(span, 1e-3 * abs(float(values.max())))
    if len(matches) > 1:
        assert told[-1] <= values.min() + ALIKE * span


def test_where_all_values_are_alike_there_is_one_in_the_middle() -> None:
    matches = find_matches(layer_with(np.full((5, 7), 2.5, np.float32)), 0)
    assert [match.pixel for match in matches] == [(2, 3)]


@pytest.mark.parametrize("channel", range(6))
def test_windows_between_the_ends_do_not_overlap(small_trace: Trace, channel: int) -> None:
    matches = find_matches(small_trace["conv_1"], channel)
    assert len(matches) == LEVELS
    for one in matches[1:-1]:
        for other in matches:
            if one is not other:
                away = max(abs(one.row - other.row), abs(one.column - other.column))
                assert away >= 3
    assert best_match(small_trace["conv_1"], channel) == matches[0]


def test_where_all_places_see_the_whole_photo_it_is_said() -> None:
    """Four pictures, all alike, were called views of it."""
    layers = (
        Conv2d("wide", 1, 2, 7, padding=3),
        Conv2d("deep", 2, 3, 7, padding=3),
        Flatten("flatten"),
        Linear("output", 48, 2),
    )
    picture = np.random.default_rng(4).random((4, 4)).astype(np.float32)
    seen = trace(picture, fixed_network(layers, ("a", "b"), (1, 4, 4)))
    beats = visit_beats(ConvScene, setting_of(ConvScene, seen, layer="deep"), lambda *_: None).beats
    (pattern,) = [beat.caption for beat in beats if beat.name == "pattern"]
    assert "each of these places sees the whole photo" in pattern
