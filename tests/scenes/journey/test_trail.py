"""The trail of small maps: its names stand above them, however long they are."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.mobjects.text import Label
from cnnviz.scenes.journey.trail import Trail
from cnnviz.style.theme import theme_of


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("name", ["relu_1", "expanded_conv_depthwise_relu_of_the_second_block"])
def test_no_name_lies_over_a_map(aspect: str, name: str) -> None:
    names = ["the picture", *[name] * 8]
    cells = np.zeros((4, 4, 3), np.uint8)
    trail = Trail([cells] * len(names), names, theme_of("dark", aspect))
    labels = [part for part in trail.parts if isinstance(part, Label)]
    assert [label.text for label in labels] == names
    for label, below in zip(labels, trail.maps, strict=True):
        assert label.get_bottom()[1] > below.get_top()[1]
        for other in trail.maps:
            is_beside = abs(label.get_center()[0] - other.get_center()[0]) > (
                (label.width + other.width) / 2
            )
            is_above = label.get_bottom()[1] >= other.get_top()[1]
            assert is_beside or is_above or label.get_top()[1] <= other.get_bottom()[1]
