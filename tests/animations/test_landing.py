"""What goes home arrives exactly where the network says the same."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.animations.landing import land, says_the_same
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.text import Label
from cnnviz.style.geometry import point


def test_a_text_arrives_in_size_place_and_colour() -> None:
    text = Label("espresso", 24, "#ffffff").move_to(point(-3, 1))
    part = Label("espresso", 13, "#808080").move_to(point(4, -2))
    proportions = text.width / text.height
    motion = land(text, part, 1.0)
    motion.begin()
    motion.interpolate(0.5)
    assert text.width / text.height == pytest.approx(proportions)
    motion.interpolate(1.0)
    assert text.get_center() == pytest.approx(part.get_center())
    assert (text.em, text.colour) == (pytest.approx(part.em), part.colour)


def test_a_bar_becomes_the_other_even_if_that_stands() -> None:
    bar, part = PlainRectangle("#ffd84a"), PlainRectangle("#9aa3b0")
    bar.set_edges(-2, 1, 1, 0.8)
    part.set_edges(3, 2, 3.2, -1)
    motion = land(bar, part, 1.0)
    motion.begin()
    motion.interpolate(1.0)
    assert bar.corners() == pytest.approx(part.corners())
    assert np.array_equal(bar.bitmap.rgba, part.bitmap.rgba)


def test_a_name_in_lines_is_not_one_in_a_single_line() -> None:
    name = "chocolate syrup"
    narrow, wide = FittedLabel(name, 13, "#ffffff", 0.9), Label(name, 13, "#ffffff")
    assert not says_the_same(narrow, wide)
    assert says_the_same(FittedLabel(name, 13, "#ffffff", 9.0), wide)
