"""Every class's score in a place of its own: names are as large as there is room."""

from __future__ import annotations

import pytest

from cnnviz.explain.quantity import Quantity
from cnnviz.scenes.flatten.scores import score_slots
from cnnviz.scenes.flatten.shown import ShownScore
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import theme_of

NAMES = ("cat", "ladybug", "pizza", "school bus", "koala", "red panda", "orange", "sports car")


def shown(name: str) -> ShownScore:
    total = Quantity.of("logit", 4.38, 2, sign="always", class_name=name)
    return ShownScore(name, total, total, 3, 4, total, total, "=")


@pytest.mark.parametrize("aspect", ["9:16", "1:1"])
def test_names_are_large_in_narrow_frames_and_clear_of_their_scores(aspect: str) -> None:
    theme = theme_of("dark", aspect)
    stage = theme.layout.stage
    zone = Zone(stage.left, stage.top, stage.right, stage.top - 0.25 * stage.height)
    for slot in score_slots([shown(name) for name in NAMES], theme, zone):
        assert slot.label.font_size > theme.sizes.label
        assert slot.label.ink_corners()[3] > slot.number.ink_corners()[1]
