"""What is seen in a beat, in words: the scene's own, the numbers, what all scenes share."""

from __future__ import annotations

import pytest

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.staging.description import SeenAround, beat_description, description_keys

TEXTS = {
    "wave": "Own: {what}. {numbers}",
    "step": "Step {what}.",
    "wave_none": "Nothing of {what}.",
}
WORDS = Words("en", {"mine": {"descriptions": TEXTS}})


def number(value: float) -> Quantity:
    return Quantity.of("activation", value, 2)


def described(beat: str, caption: str | None = None, *values: float, around: SeenAround) -> str:
    keys = description_keys("mine", beat, caption)
    new = around.own([number(value) for value in values])
    return beat_description(WORDS, keys, {"what": "it"}, new, around)


@pytest.mark.parametrize(
    ("beat", "caption", "expected"),
    [
        ("wave", None, "Own: it. Numbers: values 1.00, 2.00."),
        ("wave", "wave_none", "Nothing of it."),
        ("wave", "unknown", "Own: it. Numbers: values 1.00, 2.00."),
        ("step_3", None, "Step it."),
        ("other", None, "Numbers: values 1.00, 2.00."),
    ],
)
def test_the_most_special_words_are_taken(beat: str, caption: str | None, expected: str) -> None:
    assert described(beat, caption, 1, 2, around=SeenAround()) == expected


def test_of_many_numbers_how_many_and_their_ends_are_said() -> None:
    text = described("wave", None, 5, 1, 2, 4, 3, around=SeenAround())
    assert text == "Own: it. Numbers: 5 values from 1.00 to 5.00."


def test_without_numbers_nothing_is_left_of_their_place() -> None:
    assert described("wave", around=SeenAround()) == "Own: it."
    assert described("other", around=SeenAround()) == ""


def test_what_all_scenes_share_stands_around_with_its_own_numbers() -> None:
    around = SeenAround()
    around.add("First.", "before", 1)
    around.add("Second.", "before", 2)
    around.add("Last.", "after", 3)
    text = described("wave", None, 1, 2, 3, 4, around=around)
    assert text == "First. Second. Own: it. Numbers: value 3.00. Last."
