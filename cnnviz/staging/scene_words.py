"""Where a scene's own words stand: in its class, or in ``LANGUAGE.toml`` beside its module."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cnnviz.locales import Words, words_beside


def words_with(words: Words, scene: type) -> Words:
    """Return the words that scenes share and those of one scene, by the scene's name.

    A scene that is derived from another one has that one's words as well.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for base in reversed(scene.__mro__):
        own = _own_words(vars(base), base.__module__, words.language)
        if own is not None:
            found[vars(base)["name"]] = own
    return words.with_scene(found)


def _own_words(members: Mapping[str, Any], module: str, language: str) -> Mapping[str, Any] | None:
    """Return what one class says, English where there is nothing else; None if it is no scene."""
    if "name" not in members:
        return None
    texts: Mapping[str, Mapping[str, Any]] = members.get("texts") or {}
    if texts:
        return texts.get(language, texts.get("en"))
    file = getattr(sys.modules.get(module), "__file__", None)
    return None if file is None else words_beside(Path(file), language)


def titled_beats(scene: type) -> tuple[str, ...]:
    """Return the names that a scene's beats have titles by: see :mod:`cnnviz.staging.beats`."""
    name: str = scene.name  # type: ignore[attr-defined]
    entries = words_with(Words(), scene).but()
    return tuple(entries.get(name, {}).get("beats", {}))


def scene_title(scene: type, words: Words) -> str:
    """Return what a scene is called in a language: its text ``title``, or else its name."""
    name: str = scene.name  # type: ignore[attr-defined]
    own = words_with(words, scene)
    key = f"{name}.title"
    return own(key) if key in own else name.replace("_", " ")
