"""The languages say the same things with the same values."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGES, Words
from cnnviz.typography import shape_line


def entries(language: str) -> dict[str, str]:
    """Return every text of a language by its dotted key."""

    def walk(entry: Any, key: str) -> Iterator[tuple[str, str]]:
        if isinstance(entry, Mapping):
            for name, part in entry.items():
                yield from walk(part, f"{key}.{name}" if key else name)
        else:
            yield key, entry

    return dict(walk(Words(language)._entries, ""))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_texts_and_values(language: str) -> None:
    english, other = entries("en"), entries(language)
    assert set(english) == set(other)
    for key, text in english.items():
        one_of_many = key.endswith((".one", ".many"))
        missing = placeholders(text) ^ placeholders(other[key])
        assert not missing or (one_of_many and missing == {"count"}), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_can_be_set(language: str) -> None:
    for text in entries(language).values():
        shape_line(text)
        assert "  " not in text


def test_another_language_is_refused() -> None:
    with pytest.raises(UserError, match='no language "fr": choose en, zh'):
        Words("fr")


def test_a_scene_can_bring_its_own_words() -> None:
    texts = {"en": {"title": "Mine"}, "zh": {"title": "我的"}}
    assert Words("zh").with_scene("mine", texts)("mine.title") == "我的"
    assert Words("zh").with_scene("mine", {"en": texts["en"]})("mine.title") == "Mine"
    assert Words("en").with_scene("mine", texts)("common.bias") == "bias"
