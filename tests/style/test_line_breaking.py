"""Text is broken into lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.mobjects.text import TextBlock
from cnnviz.style.line_breaking import CLOSING, OPENING, break_anywhere, break_lines, break_name
from cnnviz.style.typography import line_advance

ENGLISH = "The quick brown fox jumps over the lazy dog and runs far away from here"
CHINESE = "这是一个小例子，并非网络中的数值。五个数决定输出的大小；第一个是输入尺寸，这里 n = 5。"


def test_lines_are_balanced_and_words_stay_whole() -> None:
    lines = break_lines(ENGLISH, 24)
    assert " ".join(lines) == ENGLISH
    widths = [line_advance(line) for line in lines]
    assert max(widths) <= 24
    assert len(lines) == 2
    assert min(widths) > 0.8 * max(widths)
    assert len(TextBlock(ENGLISH, 24, "#ffffff", 8).submobjects) == 2


def test_a_word_that_is_too_long_stays_whole() -> None:
    assert break_lines("a pneumonoultramicroscopic word", 5) == [
        "a",
        "pneumonoultramicroscopic",
        "word",
    ]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("depth_6_relu", ["depth_6_", "relu"]),
        ("depth_15_relu", ["depth_15_", "relu"]),
        ("block2_sepconv1_bn", ["block2_", "sepconv1_", "bn"]),
        ("expand_12", ["expand_12"]),
        ("conv_1_1", ["conv_1_1"]),
        ("sports car", ["sports", "car"]),
        ("gossamer-winged", ["gossamer-", "winged"]),
    ],
)
def test_a_name_is_broken_before_its_words_never_before_a_number(
    name: str, lines: list[str]
) -> None:
    assert break_name(name, 4.2) == lines
    assert break_name(name, 20) == [name]


def test_what_must_be_broken_anywhere_keeps_its_numbers_as_long_as_it_can() -> None:
    assert break_anywhere("depth_6_relu", 5.0) == ["depth_6_", "relu"]
    assert break_anywhere("depth_6_relu", 3.5) == ["depth_", "6_relu"]


def test_chinese_breaks_between_clauses_where_that_costs_no_line() -> None:
    assert break_lines(CHINESE, 28) == [
        "这是一个小例子，并非网络中的数值。",
        "五个数决定输出的大小；第一个是输入尺寸，这里 n = 5。",
    ]


def test_chinese_breaks_anywhere_where_clauses_are_too_long() -> None:
    lines = break_lines(CHINESE, 8)
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    assert all(line_advance(line) <= 8 for line in lines)


@pytest.mark.parametrize("mark", ["，", "。", "；"])
def test_a_clause_at_the_end_is_no_empty_line(mark: str) -> None:
    assert break_lines(f"卷积{mark}", 20) == [f"卷积{mark}"]


@given(st.text("卷积核在每个位置，。；：（）n5", min_size=1, max_size=60), st.floats(6, 40))
def test_nothing_is_lost_and_no_line_begins_or_ends_wrongly(text: str, longest: float) -> None:
    lines = break_lines(text, longest)
    assert "".join(lines) == text
    for before, after in pairwise(lines):
        assert before[-1] not in OPENING
        assert after[0] not in CLOSING
