"""Every word on screen, by language: one TOML file each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any


class Words:
    """The words of one language.

    Parameters
    ----------
    language
        The name of a file in this folder, without ``.toml``.
    """

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._entries: Mapping[str, Any] = tomllib.loads(
            (files(__name__) / f"{language}.toml").read_text(encoding="utf-8")
        )

    def __call__(self, key: str, **values: object) -> str:
        """Return the text at a dotted key, with `values` filled in.

        An entry with the forms ``one`` and ``many`` is chosen by the value ``count``.

        Raises
        ------
        KeyError
            If there is no such text: a fault of ours, found by the tests.
        """
        entry: Any = self._entries
        for part in key.split("."):
            entry = entry[part]
        if isinstance(entry, dict):
            entry = entry["one" if values["count"] == 1 else "many"]
        return str(entry).format(**values)
