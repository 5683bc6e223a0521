"""Zones: how a part of the stage is divided."""

from __future__ import annotations

import pytest

from cnnviz.style.geometry import Zone


@pytest.mark.parametrize(("count", "across"), [(1, 1), (3, 3), (5, 3), (7, 4), (8, 4), (2, 5)])
def test_a_grid_fills_its_zone_and_its_last_row_stands_in_the_middle(
    count: int, across: int
) -> None:
    zone = Zone(-3.0, 2.0, 5.0, -1.0)
    cells = zone.grid(count, across)
    assert len(cells) == count
    rows = [cells[start : start + across] for start in range(0, count, across)]
    for row in rows:
        assert (row[0].left + row[-1].right) / 2 == pytest.approx(zone.x)
        assert [cell.width for cell in row] == pytest.approx([zone.width / across] * len(row))
        assert len({cell.y for cell in row}) == 1
    assert rows[0][0].top == zone.top
    assert rows[-1][0].bottom == pytest.approx(zone.bottom)
