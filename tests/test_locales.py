"""The languages say the same things with the same values."""

from __future__ import annotations

import importlib
import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGE_TAGS, LANGUAGES, Words
from cnnviz.publishing.caption_cues import READING_SPEEDS
from cnnviz.publishing.script import ISO_639_2
from cnnviz.staging.registry import scene_names
from cnnviz.staging.scene_words import words_with
from cnnviz.style.typography import shape_line
from tests.scenes.stage import words_of


def entries(language: str) -> dict[str, str]:
    """Return every text of a language by its dotted key."""

    def walk(entry: Any, key: str) -> Iterator[tuple[str, str]]:
        if isinstance(entry, Mapping):
            for name, part in entry.items():
                yield from walk(part, f"{key}.{name}" if key else name)
        else:
            yield key, entry

    scenes = [words_of(name, language)._entries for name in scene_names()]
    return dict(walk({key: part for each in scenes for key, part in each.items()}, ""))


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


@pytest.mark.parametrize("table", [LANGUAGE_TAGS, READING_SPEEDS, ISO_639_2])
def test_no_table_forgets_a_language(table: Mapping[str, object]) -> None:
    assert set(table) == set(LANGUAGES)


def test_another_language_is_refused() -> None:
    with pytest.raises(UserError, match='no language "fr": choose en, zh'):
        Words("fr")


class Mine:
    """A scene, as far as its words go."""

    name = "mine"
    texts: Mapping[str, Mapping[str, str]] = {"en": {"title": "Mine"}, "zh": {"title": "我的"}}


class Derived(Mine):
    name = "derived"
    texts: Mapping[str, Mapping[str, str]] = {"en": {"title": "Derived"}}


def test_a_scene_can_bring_its_own_words() -> None:
    assert words_with(Words("zh"), Mine)("mine.title") == "我的"
    assert words_with(Words("en"), Mine)("common.bias") == "bias"


def test_english_stands_in_and_a_derived_scene_has_both_words() -> None:
    words = words_with(Words("zh"), Derived)
    assert words("derived.title") == "Derived"
    assert words("mine.title") == "我的"


def test_words_stand_beside_a_scene_s_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beside.py").write_text("class Beside:\n    name = 'beside'\n")
    (tmp_path / "en.toml").write_text("title = 'Beside'")
    monkeypatch.syspath_prepend(tmp_path)
    scene = importlib.import_module("beside").Beside
    assert words_with(Words("zh"), scene)("beside.title") == "Beside"
    (tmp_path / "zh.toml").write_text("title = '旁边'")
    assert words_with(Words("zh"), scene)("beside.title") == "旁边"


@pytest.mark.parametrize(
    ("winner", "said"),
    [
        ("猫", "通向猫的 5 条"),
        ("8", "通向 8 的 5 条"),
        ("class 0", "通向 class 0 的 5 条"),
        ("T恤", "通向 T恤的 5 条"),
    ],
)
def test_latin_names_stand_apart_from_chinese_around_them(winner: str, said: str) -> None:
    text = words_of("overview", "zh")("overview.captions.paths", winner=winner, total=5, count=3)
    assert text.startswith(said)
    assert text.isprintable()


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ("3×3", "a 3×3"),
        ("8×8", "an 8×8"),
        ("11×11", "an 11×11"),
        ("18×2", "an 18×2"),
        ("1×8", "a 1×8"),
        ("118×1", "a 118×1"),
    ],
)
def test_an_article_fits_the_number_behind_it(size: str, said: str) -> None:
    values = {"filter": 2, "size": size, "count": 3, "weights": 28}
    assert f": {said} kernel for each" in words_of("conv")("conv.captions.filter", **values)


class Measured:
    name = "measured"
    texts: Mapping[str, Mapping[str, str]] = {
        "en": {"share": "{share:.1f} of all"},
        "zh": {"share": "占{share:.1f}份"},
    }


@pytest.mark.parametrize(("language", "said"), [("en", "0.3 of all"), ("zh", "占 0.3 份")])
def test_a_text_may_say_how_a_number_is_written(language: str, said: str) -> None:
    assert words_with(Words(language), Measured)("measured.share", share=0.25001) == said
