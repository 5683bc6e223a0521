"""The first card of a lecture: all chapters can be read in every frame."""

from __future__ import annotations

import pytest

from cnnviz.locales import LANGUAGES
from cnnviz.scenes.lecture.cards import TableOfContents
from cnnviz.scenes.lecture.scene import CARD_GAP, STORY
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.scenes.stage import words_of


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contents_stay_in_their_zone(aspect: str, language: str) -> None:
    theme = theme_of("dark", aspect)
    _, zone = theme.layout.stage.parts(1, 1, gap=CARD_GAP)
    titles = [words_of(name, language)(f"{name}.title") for name in STORY]
    lines = TableOfContents(titles, zone, theme).lines
    assert [line[1].text for line in lines] == titles
    for number, title in lines:
        assert number.get_left()[0] >= zone.left - 1e-6
        assert title.get_left()[0] > number.get_right()[0]
        assert title.get_right()[0] <= zone.right + 1e-6
        assert title.font_size >= theme.sizes.label
    heights = [title.get_center()[1] for _, title in lines]
    assert max(heights) <= zone.top
    assert min(heights) >= zone.bottom
