"""Values that come out of their cells are not written on the maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnnviz.auditing.film_stage import FAINT
from cnnviz.auditing.visit import visit
from cnnviz.layers import Add, Conv2d, Flatten, Linear
from cnnviz.network import trace
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.scenes.skip.scene import SkipScene
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import setting_of

LAYERS = (
    Conv2d("stem", 3, 4, 3, padding=1),
    Conv2d("project", 4, 4, 1),
    Add("add", inputs=("stem", "project")),
    Flatten("flatten"),
    Linear("output", 4 * 12 * 14, 2),
)


class NumbersOnMaps:
    """Notes which numbers lie in front of a branch's map, in any frame."""

    def __init__(self) -> None:
        self.number_count = 0
        self.found: set[tuple[str, str]] = set()

    def look(self, scene: Any, beat: str, moment: Any, moving: Any) -> None:
        """Look at nothing but frames."""

    def see(self, scene: Any, beat: str, first_frame: int, frame_count: int) -> None:
        if beat not in ("sum", "another"):
            return
        drawn = list(mobjects_to_draw(scene))
        maps = [panel.map for panel in scene.board.panels[:-1]]
        shown = {each.text for each in scene.board.numbers}
        for index, number in enumerate(drawn):
            if getattr(number, "text", None) not in shown or number.opacity <= FAINT:
                continue
            self.number_count += 1
            behind = [each for each in maps if each in drawn[:index]]
            self.found |= {(beat, number.text) for each in behind if meet(number, each)}


def meet(one: Any, other: Any) -> bool:
    """Return whether the rectangles around two mobjects have a place in common."""
    apart = abs(one.get_x() - other.get_x()) - (one.width + other.width) / 2
    above = abs(one.get_y() - other.get_y()) - (one.height + other.height) / 2
    return bool(max(apart, above) < -1e-3)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_values_come_from_behind_the_maps(aspect: str) -> None:
    """Small, pale and growing they lay on the cells, and the sum on the map beside its own."""
    noise = np.random.default_rng(3).random((24, 28)).astype(np.float32)
    seen = trace(noise, fixed_network(LAYERS, ("cat", "dog"), (3, 12, 14)))
    visitor = NumbersOnMaps()
    visit(SkipScene, setting_of(SkipScene, seen, theme_of("dark", aspect)), visitor)
    assert visitor.number_count
    assert not visitor.found
