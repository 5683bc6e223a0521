from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.layers.window_axis import WindowAxis
from cnnviz.layers.windows import WindowGeometry, padding_mask, plainest, same_padding, windows


def pairs(low: int, high: int) -> st.SearchStrategy:
    return st.one_of(st.integers(low, high), st.tuples(*[st.integers(low, high)] * 2))


geometries = st.builds(
    WindowGeometry,
    kernel_size=pairs(1, 4),
    stride=pairs(1, 4),
    padding=st.one_of(pairs(0, 3), st.tuples(*[st.integers(0, 3)] * 4)),
    dilation=pairs(1, 3),
)
axes = st.builds(
    WindowAxis,
    kernel_size=st.integers(1, 4),
    stride=st.integers(1, 4),
    before=st.integers(0, 3),
    after=st.integers(0, 3),
    dilation=st.integers(1, 3),
)


def test_geometry_of_each_kind_of_layer() -> None:
    assert Conv2d("c", 1, 1, 3, 2, 1, 2).window == WindowGeometry(3, 2, 1, 2)
    assert MaxPool2d("p", 2, 3).window == WindowGeometry(2, 3)
    assert ReLU("r").window == WindowGeometry(1)
    for layer in (Flatten("f"), Linear("l", 1, 1)):
        assert layer.window is None


@given(geometry=geometries, height=st.integers(1, 12), width=st.integers(1, 12))
def test_windows_hold_the_cells_they_say(geometry: WindowGeometry, height: int, width: int) -> None:
    _, rows, columns = geometry.output_shape(2, (2, height, width))
    if not rows or not columns:
        return
    maps = np.arange(1, 2 * height * width + 1, dtype=np.float64).reshape(2, height, width)
    patches = windows(maps, geometry)
    assert patches.shape == (2, rows, columns, *geometry.kernel_sizes)
    for row in range(rows):
        for column in range(columns):
            mask = padding_mask(geometry, row, column, height, width)
            for u, at_row in enumerate(geometry.rows.cells(row)):
                for v, at_column in enumerate(geometry.columns.cells(column)):
                    inside = 0 <= at_row < height and 0 <= at_column < width
                    expected = maps[1, at_row, at_column] if inside else 0
                    assert patches[1, row, column, u, v] == expected
                    assert mask[u, v] == (not inside)


@given(axis=axes, size=st.integers(1, 15))
def test_positions_over_inverts_cells(axis: WindowAxis, size: int) -> None:
    for cell in range(size):
        expected = {
            position: axis.cells(position).index(cell)
            for position in range(axis.output_size(size))
            if cell in axis.cells(position)
        }
        found = axis.positions_over(cell, size)
        assert found == expected
        assert list(found) == sorted(found)
        assert (cell in axis.unreached(size)) == (not expected)


def test_unreached_cells() -> None:
    assert WindowAxis(2, 2).unreached(5) == (4,)
    assert WindowAxis(1, 3).unreached(6) == (1, 2, 4, 5)
    assert WindowAxis(2, 2, dilation=2).unreached(5) == (1, 3)
    assert WindowAxis(5).unreached(3) == (0, 1, 2)
    assert WindowAxis(5).output_size(3) == 0


def test_one_number_says_a_square_window_and_nothing_else() -> None:
    square = WindowGeometry((3, 3), 2, (1, 1), 1)
    assert square == WindowGeometry(3, 2, (1, 1, 1, 1))
    assert (square.kernel_size, square.stride, square.padding, square.dilation) == (3, 2, 1, 1)
    with pytest.raises(UserError, match=r'layer "c": its window is 3 x 1, and only .*; choose'):
        _ = Conv2d("c", 1, 1, (3, 1)).kernel_size
    with pytest.raises(UserError, match=r"its padding .* is \(0, 0, 1, 1\)"):
        _ = Conv2d("c", 1, 1, 3, 2, (0, 0, 1, 1)).padding


@given(geometry=geometries)
def test_the_plainest_way_to_say_it_means_the_same(geometry: WindowGeometry) -> None:
    sizes = (geometry.kernel_sizes, geometry.strides, geometry.paddings, geometry.dilations)
    assert WindowGeometry(*map(plainest, sizes)) == geometry
    assert geometry.changed(stride=7).strides == (7, 7)
    assert geometry.changed(stride=7).changed(stride=geometry.strides) == geometry


@given(
    size=st.tuples(*[st.integers(1, 30)] * 2),
    kernel=pairs(1, 7),
    stride=pairs(1, 4),
    dilation=pairs(1, 3),
    extra_first=st.booleans(),
)
def test_same_padding_keeps_size_by_stride(size, kernel, stride, dilation, extra_first) -> None:
    padding = same_padding(size, kernel, stride, dilation, extra_first=extra_first)
    window = WindowGeometry(kernel, stride, padding, dilation)
    expected = [-(-side // step) for side, step in zip(size, window.strides, strict=True)]
    assert list(window.output_shape(1, size)[1:]) == expected
    top, left, bottom, right = padding
    more, less = ((top, left), (bottom, right)) if extra_first else ((bottom, right), (top, left))
    assert all(0 <= a - b <= 1 for a, b in zip(more, less, strict=True))


def test_same_padding_is_tensorflows() -> None:
    # 224 cells, a 3 x 3 kernel in steps of 2: TensorFlow pads one cell, below and on the right.
    assert same_padding((224, 224), 3, 2) == (0, 0, 1, 1)
    assert same_padding((224, 224), 3, 2, extra_first=True) == (1, 1, 0, 0)
    assert same_padding((224, 224), 5) == (2, 2, 2, 2)
