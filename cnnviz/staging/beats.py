"""What a film is made of: one idea after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words

NUMBER = re.compile(r"_\d+$")
"""At the end of a beat's name, where the like is told several times in a film."""


@dataclass(frozen=True)
class Beat:
    """One idea of a film: a caption, its frames, and every number seen in them.

    Attributes
    ----------
    name
        Unique in its film, and the same in every film of the scene that has such a beat.
    title
        The same for people, in the film's language.
    chapter
        Title of the chapter it belongs to.
    caption
        What is written below the stage.
    first_frame, frame_count
        When it is shown.
    numbers
        Every number that could be seen.
    description
        What is seen, for people who cannot see it, with the numbers that are new.
    cache_key
        Digest of what decides its pictures, apart from trace, theme and language.
    """

    name: str
    title: str
    chapter: str
    caption: str
    first_frame: int
    frame_count: int
    numbers: tuple[Quantity, ...]
    cache_key: str = ""
    description: str = ""

    @property
    def last_frame(self) -> int:
        """Number of its last frame."""
        return self.first_frame + self.frame_count - 1


def beat_title(words: Words, scene: str, name: str, values: Mapping[str, object]) -> str:
    """Return what a beat is called in lists and in the film's chapters.

    It is the text called `name` among the scene's ``beats``; a number at the end of the name
    is left out if there is none with it, so that ``step_1`` and ``step_2`` have the title
    ``step``. A beat whose caption scenes share has the title that they share, too; any other
    without such a text has the name itself, with spaces for underscores.

    Parameters
    ----------
    words
        Those of the film's language, the scene's own among them.
    scene, name
        Names of the scene and of the beat.
    values
        What the text is filled with.
    """
    own = [f"{scene}.beats.{known}" for known in (name, NUMBER.sub("", name))]
    shared = [] if f"{scene}.captions.{name}" in words else [f"common.beats.{name}"]
    for key in (*own, *shared):
        if key in words:
            return words(key, **values)
    return name.replace("_", " ")


def poster_frame(beats: Sequence[Beat], poster_beat: str, frame_count: int) -> int:
    """Return the number of the frame that stands for a film.

    It is the last frame of `poster_beat`. What a scene tells depends on picture and
    parameters: a film without that beat has the last frame of its last beat, and one without
    any beat its last frame.

    Parameters
    ----------
    beats
        The film's.
    poster_beat
        Name of the beat that shows best what the scene is about.
    frame_count
        The film's length.
    """
    frames = {beat.name: beat.last_frame for beat in beats}
    last = beats[-1].last_frame if beats else frame_count - 1
    return frames.get(poster_beat, last)
