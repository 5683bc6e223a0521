from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.positions import neighbouring_positions


@given(st.data(), st.integers(1, 9), st.integers(1, 9), st.integers(1, 4))
def test_each_step_goes_to_a_neighbour(
    data: st.DataObject, rows: int, columns: int, count: int
) -> None:
    row = data.draw(st.integers(0, rows - 1))
    column = data.draw(st.integers(0, columns - 1))
    walk = neighbouring_positions(row, column, (rows, columns), count)
    assert len(walk) <= count
    assert bool(walk) == (rows * columns > 1)
    places = [(row, column), *walk]
    for (a, b), (c, d) in zip(places, walk, strict=False):
        assert abs(a - c) + abs(b - d) == 1
        assert 0 <= c < rows
        assert 0 <= d < columns


def test_right_where_there_is_room_otherwise_left() -> None:
    assert neighbouring_positions(0, 0, (5, 5), 3) == [(0, 1), (0, 2), (0, 3)]
    assert neighbouring_positions(4, 4, (5, 5), 3) == [(4, 3), (4, 2), (4, 1)]
    assert neighbouring_positions(1, 0, (3, 1), 3) == [(2, 0)]
