"""Turns that broke a promise once: kept in ``tests/corpus/turns.toml``, and always tried first."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[1] / "tests" / "corpus" / "turns.toml"


class Turn(NamedTuple):
    """One turn of an attack: see :func:`torture.attack.generator`."""

    attack: str
    seed: int
    number: int


def past_failures(file: Path = FILE) -> list[Turn]:
    """Return the turns that are kept."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return [Turn(each["attack"], each["seed"], each["number"]) for each in content["turns"]]
