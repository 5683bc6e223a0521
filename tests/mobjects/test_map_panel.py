"""A map shown large: its name is legible however long it is."""

from __future__ import annotations

import numpy as np

from cnnviz.locales import Words
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.map_panel import MapPanel, lines_of_names
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme

LONG, SHORT = "conv2_block1_preact_relu, channel 1", "add, channel 1"
ZONE = Zone(-1.2, 2.0, 1.2, -2.0)


def panel_named(name: str, name_lines: int | None = None) -> MapPanel:
    theme, words = dark_theme(), Words()
    values = np.arange(16, dtype=np.float32).reshape(4, 4)
    scale = ColourScale(0.0, 15.0, ("#000000", "#ffffff"))
    return MapPanel(values, scale, name, "add", theme, words, ZONE, name_lines=name_lines)


def test_a_long_name_takes_a_second_line_above_a_map_that_makes_room() -> None:
    """In square films names of Keras's layers were set in 11 points."""
    panel = panel_named(LONG)
    assert panel.name.font_size >= SMALLEST
    assert panel.name.width <= ZONE.width
    assert panel.name.get_bottom()[1] > panel.map.get_top()[1]
    assert panel.name.get_top()[1] <= ZONE.top + 0.05


def test_maps_side_by_side_stand_in_one_line_whatever_their_names() -> None:
    lines = lines_of_names([LONG, SHORT], ZONE.width, dark_theme())
    assert lines == 2
    one, other = panel_named(LONG, lines), panel_named(SHORT, lines)
    assert one.map.corners() == other.map.corners()
    assert panel_named(SHORT).map.width >= other.map.width
