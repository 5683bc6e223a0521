"""TOML that somebody has written: read with care, and with the line of what is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from cnnviz.errors import UserError

LARGEST_FILE = 2**20
"""Bytes: what people write by hand is not larger."""


def read_toml(path: Path) -> str:
    """Return the text of a TOML file.

    Raises
    ------
    UserError
        If it cannot be read, is too large or not UTF-8; the message names file and line.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise UserError(f"{path} has more than {LARGEST_FILE} bytes: nobody writes so many")
        return content.decode("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}:{line}: this is not UTF-8") from None


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises
    ------
    UserError
        If it is no TOML; the message names file and line.
    """
    import tomllib  # only where there is such a file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, line = str(error), text.rstrip().count("\n") + 1
        if place := re.search(r" \(at line (\d+), column \d+\)$", message):
            message, line = message[: place.start()], int(place[1])
        raise UserError(f"{path}:{line}: {message.removesuffix(' (at end of document)')}") from None
    except RecursionError:
        raise UserError(f"{path}: brackets are nested too deeply") from None
