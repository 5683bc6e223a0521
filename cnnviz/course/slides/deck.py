"""What slides show: the beats of a course's films in one language, each with its own clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cnnviz.course.finished_films import FinishedBeat, FinishedFilm
from cnnviz.course.slides.beat_clips import cut_beat, save_frame

BEATS = "beats"
"""The folder of the beats' clips, beside the slides."""


@dataclass(frozen=True)
class Slide:
    """A beat.

    Attributes
    ----------
    beat
        The beat.
    clip, poster
        Its film and a frame of it.
    """

    beat: FinishedBeat
    clip: Path
    poster: Path

    @property
    def notes(self) -> str:
        """What the speaker may say: the caption, then what is seen."""
        return "\n\n".join(filter(None, (self.beat.caption, self.beat.description)))


@dataclass(frozen=True)
class DeckSection:
    """The slides of one film."""

    title: str
    slides: tuple[Slide, ...]


@dataclass(frozen=True)
class Deck:
    """All slides in one language.

    Attributes
    ----------
    title
        The course's.
    language
        Of all words.
    sections
        A section for each film.
    size
        Width and height of the films, in pixels; of the first if they differ.
    plays_by_itself
        Whether a slide plays when it is reached, or when it is clicked.
    ground, text
        Colours of what lies around the films, as in the first of them: ``#rrggbb``.
    """

    title: str
    language: str
    sections: tuple[DeckSection, ...]
    size: tuple[int, int]
    plays_by_itself: bool
    ground: str
    text: str


def make_deck(
    title: str, language: str, films: Sequence[FinishedFilm], *, plays_by_itself: bool, folder: Path
) -> Deck:
    """Cut the beats of some films and return the slides about them.

    Parameters
    ----------
    title, language, plays_by_itself
        As for a `Deck`.
    films
        The films, of that language.
    folder
        Where clips and posters are written to.
    """
    sections = []
    for film in films:
        slides = []
        for number, beat in enumerate(film.beats):
            clip = folder / f"{film.files.video.stem}_{number:02}_{beat.name}.mp4"
            poster = clip.with_suffix(".png")
            cut_beat(film.files.video, clip, beat.first_frame, beat.frame_count, film.frame_rate)
            # What plays by itself begins with its poster; what waits shows what it comes to.
            save_frame(clip, poster, last=not plays_by_itself)
            slides.append(Slide(beat, clip, poster))
        sections.append(DeckSection(film.title, tuple(slides)))
    first = films[0]
    return Deck(
        title, language, tuple(sections), first.size, plays_by_itself, first.ground, first.text
    )
