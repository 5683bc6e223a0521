from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.explain.fields import (
    projective_field,
    receptive_cone,
    receptive_field,
    receptive_geometry,
)


def influence(trace, modules, layer_index: int) -> np.ndarray:
    """Whether each input cell can change each output cell, by torch: (out h, w, in h, w).

    Weights are all 1 and pooling is an average, so that nothing cancels and nothing loses.
    """
    chain = []
    for module in modules[: layer_index + 1]:
        if isinstance(module, torch.nn.Conv2d):
            module.weight.data.fill_(1)
        elif isinstance(module, torch.nn.MaxPool2d):
            module = torch.nn.AvgPool2d(module.kernel_size, module.stride)
        elif isinstance(module, torch.nn.ReLU):
            module = torch.nn.Identity()
        chain.append(module)
    start = torch.ones(trace.picture.shape, dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(
        lambda maps: torch.nn.Sequential(*chain)(maps[None])[0].sum(0), start
    )
    return (jacobian.sum(2) != 0).numpy()


@settings(max_examples=40)
@given(data=st.data())
def test_fields_are_what_torch_sees_and_reaches(
    any_network, modules_of, data: st.DataObject
) -> None:
    trace = data.draw(any_network)
    row, column = (data.draw(st.integers(0, size - 1)) for size in trace.picture.shape[1:])
    fields = projective_field(trace.architecture, row, column)
    for index, field in enumerate(fields):
        sees = influence(trace, modules_of(trace), index)
        reached = np.zeros(sees.shape[:2], bool)
        reached[np.ix_(field.rows, field.columns)] = True
        np.testing.assert_array_equal(reached, sees[:, :, row, column])
        assert field.layer == trace.layers[index].name
        at = tuple(data.draw(st.integers(0, size - 1)) for size in sees.shape[:2])
        seen = receptive_field(trace.architecture, field.layer, *at)
        mask = np.zeros(sees.shape[2:], bool)
        mask[np.ix_(seen.rows, seen.columns)] = True
        np.testing.assert_array_equal(mask, sees[at])
        assert seen.layer == "input"


@given(data=st.data())
def test_geometry_contains_every_field(any_network, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    for layer_trace in trace.layers:
        if layer_trace.output.ndim == 1:
            break
        geometry = receptive_geometry(trace.architecture, layer_trace.name)
        row, column = (data.draw(st.integers(0, n - 1)) for n in layer_trace.output.shape[1:])
        field = receptive_field(trace.architecture, layer_trace.name, row, column)
        assert set(field.rows) <= set(geometry.span(row))
        assert set(field.columns) <= set(geometry.span(column))


def test_tiny_vggs_cone(tiny_vgg) -> None:
    cone = receptive_cone(tiny_vgg.architecture, "max_pool_2", 6, 6)
    assert [field.layer for field in cone] == [
        "max_pool_2", "relu_2_2", "conv_2_2", "relu_2_1", "conv_2_1",
        "max_pool_1", "relu_1_2", "conv_1_2", "relu_1_1", "conv_1_1", "input",
    ]  # fmt: skip
    assert [field.size[0] for field in cone] == [1, 2, 2, 4, 4, 6, 12, 12, 14, 14, 16]
    assert cone[-1].rows == tuple(range(24, 40))
    geometry = receptive_geometry(tiny_vgg.architecture, "max_pool_2")
    assert (geometry.size, geometry.jump, geometry.start) == (16, 4, 0)
    assert geometry.span(6) == range(24, 40)


def test_tiny_vggs_projective_field(tiny_vgg) -> None:
    fields = projective_field(tiny_vgg.architecture, 24, 31)
    sizes = {field.layer: field.size for field in fields}
    assert sizes["conv_1_1"] == (3, 3)
    assert sizes["conv_1_2"] == (5, 5)
    assert sizes["max_pool_1"] == (3, 3)
    assert sizes["max_pool_2"] == (4, 4)
    corner = projective_field(tiny_vgg.architecture, 0, 0)
    assert {field.size for field in corner} == {(1, 1)}


def test_a_pixel_that_no_window_looks_at_reaches_nothing(make_trace) -> None:
    from cnnviz.layers import Flatten, Linear, MaxPool2d

    layers = [MaxPool2d("pool", 2, 2), Flatten("flatten"), Linear("output", 4, 2)]
    trace = make_trace(layers, (1, 5, 5))
    (field,) = projective_field(trace.architecture, 4, 0)
    assert field.is_empty
    assert field.size == (0, 1)


def test_bad_requests(tiny_vgg) -> None:
    architecture = tiny_vgg.architecture
    for name in ("flatten", "output", "conv_9"):
        with pytest.raises(KeyError, match=name):
            receptive_geometry(architecture, name)
    with pytest.raises(IndexError, match="13 x 13"):
        receptive_field(architecture, "max_pool_2", 13, 0)
    with pytest.raises(IndexError, match="64 x 64"):
        projective_field(architecture, 0, 64)
