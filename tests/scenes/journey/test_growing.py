"""What grows out of numbers does not cover them."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.auditing.film_stage import FAINT
from cnnviz.auditing.visit import visit
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.scenes.journey.scene import JourneyScene
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.scenes.stage import setting_of


class CoveredNumbers:
    """Notes which numbers have cells in front of them, in any frame of what is told of layers."""

    def __init__(self) -> None:
        self.number_count = 0
        self.found: set[str] = set()

    def look(self, scene: Any, beat: str, moment: Any, moving: Any) -> None:
        """Look at nothing but frames."""

    def see(self, scene: Any, beat: str, first_frame: int, frame_count: int) -> None:
        if beat != "products" and not beat.startswith("step"):
            return
        numbers: list[Number] = []
        for each in mobjects_to_draw(scene):
            if isinstance(each, Number) and each.opacity == 1.0:
                numbers.append(each)
            if isinstance(each, HeatMap) and each.opacity > FAINT:
                left, top, right, bottom = each.corners()
                self.found |= {
                    f"{beat}: {number.text}"
                    for number in numbers
                    if left < number.get_x() < right and bottom < number.get_y() < top
                }
        self.number_count += len(numbers)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_what_grows_out_of_numbers_comes_from_behind_them(small_trace: Trace, aspect: str) -> None:
    """Products slid over the weights, and the pixel's part over the outputs."""
    visitor = CoveredNumbers()
    visit(JourneyScene, setting_of(JourneyScene, small_trace, theme_of("dark", aspect)), visitor)
    assert visitor.number_count
    assert not visitor.found
