"""A close-up on its way: it appears as it leaves, and its numbers come last."""

from __future__ import annotations

import numpy as np
from manim import smooth

from cnnviz.explain.quantity import Quantity
from cnnviz.scenes.journey.closeup import CloseUp
from cnnviz.scenes.journey.motions import once_passed
from cnnviz.scenes.journey.shown import written_cells
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme


def test_it_does_not_cover_what_it_comes_from_at_once() -> None:
    theme = dark_theme()
    values = np.array([[0.5, -1.0], [2.0, 0.0]])
    close_up = CloseUp(
        values,
        lambda characters: [[Quantity.of("own_part", each, 2) for each in row] for row in values],
        theme.signed_scale(2.0),
        theme,
        Zone(0.0, 2.0, 2.0, 0.0),
    )
    opacities = []
    for share in (0.0, 0.1, 0.5, 1.0):
        close_up.grow((-3.0, 2.0, -1.0, 0.0), share)
        opacities.append([close_up.cells.opacity, close_up.numbers[0].opacity])
    cells, numbers = np.transpose(opacities)
    assert cells[0] == 0 < cells[1] < 1 == cells[2] == cells[3]
    assert list(numbers) == [0, 0, 0, 1]


def test_what_stands_on_its_way_appears_when_it_has_passed() -> None:
    """A square frame's grid slid over its heading, which was half there already."""
    theme = dark_theme()
    close_up = CloseUp(
        np.ones((5, 5)), lambda characters: [], theme.signed_scale(2.0), theme, Zone(0, 0, 2, -2)
    )
    heading_bottom = 0.05
    for time in np.linspace(0.0, 1.0, 31):
        close_up.grow((0.0, 2.5, 2.0, 0.5), float(smooth(time)))
        if once_passed(float(time)) > 0.05:
            assert close_up.cells.corners()[1] <= heading_bottom + 0.15
    assert once_passed(1.0) == 1.0


def test_a_small_part_has_its_number_where_a_cell_has_room() -> None:
    """In cells for five characters a corner's part, −0.0023, was a colour without a number."""
    theme = dark_theme()
    part = np.array([[-0.0023]])
    written = written_cells("own_part", part, (0,), (0,), "conv", 1)
    close_up = CloseUp(part, written, theme.signed_scale(1.0), theme, Zone(0, 0, 4, -3))
    assert [number.text for number in close_up.numbers] == ["−0.0023"]
    assert close_up.numbers[0].width < 0.95 * close_up.cells.width


def test_a_single_cell_is_large() -> None:
    theme = dark_theme()
    written = written_cells("activation", np.ones((1, 1)), (0,), (0,), "conv", 0)
    close_up = CloseUp(np.ones((1, 1)), written, theme.signed_scale(1.0), theme, Zone(0, 0, 4, -3))
    assert close_up.cells.width >= 1.9
