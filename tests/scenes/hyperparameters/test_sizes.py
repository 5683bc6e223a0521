from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.layers.windows import WindowGeometry
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.scenes.hyperparameters.limits import LIMITS, MOST_CELLS, legible_example
from cnnviz.scenes.hyperparameters.sizes import SizeCalculation, SlidingExample, size_calculations

examples = st.builds(
    SlidingExample,
    st.integers(1, 12),
    st.builds(
        WindowGeometry,
        kernel_size=st.integers(1, 7),
        stride=st.integers(1, 6),
        padding=st.integers(0, 4),
        dilation=st.integers(1, 5),
    ),
)


def torch_convolution(example: SlidingExample, kernel: np.ndarray) -> nn.Conv2d:
    geometry = example.geometry
    module = nn.Conv2d(
        1,
        1,
        geometry.kernel_size,
        geometry.stride,
        geometry.padding,
        geometry.dilation,
        bias=False,
    ).double()
    with torch.no_grad():
        module.weight.copy_(torch.tensor(kernel, dtype=torch.float64)[None, None])
    return module


def as_image(values: np.ndarray) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)[None, None]


def reached_by_torch(example: SlidingExample, size: int, padding: int) -> set[int]:
    """Rows of an image of ones that have any influence on the output."""
    kernel = np.ones((example.geometry.kernel_size,) * 2)
    module = torch_convolution(example, kernel)
    module.padding = (padding, padding)
    image = as_image(np.ones((size, size))).requires_grad_()
    module(image).sum().backward()
    assert image.grad is not None
    return {row for row in range(size) if image.grad[0, 0, row].any()}


@given(example=examples)
def test_the_output_is_torchs(example: SlidingExample) -> None:
    module = torch_convolution(example, example.kernel)
    if not example.output_size:
        with pytest.raises(RuntimeError, match="Kernel size can't be greater"):
            module(as_image(example.input))
        assert example.formula_size <= 0
        assert example.output.shape == (0, 0)
        assert example.room < 0
        return
    expected = module(as_image(example.input)).detach().numpy()[0, 0]
    assert np.array_equal(example.output, expected)
    assert example.output.dtype == np.int64
    assert example.formula_size == example.output_size == len(expected)
    for row, column in ((0, 0), (example.output_size - 1, 0), (0, example.output_size - 1)):
        assert example.products(row, column).sum() == example.output[row, column]


@given(example=examples)
def test_what_is_never_reached_has_no_gradient(example: SlidingExample) -> None:
    if not example.output_size:
        assert not example.skipped
        assert not example.unreached_at_end
        assert example.left_over == 0
        return
    reached = reached_by_torch(example, example.input_size, example.geometry.padding)
    missed = set(range(example.input_size)) - reached
    assert set(example.skipped) | set(example.unreached_at_end) == missed
    assert not set(example.skipped) & set(example.unreached_at_end)
    in_padded = set(range(example.padded_size)) - reached_by_torch(example, example.padded_size, 0)
    behind = range(example.padded_size - example.left_over, example.padded_size)
    assert set(behind) <= in_padded
    assert behind.start - 1 not in in_padded


@given(example=examples)
def test_the_sizes_add_up(example: SlidingExample) -> None:
    assert example.reach + example.room == example.padded_size
    assert example.padded.shape == (example.padded_size,) * 2
    assert example.padded.sum() == example.input.sum()
    if example.output_size:
        moves = example.output_size - 1
        assert moves * example.geometry.stride + example.left_over == example.room


def test_a_stride_that_does_not_divide() -> None:
    example = SlidingExample(6, WindowGeometry(2, stride=2, dilation=2))
    assert (example.output_size, example.left_over) == (2, 1)
    assert example.unreached_at_end == (5,)
    assert example.skipped == (1, 3)


def test_only_padding_is_left_over() -> None:
    example = SlidingExample(6, WindowGeometry(3, stride=2, padding=1))
    assert example.left_over == 1
    assert example.unreached_at_end == example.skipped == ()


def test_every_number_of_a_legible_example_is_short() -> None:
    for size in range(1, 13):
        for kernel in range(1, 8):
            for padding in range(5):
                for dilation in range(1, 6):
                    example = SlidingExample(size, WindowGeometry(kernel, 1, padding, dilation))
                    if max(example.padded_size, example.reach) > MOST_CELLS:
                        continue
                    assert example.output.min(initial=0) >= -99
                    assert example.output.max(initial=0) <= 99


DEFAULTS = {"input_size": 5, "kernel_size": 3, "padding": 1, "stride": 2, "dilation": 1}


@pytest.mark.parametrize("name", list(DEFAULTS))
def test_values_beyond_the_limits_are_refused(name: str) -> None:
    words = name.replace("_", " ")
    least, most = LIMITS[words]
    for value in (least - 1, most + 1, 64, -3):
        with pytest.raises(UserError) as caught:
            legible_example(**{**DEFAULTS, name: value})
        assert str(caught.value) == f"the {words} is {value}: give {least} to {most}"


@pytest.mark.parametrize(
    ("given_values", "advice"),
    [
        ({"input_size": 12, "padding": 1}, "give a padding of 0, or a smaller input size"),
        ({"input_size": 8, "padding": 4}, "give a padding of 0 to 2, or a smaller input size"),
        ({"kernel_size": 7, "dilation": 2}, "give a dilation of 1, or a smaller kernel size"),
        ({"kernel_size": 4, "dilation": 4}, "give a dilation of 1 to 3, or a smaller kernel size"),
    ],
)
def test_too_many_cells_are_refused_with_what_is_allowed(
    given_values: dict[str, int], advice: str
) -> None:
    with pytest.raises(UserError) as caught:
        legible_example(**{**DEFAULTS, **given_values})
    message = str(caught.value)
    assert message.endswith(advice)
    assert "\n" not in message
    for value in given_values.values():
        assert str(value) in message


def test_a_kernel_larger_than_its_input_is_not_refused() -> None:
    assert legible_example(2, 7, 0, 1, 1).output_size == 0


LAYERS = (
    Conv2d("conv", 3, 4, 5, stride=3, padding=2, dilation=2),
    ReLU("relu"),
    MaxPool2d("pool", 3, 2),
    Flatten("flatten"),
    Linear("output", 4 * 3 * 4, 2),
)


def architecture(height: int, width: int) -> Architecture:
    description = InputDescription(3, height, width, (0.0,) * 3, (1.0,) * 3)
    return Architecture("small", description, LAYERS, ("a", "b"))


def test_calculations_of_a_network_are_torchs() -> None:
    image = torch.zeros(1, 3, 29, 37)
    conv = nn.Conv2d(3, 4, 5, stride=3, padding=2, dilation=2)(image)
    pool = nn.MaxPool2d(3, 2)(conv)
    found = list(size_calculations(architecture(29, 37)))
    in_conv, in_pool = WindowGeometry(5, 3, 2, 2), WindowGeometry(3, 2)
    assert found == [
        SizeCalculation("conv", "height", 29, conv.shape[2], in_conv),
        SizeCalculation("conv", "width", 37, conv.shape[3], in_conv),
        SizeCalculation("pool", "height", conv.shape[2], pool.shape[2], in_pool),
        SizeCalculation("pool", "width", conv.shape[3], pool.shape[3], in_pool),
    ]


def test_a_square_side_is_calculated_once() -> None:
    found = list(size_calculations(architecture(29, 29)))
    assert [(each.layer, each.side) for each in found] == [("conv", "both"), ("pool", "both")]
