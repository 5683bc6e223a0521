"""What is printed adds up, or says that it does not."""

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.convolution import explain_convolution
from cnnviz.explain.convolution_shown import (
    CELL_CHARACTERS,
    TOTAL_CHARACTERS,
    ConvolutionDecimals,
    show_convolution,
)
from cnnviz.explain.rounding import number_shown
from cnnviz.layers import Conv2d
from cnnviz.model.trace import LayerTrace


def number(shown: str) -> Decimal:
    return number_shown(shown)


def layer_at_work(seed: int, channels: int, kernel: int, padding: int, size: float) -> LayerTrace:
    random = np.random.default_rng(seed)
    layer = Conv2d("conv", channels, 2, kernel, padding=padding)
    values = random.normal(0, size, (channels, 7, 7)).astype(np.float32)
    weight = random.normal(0, 1, (2, channels, kernel, kernel)).astype(np.float32)
    bias = random.normal(0, 1, 2).astype(np.float32)
    padded = np.pad(values, ((0, 0), (padding, padding), (padding, padding))).astype(np.float64)
    patches = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), axis=(1, 2))
    output = np.einsum("crsuv,ocuv->ors", patches, weight) + bias[:, None, None]
    return LayerTrace(layer, weight, bias, (values,), output.astype(np.float32))


@given(
    st.integers(0, 10**6),
    st.integers(1, 6),
    st.integers(1, 3),
    st.integers(0, 1),
    st.sampled_from([0.01, 1.0, 30.0, 4000.0]),
)
def test_signs_tell_the_truth(
    seed: int, channels: int, kernel: int, padding: int, size: float
) -> None:
    at_work = layer_at_work(seed, channels, kernel, padding, size)
    listed = tuple(range(min(channels, 3)))
    terms = explain_convolution(at_work, 1, 0, 2)
    shown = show_convolution(terms, "input", ConvolutionDecimals.of(at_work, 1), listed)
    summands = [shown.channel_sums[c].shown for c in listed]
    summands += [shown.others.shown] if shown.others else []
    adds_up = sum(map(number, [*summands, shown.bias.shown])) == number(shown.total.shown)
    assert shown.total_equals == ("=" if adds_up else "≈")
    for grid, total, sign in zip(
        shown.products, shown.channel_sums, shown.channel_equals, strict=True
    ):
        exact = sum(number(cell.shown) for row in grid for cell in row) == number(total.shown)
        assert sign == ("=" if exact else "≈")
    for patch, weights, grid, sign in zip(
        shown.patches, shown.kernels, shown.products, shown.product_equals, strict=True
    ):
        rows = zip(patch, weights, grid, strict=True)
        exact = all(
            number(a.shown) * number(b.shown) == number(c.shown)
            for row in rows
            for a, b, c in zip(*row, strict=True)
        )
        assert sign == ("=" if exact else "≈")
    cells = [
        cell
        for grids in (shown.patches, shown.kernels, shown.products)
        for grid in grids
        for row in grid
        for cell in row
    ]
    assert all(len(cell.shown) <= CELL_CHARACTERS for cell in cells)
    assert len(shown.total.shown) <= TOTAL_CHARACTERS
    assert (shown.others is None) == (channels <= 3)
    total = sum(quantity.value for quantity in shown.channel_sums) + shown.bias.value
    assert abs(total - terms.total) < 1e-4 * (1 + abs(terms.total) + 20 * size)


def test_padding_reads_as_zero() -> None:
    at_work = layer_at_work(1, 2, 3, 1, 1.0)
    terms = explain_convolution(at_work, 0, 0, 0)
    shown = show_convolution(terms, "input", ConvolutionDecimals.of(at_work, 0), (0, 1))
    corner = shown.patches[0][0][0]
    assert (corner.quantity, corner.value, corner.shown) == ("padding", 0.0, "0")
    assert shown.patches[0][1][1].quantity == "activation"
