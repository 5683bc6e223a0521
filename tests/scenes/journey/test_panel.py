"""The headings of the journey's panels."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.journey.panel import Panel, holds_a_row
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme, theme_of


@pytest.mark.parametrize("text", ["the picture", "其中这个像素的份额，颜色放大 10 倍"])
def test_a_heading_is_above_its_map_even_in_two_lines(text: str) -> None:
    panel = Panel(Zone(-1.0, 1.5, 1.0, -1.5), dark_theme())
    below = HeatMap(np.zeros((3, 3, 3), np.uint8), 2.0, 2.0)
    heading = panel.heading(text, below)
    assert heading.get_bottom()[1] > below.get_top()[1]


@pytest.mark.parametrize(("aspect", "in_a_row"), [("16:9", True), ("1:1", False), ("9:16", False)])
def test_panels_stand_in_a_row_where_that_fills_the_room(aspect: str, in_a_row: bool) -> None:
    stage = theme_of("dark", aspect).layout.stage
    below_trail = Zone(stage.left, stage.top - stage.height / 3, stage.right, stage.bottom)
    assert holds_a_row(below_trail) is in_a_row


def test_a_wide_heading_begins_where_its_cells_do_so_that_no_zoom_line_runs_through_it() -> None:
    """In a square film the line to a corner's one cell ran through what the next cell is called."""
    theme = theme_of("dark", "1:1")
    panel = Panel(Zone(0.0, 1.0, 2.4, -1.0), theme)
    cells = HeatMap(np.zeros((1, 1, 3), np.uint8), 1.2, 0.8).move_to(panel.room.centre)
    heading = panel.heading("a heading wider than its cell", cells, has_lines=True)
    assert heading.width > cells.width
    assert heading.get_left()[0] >= cells.get_left()[0] - 1e-9
