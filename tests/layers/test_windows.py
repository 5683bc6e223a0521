from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.layers.windows import WindowGeometry, padding_mask, windows

geometries = st.builds(
    WindowGeometry,
    kernel_size=st.integers(1, 4),
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
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
    rows, columns = geometry.output_size(height), geometry.output_size(width)
    if not rows or not columns:
        return
    maps = np.arange(1, 2 * height * width + 1, dtype=np.float64).reshape(2, height, width)
    patches = windows(maps, geometry)
    size = geometry.kernel_size
    assert patches.shape == (2, rows, columns, size, size)
    for row in range(rows):
        for column in range(columns):
            mask = padding_mask(geometry, row, column, height, width)
            for u, at_row in enumerate(geometry.cells(row)):
                for v, at_column in enumerate(geometry.cells(column)):
                    inside = 0 <= at_row < height and 0 <= at_column < width
                    expected = maps[1, at_row, at_column] if inside else 0
                    assert patches[1, row, column, u, v] == expected
                    assert mask[u, v] == (not inside)


@given(geometry=geometries, size=st.integers(1, 15))
def test_positions_over_inverts_cells(geometry: WindowGeometry, size: int) -> None:
    for cell in range(size):
        expected = {
            position: geometry.cells(position).index(cell)
            for position in range(geometry.output_size(size))
            if cell in geometry.cells(position)
        }
        found = geometry.positions_over(cell, size)
        assert found == expected
        assert list(found) == sorted(found)
        assert (cell in geometry.unreached(size)) == (not expected)


def test_unreached_cells() -> None:
    assert WindowGeometry(2, 2).unreached(5) == (4,)
    assert WindowGeometry(1, 3).unreached(6) == (1, 2, 4, 5)
    assert WindowGeometry(2, 2, 0, 2).unreached(5) == (1, 3)
    assert WindowGeometry(5).unreached(3) == (0, 1, 2)
    assert WindowGeometry(5).output_size(3) == 0
