"""Every class's score appears on a clear stage."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.auditing.film_stage import FAINT
from cnnviz.auditing.visit import visit
from cnnviz.mobjects.cells import Cells
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.scenes.flatten.scene import FlattenScene
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.scenes.stage import setting_of


class OverCells:
    """Notes which names and scores lie on cells, in any frame of the beat."""

    def __init__(self) -> None:
        self.frame_count = 0
        self.found: list[str] = []

    def look(self, scene: Any, beat: str, moment: Any, moving: Any) -> None:
        """Look at nothing but frames."""

    def see(self, scene: Any, beat: str, first_frame: int, frame_count: int) -> None:
        if beat != "classes":
            return
        self.frame_count += frame_count
        board = scene.board
        rows = [board.cells, board.weight_cells, board.product_cells]
        maps = [board.ghost] if scene.present([board.ghost]) else []
        seen = [each for each in (*rows, *maps) if each.opacity > FAINT]
        own = {*(slot.label for slot in board.slots), *(slot.number.text for slot in board.slots)}
        for text in mobjects_to_draw(scene):
            if (
                isinstance(text, Label)
                and text.opacity > FAINT
                and (text in own or text.text in own)
            ):
                self.found += [text.text for cells in seen if meet(text.corners(), around(cells))]


def around(cells: Cells) -> tuple[float, ...]:
    """Return left, top, right and bottom of what is seen of some cells."""
    now = cells.current
    lefts, tops, sizes = (each[now.alphas > 0] for each in (now.lefts, now.tops, now.sizes))
    return lefts.min(), tops.max(), (lefts + sizes).max(), (tops - sizes).min()


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Return whether two rectangles (left, top, right, bottom) have a place in common."""
    is_beside = one[2] <= other[0] or other[2] <= one[0]
    return not (is_beside or one[1] <= other[3] or other[1] <= one[3])


@pytest.mark.parametrize("aspect", ASPECTS)
def test_names_and_scores_of_classes_lie_on_no_cells(small_trace: Trace, aspect: str) -> None:
    """The score flew over all rows of cells, and names came while the maps were still seen."""
    visitor = OverCells()
    visit(FlattenScene, setting_of(FlattenScene, small_trace, theme_of("dark", aspect)), visitor)
    assert visitor.frame_count
    assert not visitor.found
