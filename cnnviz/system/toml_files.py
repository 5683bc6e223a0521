"""TOML that somebody has written: read with care, and with the line of what is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from cnnviz.errors import UserError
from cnnviz.system.ordinary_files import read_text

LARGEST_FILE = 2**20
"""Bytes: what people write by hand is not larger."""

MOST_DOTS = 40
"""Dots in a key: tables that nest deeper would fill the memory."""

BETWEEN_KEYS = re.compile(r"[=,{}\[\]\n]")


def read_toml(path: Path) -> str:
    """Return the text of a TOML file.

    Raises
    ------
    UserError
        If it cannot be read, is too large or not UTF-8; the message names file and line.
    """
    return read_text(path, LARGEST_FILE)


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises
    ------
    UserError
        If it is no TOML; the message names file and line.
    """
    import tomllib  # only where there is such a file

    _refuse_deep_keys(path, text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, line = str(error), text.rstrip().count("\n") + 1
        if place := re.search(r" \(at line (\d+), column \d+\)$", message):
            message, line = message[: place.start()], int(place[1])
        raise UserError(f"{path}:{line}: {message.removesuffix(' (at end of document)')}") from None
    except ValueError:  # Python reads no number of over 4,300 digits
        raise UserError(f"{path}: a number has too many digits") from None
    except RecursionError:
        raise UserError(f"{path}: brackets are nested too deeply") from None


def _refuse_deep_keys(path: Path, text: str) -> None:
    place = 0
    for part in BETWEEN_KEYS.split(text):
        if part.count(".") > MOST_DOTS:
            line = text.count("\n", 0, place) + 1
            raise UserError(f"{path}:{line}: there are over {MOST_DOTS} dots in a row of names")
        place += len(part) + 1
