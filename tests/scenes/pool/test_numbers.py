from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.places import Place
from cnnviz.layers import MaxPool2d
from cnnviz.scenes.pool.numbers import Block, PoolingNumbers


@given(
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    size=st.integers(1, 4),
    data=st.data(),
)
def test_a_block_lies_inside_and_holds_its_window(
    shape: tuple[int, int], size: int, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, shape[0] - 1))
    column = data.draw(st.integers(0, shape[1] - 1))
    block = Block.around(row, column, shape, size)
    assert block.holds(row, column)
    assert 0 <= block.row <= block.row + block.rows <= shape[0]
    assert 0 <= block.column <= block.column + block.columns <= shape[1]
    assert (block.rows, block.columns) == (min(size, shape[0]), min(size, shape[1]))
    walk = block.walk_around(row, column, 4)
    assert len(walk) == len(set(walk)) <= 4
    assert (row, column) not in walk
    assert all(block.holds(*place) for place in walk)


@pytest.mark.parametrize(
    ("size", "stride", "rows", "columns"), [(2, 2, 4, 6), (3, 2, 5, 7), (2, 3, 5, 8)]
)
def test_the_grids_are_the_input_and_the_output(
    make_trace, size: int, stride: int, rows: int, columns: int
) -> None:
    picture = np.arange(2 * 12 * 12, dtype=np.float32).reshape(2, 12, 12)[:, ::-1].copy()
    trace = make_trace([MaxPool2d("pool", size, stride)], (2, 12, 12), picture=picture)
    numbers = PoolingNumbers(trace, Place("pool", 1, 1, 2))
    block = Block(1, 0, 2, 3)
    before, after = numbers.input_grid(block), numbers.output_grid(block)
    assert (len(before), len(before[0])) == (rows, columns)
    top = stride
    np.testing.assert_array_equal(
        [[cell.value for cell in row] for row in before],
        picture[1, top : top + rows, :columns],
    )
    np.testing.assert_array_equal(
        [[cell.value for cell in row] for row in after], trace["pool"].output[1, 1:3, :3]
    )
    assert before[0][1].row == top
    assert (after[0][1].layer, after[0][1].row, after[0][1].column) == ("pool", 1, 1)


def test_a_loser_may_look_like_the_winner(make_trace) -> None:
    picture = np.array([[[0.111, 0.112, 0.5, 0.1], [0.0, 0.0, 0.5, 0.1]]], np.float32)
    trace = make_trace([MaxPool2d("pool", 2, 2)], (1, 2, 4), picture=picture)
    numbers = PoolingNumbers(trace, Place("pool", 0, 0, 0))
    assert numbers.looks_equal(numbers.window(0, 0))
    assert not numbers.looks_equal(numbers.window(0, 1))


def test_when_the_largest_changes(make_trace) -> None:
    picture = np.array([[[3.0, 1.0, 3.0], [4.0, 2.0, 9.0], [9.0, 0.0, 1.0]]], np.float32)
    trace = make_trace([MaxPool2d("pool", 3, 3)], (1, 3, 3), picture=picture)
    assert PoolingNumbers(trace, Place("pool", 0, 0, 0)).leads((0, 0)) == [1, 4, 6]


def test_windows_with_a_choice_are_told_before_those_without(make_trace) -> None:
    picture = np.zeros((1, 6, 6), np.float32)
    picture[0, 2, 2], picture[0, 0, 0], picture[0, 4, 5] = 3.0, 1.0, 2.0
    trace = make_trace([MaxPool2d("pool", 2, 2)], (1, 6, 6), picture=picture)
    numbers = PoolingNumbers(trace, Place("pool", 0, 1, 1))
    block = Block(0, 0, 3, 3)
    assert set(numbers.telling_windows(block, (1, 1), 2)) == {(0, 0), (2, 2)}
    told = numbers.telling_windows(block, (1, 1), 4)
    assert {(0, 0), (2, 2)} <= set(told)
    assert told == [place for place in block.walk_around(1, 1, 9) if place in told]
