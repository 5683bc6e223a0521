"""What an attack is, and how its turns are numbered so that each can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random


@dataclass(frozen=True)
class Attack:
    """One way to attack.

    Attributes
    ----------
    name
        As it is called on the command line and in the table.
    what
        One line for the table.
    turn
        Attacks once, in an empty folder, with choices from a generator; raises
        :class:`~torture.lab.BrokenPromiseError`, or anything else, if something did not hold.
    at_once
        Turns in a row, for attacks that take milliseconds.
    """

    name: str
    what: str
    turn: Callable[[Random, Path], None]
    at_once: int = 1


def generator(seed: int, attack: str, number: int) -> Random:
    """Return the generator of one turn of an attack: the same for the same three."""
    return Random(f"{seed}/{attack}/{number}")
