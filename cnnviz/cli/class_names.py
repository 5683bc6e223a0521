"""``--names LANGUAGE:FILE``: what films in a language call the classes."""

from __future__ import annotations

from pathlib import Path

import click

from cnnviz.cli.options import Command
from cnnviz.errors import UserError


def names_option(command: Command) -> Command:
    """Add `name_files`, as :func:`names_by_language` takes them."""
    return click.option(
        "--names",
        "name_files",
        metavar="LANGUAGE:FILE",
        multiple=True,
        help="TOML file with what films in a language call the classes, zh:FILE; lines: "
        'cat = "猫".',
    )(command)


def names_by_language(name_files: tuple[str, ...]) -> dict[str, str | Path]:
    """Return the files of names by language.

    Raises
    ------
    UserError
        If one is not ``LANGUAGE:FILE``, or a language is given twice.
    """
    files: dict[str, str | Path] = {}
    for given in name_files:
        language, colon, file = given.partition(":")
        if not (language and colon and file):
            raise UserError(f"--names '{given}' is not LANGUAGE:FILE, such as zh:names.toml")
        if language in files:
            raise UserError(f"--names is given twice for language '{language}'")
        files[language] = Path(file)
    return files
