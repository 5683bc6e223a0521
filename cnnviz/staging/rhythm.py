"""How long a caption takes to read, and how one thing makes room for the next."""

from __future__ import annotations

import dataclasses
from unicodedata import east_asian_width

from manim import smooth

from cnnviz.style.theme import Timing

FIND_IT = 1.0
"""Seconds until the eye has found a caption, whatever its length."""

LETTERS_A_SECOND = 15
CHARACTERS_A_SECOND = 6
"""Of those that are as wide as they are high: a Chinese character says about as much as half an
English word."""

LONGEST_REST = 1.3
"""Seconds for which a caption may be read on after the last motion: see
:meth:`cnnviz.staging.scene.LectureScene.while_read`."""

FOLLOWS = 0.3
"""Share of its time after which something appears where other things leave in half of that time:
earlier both would be seen through each other, later neither would be seen."""


def reading_time(text: str) -> float:
    """Return for how many seconds a text must be seen at least, in whatever language it is.

    One second, and one more for each 15 letters or for each 6 Chinese characters. Nothing
    shortens it: the pace is that of what moves, not that of the people who read.

    Parameters
    ----------
    text
        What is written; spaces and punctuation count too.
    """
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return FIND_IT + (len(text) - wide) / LETTERS_A_SECOND + wide / CHARACTERS_A_SECOND


def paced(timing: Timing, pace: float) -> Timing:
    """Return all times multiplied by `pace`, except that the last picture never stays shorter."""
    times = {name: pace * value for name, value in dataclasses.asdict(timing).items()}
    return Timing(**{**times, "hold": max(timing.hold, times["hold"])})


def leaving(share: float, gone: float = 0.5) -> float:
    """Rate function: be gone when so much of the time is over."""
    return float(smooth(min(share / gone, 1.0)))


def arriving(share: float, begun: float = 0.5) -> float:
    """Rate function: begin when so much of the time is over, and what was there is gone."""
    return float(smooth(max(share - begun, 0.0) / (1 - begun)))


def following(share: float) -> float:
    """Rate function: begin when most of what goes in half of the time is gone."""
    return arriving(share, FOLLOWS)
