"""Every class's score in a place of its own: names are as large as there is room."""

from __future__ import annotations

import itertools

import pytest

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.scenes.flatten.scores import least_height, score_slots
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


LONG = ("American Staffordshire Terrier", "Greater Swiss Mountain Dog", "gossamer-winged butterfly")


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_long_names_stand_in_lines_of_one_size_rather_than_get_small(aspect: str) -> None:
    theme = theme_of("dark", aspect)
    stage = theme.layout.stage
    names = [*LONG, *NAMES[:7]]
    needed = least_height(names, stage.width, theme)
    assert needed < 0.4 * stage.height
    zone = Zone(stage.left, stage.top, stage.right, stage.top - needed)
    slots = score_slots([shown(name) for name in names], theme, zone)
    assert len({slot.label.font_size for slot in slots}) == 1
    assert slots[0].label.font_size >= SMALLEST
    for slot in slots:
        assert slot.label.ink_corners()[3] > slot.number.ink_corners()[1]


def test_long_names_side_by_side_do_not_read_as_one() -> None:
    theme = theme_of("dark", "1:1")
    stage = theme.layout.stage
    names = ["德国短毛指示犬", "切萨皮克湾寻回犬", "布鲁塞尔格里芬犬", "威尔士史宾格犬"] * 2
    zone = Zone(stage.left, stage.top, stage.right, stage.top - 2.0)
    slots = score_slots([shown(name) for name in names], theme, zone)
    for slot, after in itertools.pairwise(slots[:4]):
        gap = after.label.ink_corners()[0] - slot.label.ink_corners()[2]
        assert gap > 0.7 * slot.label.em
