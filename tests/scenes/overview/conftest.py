"""What the tests of the overview share: the bundled network on a photo, and a film's end."""

from __future__ import annotations

from typing import Any

import pytest

from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.scenes.overview.scene import OverviewScene
from cnnviz.style.theme import theme_of
from tests.scenes.stage import setting_of, visit_beats


@pytest.fixture(scope="session")
def tiny_vgg() -> Trace:
    return trace(bundled_photo(), load_network())


def last_stage(seen: Trace, theme: str = "dark", aspect: str = "16:9", **parameters: Any) -> Any:
    """Return the scene as it stands at its end."""
    setting = setting_of(OverviewScene, seen, theme_of(theme, aspect), **parameters)
    return visit_beats(OverviewScene, setting, lambda scene, beat: None)
