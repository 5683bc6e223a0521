"""Captions are as large as two lines allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.staging.scene import LectureScene
from cnnviz.style.theme import theme_of
from tests.scenes.stage import setting_of, visit_beats

WORDS = (
    "so many words that two lines hold them all only where they are somewhat smaller "
    "than most others"
)
"""In a square frame two lines of captions hold 90 letters or so."""


@dataclass(frozen=True)
class NoParameters:
    """Nothing to choose."""


class Captioned(LectureScene):
    """Three beats whose captions take one line, somewhat more than two, and far more."""

    name = "captioned"
    Parameters = NoParameters
    poster_beat = "one"
    texts = {  # noqa: RUF012
        "en": {"captions": {"one": "One line.", "two": f"{WORDS}.", "more": f"{WORDS}, {WORDS}."}}
    }

    def construct(self) -> None:
        """Tell them."""
        for beat in ("one", "two", "more"):
            with self.beat(beat):
                self.wait(1)


@pytest.fixture(scope="module")
def noise(small_network: Network) -> Trace:
    return trace(np.random.default_rng(3).random((32, 32, 3)).astype(np.float32), small_network)


def test_a_caption_shrinks_only_as_far_as_two_lines_take(noise: Trace) -> None:
    """What took three lines was at once set in the least size, in which two were half empty."""
    theme = theme_of("dark", "1:1")
    sizes: dict[str, float] = {}
    lines: dict[str, int] = {}

    def look(stage: LectureScene, beat: str) -> None:
        sizes[beat] = stage.caption_lines[0].font_size
        lines[beat] = len(stage.caption_lines)

    visit_beats(Captioned, setting_of(Captioned, noise, theme), look)
    assert (sizes["one"], lines["one"]) == (theme.sizes.caption, 1)
    assert theme.sizes.long_caption < sizes["two"] < theme.sizes.caption
    assert lines["two"] == 2
    assert sizes["more"] == theme.sizes.long_caption
    assert lines["more"] > 2
