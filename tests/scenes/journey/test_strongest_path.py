from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.scenes.journey.strongest_path import strongest_path


def jacobians(trace, modules) -> list[np.ndarray]:
    """Each layer's derivatives at its own input, as (outputs, inputs), by torch."""
    found = []
    for module, entry in zip(modules, trace.layers, strict=True):
        start = torch.tensor(entry.input, dtype=torch.float64)
        jacobian = torch.autograd.functional.jacobian(lambda x, m=module: m(x[None])[0], start)
        found.append(jacobian.reshape(entry.output.size, entry.input.size).numpy())
    return found


def flat_cells(trace, path) -> list[int]:
    shapes = [trace.picture.shape, *(entry.output.shape for entry in trace.layers)]
    return [
        int(np.ravel_multi_index(cell.index, shape))
        for cell, shape in zip(path.cells, shapes, strict=False)
    ]


@settings(max_examples=40)
@given(data=st.data())
def test_no_path_is_stronger(any_network, modules_of, data: st.DataObject) -> None:
    trace = data.draw(any_network)
    row, column = (data.draw(st.integers(0, size - 1)) for size in trace.picture.shape[1:])
    class_index = data.draw(st.integers(0, len(trace.logits) - 1))
    path = strongest_path(trace, row, column, class_index)
    values = trace.layers[0].input
    start = np.zeros(values.shape)
    start[:, row, column] = np.abs(values[:, row, column]) if values[:, row, column].any() else 1
    strengths = [start.ravel()]
    steps = jacobians(trace, modules_of(trace))
    for step in steps:
        strengths.append((np.abs(step) * strengths[-1]).max(axis=1))
    assert path.is_complete == (strengths[-1][class_index] > 0)
    names = ["input", *(entry.name for entry in trace.layers)]
    assert [cell.layer for cell in path.cells] == names[: len(path.cells)]
    cells = flat_cells(trace, path)
    weights = [
        step[after, before] for step, before, after in zip(steps, cells, cells[1:], strict=False)
    ]
    strength = np.prod(np.abs(weights)) * start.ravel()[cells[0]]
    if path.is_complete:
        assert cells[-1] == class_index
        assert strength == pytest.approx(strengths[-1][class_index], rel=1e-5)
        contribution = np.prod(weights) * values.ravel()[cells[0]]
        assert path.contribution == pytest.approx(contribution, rel=1e-5, abs=1e-12)
    else:
        assert path.contribution == 0
        assert strength == pytest.approx(strengths[len(cells) - 1].max(), rel=1e-5)


def test_channels_can_be_fixed(tiny_vgg) -> None:
    free = strongest_path(tiny_vgg, 30, 30, 0)
    wanted = {"input": 1, "conv_1_1": 2, "relu_2_1": 7}
    fixed = strongest_path(tiny_vgg, 30, 30, 0, wanted)
    assert {name: fixed.channel_in(name) for name in wanted} == wanted
    assert fixed.channel_in("relu_1_1") == 2
    assert abs(fixed.contribution) <= abs(free.contribution)
    same = {name: free.channel_in(name) for name in wanted}
    assert strongest_path(tiny_vgg, 30, 30, 0, same) == free


def test_a_black_pixel_has_a_path_that_adds_nothing(make_trace) -> None:
    layers = [Conv2d("conv", 1, 2, 3), Flatten("flatten"), Linear("output", 18, 2)]
    trace = make_trace(layers, (1, 5, 5), picture=np.zeros((1, 5, 5), np.float32))
    path = strongest_path(trace, 2, 2, 1)
    assert path.is_complete
    assert path.contribution == 0
    assert path.cells[-1].index == (1,)


def test_a_channel_that_is_zero_can_be_fixed(make_trace) -> None:
    layers = [Conv2d("conv", 2, 2, 1), Flatten("flatten"), Linear("output", 8, 2)]
    picture = np.stack([np.zeros((2, 2)), np.ones((2, 2))]).astype(np.float32)
    trace = make_trace(layers, (2, 2, 2), picture=picture)
    path = strongest_path(trace, 1, 1, 0, {"input": 0})
    assert path.is_complete
    assert path.contribution == 0
    assert path.cells[0].index == (0, 1, 1)
    assert strongest_path(trace, 1, 1, 0).cells[0].index == (1, 1, 1)


def test_a_path_ends_where_every_way_is_closed(make_trace) -> None:
    layers = [Conv2d("conv", 1, 2, 1), ReLU("relu"), Flatten("flatten"), Linear("out", 8, 2)]
    picture = np.ones((1, 2, 2), np.float32)
    trace = make_trace(layers, (1, 2, 2), picture=picture)
    closed = dataclasses.replace(trace["relu"], inputs=(-np.ones((2, 2, 2), np.float32),))
    trace = dataclasses.replace(trace, layers=(trace.layers[0], closed, *trace.layers[2:]))
    path = strongest_path(trace, 0, 1, 0)
    assert not path.is_complete
    assert path.contribution == 0
    assert [cell.layer for cell in path.cells] == ["input", "conv"]
    assert path.cells[0].index == (0, 0, 1)
    assert path.channel_in("relu") is None


def test_a_class_without_weights_is_not_reached(make_trace) -> None:
    trace = make_trace([Flatten("flatten"), Linear("out", 4, 2)], (1, 2, 2), levels=1, seed=1)
    weight = trace["out"].weight.copy()
    weight[0] = 0
    silent = dataclasses.replace(trace["out"], weight=weight)
    trace = dataclasses.replace(trace, layers=(trace.layers[0], silent))
    path = strongest_path(trace, 1, 1, 0)
    assert not path.is_complete
    assert [cell.layer for cell in path.cells] == ["input", "flatten"]
    assert path.cells[-1].index == (3,)


def test_bad_requests(tiny_vgg) -> None:
    with pytest.raises(UserError, match="no pixel 0,64"):
        strongest_path(tiny_vgg, 0, 64, 0)
    with pytest.raises(UserError, match='no layer "conv_9"'):
        strongest_path(tiny_vgg, 0, 0, 0, {"conv_9": 0})
    with pytest.raises(UserError, match="no channel 10"):
        strongest_path(tiny_vgg, 0, 0, 0, {"conv_1_1": 10})
    with pytest.raises(UserError, match="the picture has no channel 3: choose 0 to 2"):
        strongest_path(tiny_vgg, 0, 0, 0, {"input": 3})
    with pytest.raises(UserError, match='"flatten" has no channels to choose'):
        strongest_path(tiny_vgg, 0, 0, 0, {"flatten": 3})
    with pytest.raises(UserError, match="channels 1 in conv_1_1 and 2 in relu_1_1"):
        strongest_path(tiny_vgg, 0, 0, 0, {"relu_1_1": 2, "conv_1_1": 1})
