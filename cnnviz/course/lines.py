"""On which line of a TOML text each key and each item stands.

Parsers of TOML say where a text is no TOML, but not where a value stood whose meaning is wrong.
This walks over a text that a parser has accepted, so it need not know what TOML forbids.
"""

from __future__ import annotations

import tomllib
from collections import Counter

Path = tuple[str | int, ...]
"""From the top to a value: keys of tables and numbers of items, counted from 0."""


def lines_of(text: str) -> dict[Path, int]:
    """Return the line, counted from 1, of every table, key and item of an array.

    Parameters
    ----------
    text
        TOML, https://toml.io/en/v1.0.0, with line feeds as line ends.
    """
    walk = _Walk(text)
    walk.over_everything()
    return walk.lines


class _Walk:
    """Goes through a text from its start to its end, once."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text + "\n"
        self._at = 0
        self._tables_in: Counter[Path] = Counter()

    def over_everything(self) -> None:
        table: Path = ()
        while self._next():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _next(self, between: str = " \t\n") -> str:
        """Skip what says nothing, comments as well, and return the character after it."""
        while self._at < len(self._text):
            character = self._text[self._at]
            if character == "#":
                self._at = self._text.index("\n", self._at)
            elif character in between:
                self._at += 1
            else:
                return character
        return ""

    def _note(self, path: Path) -> None:
        self.lines.setdefault(path, self._text.count("\n", 0, self._at) + 1)

    def _header(self) -> Path:
        """Pass ``[a.b]`` or ``[[a.b]]`` and return the path of the table that begins there."""
        is_array = self._text.startswith("[[", self._at)
        begin = self._at
        self._at += 2 if is_array else 1
        *outer, last = self._key()
        end, self._at = self._text.index("\n", self._at), begin
        path: Path = ()
        for part in outer:
            self._note((*path, part))
            path = self._inside((*path, part))
        path = (*path, last)
        if is_array:
            self._note(path)
            self._tables_in[path] += 1
        path = self._inside(path)
        self._note(path)
        self._at = end
        return path

    def _inside(self, path: Path) -> Path:
        """Return the path of the last table of an array of tables; of a plain table its own."""
        count = self._tables_in[path]
        return (*path, count - 1) if count else path

    def _pair(self, table: Path) -> None:
        """Pass ``key = value``."""
        begin = self._at
        path = table
        for part in self._key():
            path = (*path, part)
            end, self._at = self._at, begin
            self._note(path)
            self._at = end
        self._at += 1  # the sign of equality
        self._value(path)

    def _key(self) -> list[str]:
        """Pass a key, dotted or not, and what follows up to its end; return its parts."""
        begin = self._at
        while self._text[self._at] not in "=]":
            if self._text[self._at] in "\"'":
                self._string()
            else:
                self._at += 1
        found: object = tomllib.loads(f"{self._text[begin : self._at].strip()} = 0")
        parts = []
        while isinstance(found, dict):
            ((part, found),) = found.items()
            parts.append(part)
        return parts

    def _value(self, path: Path) -> None:
        character = self._next(" \t")
        if character in "\"'":
            self._string()
        elif character == "[":
            self._array(path)
        elif character == "{":
            self._inline_table(path)
        else:
            while self._text[self._at] not in ",]}\n#":
                self._at += 1

    def _array(self, path: Path) -> None:
        self._at += 1
        number = 0
        while self._next(" \t\n,") != "]":
            self._note((*path, number))
            self._value((*path, number))
            number += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._next(" \t\n,") != "}":
            self._pair(path)
        self._at += 1

    def _string(self) -> None:
        """Pass a string of any of the four kinds."""
        quote = self._text[self._at]
        triple = self._text.startswith(quote * 3, self._at)
        end = quote * 3 if triple else quote
        self._at += len(end)
        while not self._text.startswith(end, self._at):
            is_escape = quote == '"' and self._text[self._at] == "\\"
            self._at += 2 if is_escape else 1
        self._at += len(end)
        while triple and self._text[self._at] == quote:  # """a""""" ends in two quotes of its own
            self._at += 1
