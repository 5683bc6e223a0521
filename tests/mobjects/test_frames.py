"""Outlines: the border of a photo, seen on any ground and a part of it; windows on their maps."""

from __future__ import annotations

import numpy as np
import pytest
from manim import Mobject

from cnnviz.animations.flight import fly
from cnnviz.mobjects.frames import BORDER, KernelWindow, with_border
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.style.colour import contrast_ratio
from cnnviz.style.theme import Theme, dark_theme, light_theme


def night(theme: Theme) -> Photo:
    """Return a black photo, 4 wide and 3 high, with its border."""
    return with_border(Photo(np.zeros((3, 4, 3), np.uint8), 4.0, 3.0), theme)


def margins(photo: HeatMap, border: Mobject) -> list[float]:
    """Return how far a border reaches beyond the photo: left, top, right, bottom."""
    left, top, right, bottom = photo.corners()
    return [
        left - border.get_left()[0],
        border.get_top()[1] - top,
        border.get_right()[0] - right,
        bottom - border.get_bottom()[1],
    ]


@pytest.mark.parametrize("theme", [dark_theme(), light_theme()], ids=lambda theme: theme.name)
def test_it_lies_just_outside_and_stands_out_from_the_ground(theme: Theme) -> None:
    photo = night(theme)
    (border,) = photo.submobjects
    assert margins(photo, border) == pytest.approx([3 * BORDER] * 4)
    assert contrast_ratio(border.get_fill_color().to_hex(), theme.palette.background) > 2


def test_it_goes_with_the_photo_and_shrinks_with_it() -> None:
    photo = night(dark_theme())
    flight = fly(photo, (1.0, 2.0, 3.0, 0.5), 1.0)
    flight.begin()
    flight.finish()
    assert margins(photo, photo.submobjects[0]) == pytest.approx([1.5 * BORDER] * 4)
    photo.scale(0.5)
    assert margins(photo, photo.submobjects[0]) == pytest.approx([0.75 * BORDER] * 4)


def test_it_fades_with_the_photo() -> None:
    photo = night(dark_theme())
    photo.fade(0.75)
    assert photo.submobjects[0].get_fill_opacity() == pytest.approx(0.25)


def test_it_does_not_change_where_cells_are() -> None:
    photo, bare = night(dark_theme()), HeatMap(np.zeros((3, 4, 3), np.uint8), 4.0, 3.0)
    assert photo.corners() == bare.corners()
    assert photo.cell_size() == bare.cell_size()


def test_a_window_lies_on_its_map_from_the_first() -> None:
    """It once appeared in the middle of the frame where it faded in before it was moved."""
    cells = HeatMap(np.zeros((4, 4, 3), np.uint8), 2.0, 2.0)
    cells.move_to((3.0, 1.0, 0.0))
    window = KernelWindow(cells, 2, dark_theme())
    assert window.get_center() == pytest.approx((2.5, 1.5, 0.0))
