"""Names of classes and the whole network's maps make room for each other."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.auditing.film_stage import FAINT
from cnnviz.auditing.visit import visit
from cnnviz.mobjects.network_map.columns import Thumbnail
from cnnviz.mobjects.network_map.edge_bundle import EdgeBundle
from cnnviz.model.trace import Trace
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.scenes.softmax.scene import SoftmaxScene
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.scenes.stage import setting_of


class NamesOnMaps:
    """Notes which of the scene's own names lie on maps of the network, in any frame."""

    def __init__(self) -> None:
        self.frames_with_maps = 0
        self.found: set[tuple[str, str]] = set()

    def look(self, scene: Any, beat: str, moment: Any, moving: Any) -> None:
        """Look at nothing but frames."""

    def see(self, scene: Any, beat: str, first_frame: int, frame_count: int) -> None:
        if not hasattr(scene, "board"):
            return
        drawn = mobjects_to_draw(scene)
        own = {id(line.name) for line in scene.board.table.lines}
        names = [each for each in drawn if id(each) in own and each.opacity > FAINT]
        kinds = Thumbnail | EdgeBundle
        maps = [each for each in drawn if isinstance(each, kinds) and each.opacity > FAINT]
        self.frames_with_maps += bool(maps)
        self.found |= {
            (beat, name.text)
            for name in names
            for each in maps
            if meet(name.corners(), each.corners())
        }


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Return whether two rectangles (left, top, right, bottom) have a place in common."""
    is_beside = one[2] <= other[0] or other[2] <= one[0]
    return not (is_beside or one[1] <= other[3] or other[1] <= one[3])


@pytest.mark.parametrize("aspect", ASPECTS)
def test_no_name_lies_on_a_map_of_the_network(tiny_vgg: Trace, aspect: str) -> None:
    """For half a second they flew over all columns of maps, and back at the end."""
    visitor = NamesOnMaps()
    visit(SoftmaxScene, setting_of(SoftmaxScene, tiny_vgg, theme_of("dark", aspect)), visitor)
    assert visitor.frames_with_maps
    assert not visitor.found
