"""The classes of an imported network: a file with their names, in the order of the scores."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cnnviz.errors import UserError
from cnnviz.importing.limits import quote, read_whole
from cnnviz.network.limits import MAX_CLASSES
from cnnviz.style.typography import line_advance

LARGEST_FILE = 2**20
"""Bytes: a thousand names of sixty letters have less."""


def read_class_list(path: Path, count: int) -> tuple[str, ...]:
    """Return the names of `count` classes.

    Parameters
    ----------
    path
        Text with a name on each line; or JSON: a list of names, or an object whose keys are the
        numbers of the classes and whose values are names, or lists that end in one, as in Keras's
        ``imagenet_class_index.json``.
    count
        How many the network has.

    Raises
    ------
    UserError
        If the file cannot be read, holds another number of names, one twice, or one that the
        fonts cannot draw.
    """
    try:
        text = read_whole(path, LARGEST_FILE).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"classes file '{path}' is not UTF-8") from None
    try:
        names = _names(text)
        if len(names) != count:
            raise UserError(f"it names {len(names)} classes, but the network has {count}")
        for place, name in enumerate(names):
            if name in names[:place]:
                raise UserError(f"it names '{quote(name)}' twice; give one of them another name")
            line_advance(name)
    except UserError as error:
        raise UserError(f"classes file '{path}': {error}") from None
    return tuple(names)


def numbered_classes(count: int) -> tuple[str, ...]:
    """Return names for classes of which nothing is known: ``class 0`` and so on.

    Raises
    ------
    UserError
        If there are more than can be shown.
    """
    if count > MAX_CLASSES:
        raise UserError(f"it has {count:,} classes; at most {MAX_CLASSES:,} can be shown")
    return tuple(f"class {number}" for number in range(count))


def _names(text: str) -> list[str]:
    if not text.lstrip().startswith(("[", "{")):
        lines = [line.strip() for line in text.split("\n")]
        while lines and not lines[-1]:
            lines.pop()
        return lines
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise UserError("it begins like JSON, but is none") from None
    if isinstance(found, dict):
        wanted = [str(number) for number in range(len(found))]
        if set(found) != set(wanted):
            raise UserError("its keys are not the numbers of the classes, from 0")
        found = [found[number] for number in wanted]
    return [_name(entry) for entry in found]


def _name(entry: Any) -> str:
    if isinstance(entry, list) and entry:
        entry = entry[-1]
    if not isinstance(entry, str):
        raise UserError(f"{quote(entry)} is no name")
    return entry.replace("_", " ").strip()
