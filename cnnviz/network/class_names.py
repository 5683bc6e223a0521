"""What the classes are called in other languages: a TOML file for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.locales import check_language
from cnnviz.style.typography import line_advance
from cnnviz.system.toml_files import parse_toml, read_toml


def read_class_names(
    files: Mapping[str, str | Path], classes: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return the classes' names by language, in the order of `classes`.

    Parameters
    ----------
    files
        By language (``"zh"``) a TOML file with a line for each class: ``cat = "猫"``,
        ``bell_pepper = "甜椒"`` or ``"bell pepper" = "甜椒"``.
    classes
        The classes as the network calls them.

    Raises
    ------
    UserError
        If there is no such language, a file cannot be read, it misses a class or names one
        that there is not, or the fonts cannot draw a name.
    """
    return {
        language: _read_names(language, Path(file), classes) for language, file in files.items()
    }


def check_drawable(classes: Sequence[str]) -> None:
    """Refuse, before hours of training, a class whose name films could not show.

    Raises
    ------
    UserError
        If the fonts lack a character of a name, as of Hebrew, Arabic or an emoji.
    """
    for name in classes:
        try:
            line_advance(name)
        except UserError as error:
            raise UserError(f"class folder '{name}': {error}; rename the folder") from None


def _read_names(language: str, file: Path, classes: Sequence[str]) -> tuple[str, ...]:
    check_language(language)
    entries = parse_toml(file, read_toml(file))
    table = {key.replace("_", " "): name for key, name in entries.items()}
    if len(table) < len(entries):
        raise UserError(f"names file '{file}' names a class twice, with and without underscores")
    wanted = {name.replace("_", " "): name for name in classes}
    for key, name in table.items():
        if key not in wanted:
            raise UserError(
                f"names file '{file}': there is no class '{key}'; there are {', '.join(classes)}"
            )
        if not isinstance(name, str):
            raise UserError(f"names file '{file}': the name of '{key}' is {name!r}, no text")
        try:
            line_advance(name)
        except UserError as error:
            raise UserError(f"names file '{file}': {error}") from None
    if missing := [name for key, name in wanted.items() if key not in table]:
        raise UserError(f"names file '{file}' has no name for {', '.join(missing)}")
    return tuple(table[key] for key in wanted)
