"""The headings of the journey's panels."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.journey.panel import Panel
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme


@pytest.mark.parametrize("text", ["the picture", "其中这个像素的份额，颜色放大 10 倍"])
def test_a_heading_is_above_its_map_even_in_two_lines(text: str) -> None:
    panel = Panel(Zone(-1.0, 1.5, 1.0, -1.5), dark_theme())
    below = HeatMap(np.zeros((3, 3, 3), np.uint8), 2.0, 2.0)
    heading = panel.heading(text, below)
    assert heading.get_bottom()[1] > below.get_top()[1]
