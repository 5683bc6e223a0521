"""Captions are cut into cues that can be read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.locales import LANGUAGES, texts_of
from cnnviz.publishing.caption_cues import LINES, READING_SPEEDS, cue_texts, cues_of

WORDS = st.lists(st.text("abcxyz0189,.:;!?()", min_size=1, max_size=60), min_size=1, max_size=60)
CHINESE = st.text("卷积核输入的每个位置，。：；（）ab1 ", min_size=1, max_size=200)


def plain(text: str) -> str:
    return "".join(text.split())


@given(WORDS.map(" ".join) | CHINESE.map(lambda text: " ".join(text.split()) or "x"))
def test_nothing_is_lost_and_no_line_is_too_long(text: str) -> None:
    for reading in READING_SPEEDS.values():
        cues = cue_texts(text, reading.line)
        assert plain("".join(cues)) == plain(text)
        for cue in cues:
            lines = cue.split("\n")
            assert len(lines) <= LINES
            assert all(0 < len(line) <= reading.line for line in lines)


@given(WORDS.map(" ".join), st.integers(0, 10**6), st.integers(1, 10**5))
def test_cues_fill_the_time_and_do_not_overlap(text: str, start: int, length: int) -> None:
    cues = cues_of(text, start, start + length, "en")
    assert (cues[0].start, cues[-1].end) == (start, start + length)
    assert all(first.end == second.start for first, second in pairwise(cues))


@given(WORDS.map(" ".join))
def test_each_cue_can_be_read_where_the_whole_text_can(text: str) -> None:
    speed = READING_SPEEDS["en"].characters_a_second
    for cue in cues_of(text, 0, round(1000 * len(text) / speed) + 1000, "en"):
        assert len(cue.text.replace("\n", " ")) <= (cue.end - cue.start + 2) / 1000 * speed


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ("Short.", ["Short."]),
        (
            "The first sentence says one thing. And the second one says another, longer thing.",
            ["The first sentence says one thing. And the\nsecond one says another, longer thing."],
        ),
        (
            "The first sentence says one thing only. The second one says another, longer one too.",
            [
                "The first sentence says one thing only.",
                "The second one says\nanother, longer one too.",
            ],
        ),
        (
            "A convolution, conv_1_1: one small filter, laid on every place of its input.",
            ["A convolution, conv_1_1: one small\nfilter, laid on every place of its input."],
        ),
    ],
)
def test_a_text_is_cut_where_a_reader_pauses(text: str, cues: list[str]) -> None:
    assert cue_texts(text, 42) == cues


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_scenes_fits(language: str) -> None:
    line = READING_SPEEDS[language].line
    for text in texts_of(language):  # type: ignore[arg-type]
        for cue in cue_texts(" ".join(text.split()) or "-", line):
            assert all(len(part) <= line for part in cue.split("\n"))
