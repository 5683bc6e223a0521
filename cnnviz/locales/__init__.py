"""Every word on screen, by language.

What scenes share stands here, a folder for each language; what one scene says stands beside
it, in ``LANGUAGE.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from copy import copy
from importlib.resources import files
from numbers import Integral
from pathlib import Path
from string import Formatter
from typing import Any, Literal, Self, get_args

from cnnviz.errors import UserError

Language = Literal["en", "zh"]
"""English and Simplified Chinese."""

LANGUAGES: tuple[Language, ...] = get_args(Language)

LANGUAGE_TAGS: Mapping[str, str] = {"en": "en", "zh": "zh-Hans"}
"""Languages as HTML names them, BCP 47."""


EDGE = "\0"
"""Stands at the ends of what is filled in, until it is known what is beside it."""

BEFORE_LATIN = re.compile(rf"(?<=[\u4e00-\u9fff]){EDGE}(?=[A-Za-z0-9])")
AFTER_LATIN = re.compile(rf"(?<=[A-Za-z0-9]){EDGE}(?=[\u4e00-\u9fff])")

BEFORE_VOWEL = re.compile(rf"\b([Aa]) {EDGE}(?=8|1[18](?!\d))")
"""An English article before a number that begins with a vowel: eight, eleven, eighteen."""


def check_language(language: str) -> None:
    """Raise a UserError if there is no such language."""
    if language not in LANGUAGES:
        raise UserError(f'there is no language "{language}": choose {", ".join(LANGUAGES)}')


class Words:
    """The words of one language, and a note of those that were looked up.

    Parameters
    ----------
    language
        One of `LANGUAGES`.
    own
        Words of scenes, by scene name.

    Raises
    ------
    UserError
        If there is no such language.

    Attributes
    ----------
    language
        As given.
    looked_up
        What was found at every dotted key that was asked for, None where nothing was.
    """

    def __init__(self, language: str = "en", own: Mapping[str, Any] | None = None) -> None:
        check_language(language)
        self.language = language
        self.looked_up: dict[str, Any] = {}
        self._entries: Mapping[str, Any] = {**_read(language), **(own or {})}

    def with_scene(self, scenes: Mapping[str, Mapping[str, Any]]) -> Self:
        """Return shared words and those of a scene, by its name: see :func:`words_beside`.

        What is looked up in them is noted in these, too.
        """
        words = type(self)(self.language, scenes)
        words.looked_up = self.looked_up
        return words

    def unread(self) -> Self:
        """Return the same words, none of which has been looked up."""
        words = copy(self)
        words.looked_up = {}
        return words

    def but(self, *tables: str) -> dict[str, Any]:
        """Return all that is said, except for tables at dotted keys, as what JSON takes."""

        def rest(entry: Any, key: str) -> Any:
            if not isinstance(entry, Mapping):
                return entry
            inner = {name: f"{key}.{name}" if key else name for name in entry}
            return {
                name: rest(entry[name], path) for name, path in inner.items() if path not in tables
            }

        whole: dict[str, Any] = rest(self._entries, "")
        return whole

    def __call__(self, key: str, **values: object) -> str:
        """Return the text at a dotted key, with `values` filled in, whole numbers as on screen.

        An entry with the forms ``one`` and ``many`` is chosen by the value ``count``.

        Raises
        ------
        KeyError
            If there is no such text: a fault of ours, found by the tests.
        """
        entry = self._entry(key)
        if isinstance(entry, Mapping):
            entry = entry["one" if values["count"] == 1 else "many"]
        return _filled(str(entry), {name: _written(value) for name, value in values.items()})

    def __contains__(self, key: str) -> bool:
        """Return whether there is something at a dotted key."""
        try:
            self._entry(key)
        except KeyError:
            return False
        return True

    def _entry(self, key: str) -> Any:
        self.looked_up[key] = None
        entry: Any = self._entries
        for part in key.split("."):
            entry = entry[part]
        self.looked_up[key] = entry
        return entry


class _EdgedFormatter(Formatter):
    """Marks where what is filled in begins and ends."""

    def format_field(self, value: object, format_spec: str) -> str:
        return f"{EDGE}{super().format_field(value, format_spec)}{EDGE}"


def _filled(entry: str, values: Mapping[str, object]) -> str:
    """Fill values in, with a space between what ends or begins one in Latin and Chinese beside it.

    So class names may be of either script; within a value nothing is changed. In English it is an
    11×11 kernel.
    """
    text = _EdgedFormatter().vformat(entry, (), values)
    text = BEFORE_VOWEL.sub(r"\1n ", text)
    for at_edge in (BEFORE_LATIN, AFTER_LATIN):
        text = at_edge.sub(" ", text)
    return text.replace(EDGE, "")


def _written(value: object) -> object:
    """Return a whole number with a comma between thousands; anything else as it is."""
    return f"{value:,}" if isinstance(value, Integral) else value


def word_files_beside(module: Path) -> list[Path]:
    """Return the files in the folder of a module from which words may be read."""
    files_by_language = (module.with_name(f"{language}.toml") for language in LANGUAGES)
    return [path for path in files_by_language if path.is_file()]


def words_beside(module: Path, language: str) -> Mapping[str, Any] | None:
    """Return the words in the folder of a module, English where there are no others.

    None if there are none at all.
    """
    for name in (language, "en"):
        path = module.with_name(f"{name}.toml")
        if path.is_file():
            return tomllib.loads(path.read_text(encoding="utf-8"))
    return None


def texts_of(language: Language) -> Iterator[str]:
    """Yield every text of a language, with its braces: those of cnnviz's own scenes, too."""

    def walk(entry: Any) -> Iterator[str]:
        if isinstance(entry, Mapping):
            for part in entry.values():
                yield from walk(part)
        else:
            yield str(entry)

    yield from walk(_read(language))
    for path in (Path(__file__).parents[1] / "scenes").glob(f"*/{language}.toml"):
        yield from walk(tomllib.loads(path.read_text(encoding="utf-8")))


def _read(language: str) -> dict[str, Any]:
    """Return what scenes share: first the file's name, then what is in it."""
    return {
        path.name.removesuffix(".toml"): tomllib.loads(path.read_text(encoding="utf-8"))
        for path in (files(__name__) / language).iterdir()
        if path.name.endswith(".toml")
    }
