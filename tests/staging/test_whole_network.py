"""The whole network where a scene ends and the next begins."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from manim import FadeIn, FadeOut

from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.trace import Trace
from cnnviz.scenes.relu.scene import ReluScene
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.transition import NETWORK
from cnnviz.staging.whole_network import take_over
from cnnviz.style.geometry import Zone
from tests.scenes.conftest import small_trace  # noqa: F401  (a fixture)
from tests.scenes.stage import setting_of


def views(what: Trace, *, is_moved: bool) -> tuple[LectureScene, Any, Any]:
    """Return a scene that another has left a network to, that network, and its own view of it."""
    scene: Any = ReluScene(setting_of(ReluScene, what))
    stage, words = scene.theme.layout.stage, scene.words
    left = NetworkMap(what, stage, scene.theme, words, scale="global")
    zone = Zone(stage.x - 0.5, stage.y, stage.width - 1, stage.height) if is_moved else stage
    network = NetworkMap(what, zone, scene.theme, words)
    for each in (left, network):
        each.show_all()
    scene.add(left)
    scene.inherited = SimpleNamespace(objects={NETWORK: left})
    return scene, left, network


@pytest.mark.parametrize("is_moved", [False, True])
def test_names_of_another_view_come_when_those_of_before_are_gone(
    small_trace: Trace,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    is_moved: bool,
) -> None:
    scene, left, network = views(small_trace, is_moved=is_moved)
    played: list[Any] = []

    def play(*animations: Any, **_: Any) -> None:
        played.extend(animations)
        for each in animations:
            scene.add(each.mobject)
        for each in animations:
            if isinstance(each, FadeOut):
                scene.remove(each.mobject)

    monkeypatch.setattr(scene, "play", play)
    assert take_over(scene, network) is network
    (goes,) = [each for each in played if isinstance(each, FadeOut)]
    (comes,) = [each for each in played if isinstance(each, FadeIn)]
    parts: list[list[Any]] = [each.mobject.submobjects for each in (goes, comes)]
    assert goes.rate_func(0.5) == 1
    assert comes.rate_func(0.3) == 0
    assert set(left.headings.names) <= set(parts[0])
    assert set(network.headings.names) <= set(parts[1])
    assert (left.bars in parts[0]) == is_moved  # classes that stay do not fade
    assert (network.bars in parts[1]) == is_moved
    family: list[Any] = scene.get_mobject_family_members()
    assert network.bars.names[0] in family
    assert left.bars.names[0] not in family
