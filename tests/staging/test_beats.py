"""A beat's title, and the frame that stands for a film."""

from __future__ import annotations

import pytest

from cnnviz.locales import Words
from cnnviz.staging.beats import Beat, beat_title, poster_frame

BEATS = [
    Beat("one", "One", "One", "First", 0, 45, ()),
    Beat("two", "Two", "Two", "Second", 45, 60, ()),
]


def test_the_poster_is_the_end_of_the_beat_that_the_scene_names() -> None:
    assert poster_frame(BEATS, "one", 110) == 44


def test_without_that_beat_the_poster_is_the_end_of_the_last() -> None:
    assert poster_frame(BEATS, "three", 110) == 104


def test_without_beats_the_poster_is_the_last_frame() -> None:
    assert poster_frame([], "one", 110) == 109


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("sum", "The sum of 3"),
        ("step_1", "Step conv"),
        ("step_22", "Step conv"),
        ("part_2", "The second part"),
        ("close_up", "close up"),
        ("layer_3", "layer 3"),
        ("step_b", "step b"),
    ],
)
def test_a_title_is_found_by_name_then_without_its_number_else_it_is_the_name(
    name: str, title: str
) -> None:
    titles = {"sum": "The sum of {count}", "step": "Step {layer}", "part_2": "The second part"}
    words = Words("en", {"mine": {"beats": titles}})
    assert beat_title(words, "mine", name, {"count": 3, "layer": "conv"}) == title


def test_a_scene_without_titles_has_its_names() -> None:
    words = Words("zh", {"mine": {"captions": {"the_end": "!"}}})
    assert beat_title(words, "mine", "the_end", {}) == "the end"
