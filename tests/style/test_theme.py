"""The look: what depends on the frame."""

from __future__ import annotations

import pytest

from cnnviz.style.theme import theme_of


def test_captions_are_as_large_in_1_1_as_in_16_9() -> None:
    """At the same height of the picture; they were a fifth smaller."""
    heights = {}
    for aspect in ("16:9", "1:1"):
        theme = theme_of("dark", aspect)
        heights[aspect] = theme.sizes.caption / theme.layout.frame_height
    assert heights["1:1"] == pytest.approx(heights["16:9"], rel=0.1)
