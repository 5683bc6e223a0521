"""The pixel's own part of every map: its strongest values stand clear of each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.layer_blocks import blocks_of
from cnnviz.scenes.journey.spread import SpreadBoard
from cnnviz.scenes.journey.stages import follow_pixel
from cnnviz.style.theme import theme_of
from tests.scenes.stage import words_of


@pytest.mark.parametrize("factor", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_numbers_wider_than_their_patches_stand_in_several_lines(
    tiny_vgg: Trace, aspect: str, factor: float
) -> None:
    """Those of Xception, such as +8 × 10⁻⁶ beside −0.0045, lay on each other."""
    theme = theme_of("dark", aspect)
    theme = replace(theme, sizes=replace(theme.sizes, label=theme.sizes.label * factor))
    journey = follow_pixel(tiny_vgg, 20, 30, 0)
    blocks = blocks_of(tiny_vgg, journey).detailed
    stage, words = theme.layout.stage, words_of("journey")
    board = SpreadBoard(tiny_vgg, journey, blocks, 0, stage, theme, words)
    for one, other in combinations(board.peaks, 2):
        apart = abs(one.get_center() - other.get_center())[:2]
        needed = (one.width + other.width) / 2, (one.height + other.height) / 2
        assert apart[0] > needed[0] or apart[1] > min(needed[1], 0.4)
    for peak in board.peaks:
        assert peak.get_bottom()[1] > board.note.get_top()[1] - 0.2 * factor
        assert peak.get_top()[1] < stage.top + 0.2 * factor
