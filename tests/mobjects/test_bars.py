"""Bars, set by their ends."""

from __future__ import annotations

from cnnviz.mobjects.bars import Bar


def test_bars_reach_from_one_end_to_the_other() -> None:
    bar = Bar("#4aa3ff", 0.5, 0.2)
    bar.set_span(3.0, 1.0)
    assert bar.corners() == (1.0, 0.6, 3.0, 0.4)
    bar.set_bar_colour("#ff0000")
    assert bar.bitmap.rgba[0, 0].tolist() == [255, 0, 0, 255]
