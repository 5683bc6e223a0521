"""What page and slides tell of a finished film: its manifest, read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from cnnviz.course.course_file import CourseFilm
from cnnviz.errors import UserError
from cnnviz.pipeline.request import PictureRequest
from cnnviz.publishing.clip_files import ClipFiles, read_manifest


@dataclass(frozen=True)
class TimeSpan:
    """A part of a film.

    Attributes
    ----------
    title
        What it is called.
    start, end
        In seconds.
    """

    title: str
    start: float
    end: float


@dataclass(frozen=True)
class FinishedBeat(TimeSpan):
    """A beat.

    Attributes
    ----------
    name
        The beat's.
    chapter
        Title of its chapter.
    caption, description
        What is said, and what is seen.
    first_frame, frame_count
        Where it lies in the film.
    """

    name: str
    chapter: str
    caption: str
    description: str
    first_frame: int
    frame_count: int


@dataclass(frozen=True)
class FinishedFilm:
    """A finished film.

    Attributes
    ----------
    title
        For people: the course's, or the scene's, and what tells it from others of that title.
    entry
        The number of the course's entry that asked for it.
    language, captions_language
        Of its words, and of its captions.
    shows_captions
        Whether captions are drawn in it.
    files
        Its files.
    digests
        Of its files, by the endings of their names.
    beats
        In order.
    size
        Width and height in pixels.
    frame_rate
        Frames per second.
    ground, text
        Colours of the film's background and of its texts, ``#rrggbb``.
    answers
        What the network took the picture for, and how sure it was, 0 to 1; of a film that
        compares two, both.
    """

    title: str
    entry: int
    language: str
    captions_language: str
    shows_captions: bool
    files: ClipFiles
    digests: Mapping[str, str]
    beats: tuple[FinishedBeat, ...]
    size: tuple[int, int]
    frame_rate: int
    ground: str
    text: str
    answers: tuple[tuple[str, float], ...]

    @property
    def chapters(self) -> list[TimeSpan]:
        """What a list of chapters shows: runs of beats, or each beat where there is one run."""
        runs = [list(run) for _, run in groupby(self.beats, key=lambda beat: beat.chapter)]
        if len(runs) < 2:
            return list(self.beats)
        return [TimeSpan(run[0].chapter, run[0].start, run[-1].end) for run in runs]


def finished_films(films: Sequence[CourseFilm]) -> list[FinishedFilm]:
    """Return what there is to tell of those films that are there, in their order.

    Raises
    ------
    UserError
        If a manifest does not say what is needed.
    """
    found = [(film, read_manifest(ClipFiles.at(film.output).manifest)) for film in films]
    there = [(film, manifest) for film, manifest in found if manifest is not None]
    differing = _differing([film for film, _ in there])
    finished = []
    for film, manifest in there:
        try:
            finished.append(_finished_film(film, manifest, differing))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise UserError(
                f'the manifest of "{film.output}" is damaged: make the films anew with --all'
            ) from None
    return finished


def _finished_film(
    film: CourseFilm, manifest: Mapping[str, Any], differing: Sequence[str]
) -> FinishedFilm:
    apart = [text for name, text in _choices(film).items() if name in differing]
    look = film.request.film.look
    palette = look.make_theme().palette
    seen = [manifest, *([manifest["other"]] if "other" in manifest else [])]
    return FinishedFilm(
        title=" · ".join([film.title or manifest["title"], *apart]),
        entry=film.entry,
        language=film.language,
        captions_language=look.language_of_captions,
        shows_captions=look.captions == "burn",
        files=ClipFiles.at(film.output),
        digests=manifest["files"],
        beats=tuple(map(_beat, manifest["beats"])),
        size=(manifest["film"]["width"], manifest["film"]["height"]),
        frame_rate=manifest["film"]["frame_rate"],
        ground=palette.background,
        text=palette.text,
        answers=tuple(_answer(each["prediction"]) for each in seen),
    )


def _answer(prediction: Sequence[Mapping[str, Any]]) -> tuple[str, float]:
    best = max(prediction, key=lambda each: each["probability"])
    return best["name"], best["probability"]


def _beat(beat: Mapping[str, Any]) -> FinishedBeat:
    return FinishedBeat(
        title=beat["title"],
        start=beat["start"],
        end=beat["end"],
        name=beat["name"],
        chapter=beat["chapter"],
        caption=beat["caption"],
        description=beat["description"],
        first_frame=beat["first_frame"],
        frame_count=beat["frames"],
    )


def _choices(film: CourseFilm) -> dict[str, str]:
    """Return what films of one title may differ in, as people would say it."""
    seen, look = film.request.pictures, film.request.film.look
    return {
        "picture": ", ".join(dict.fromkeys(each.image_name for each in seen)),
        "network": ", ".join(dict.fromkeys(map(_network_name, seen))),
        "aspect": look.aspect,
        "theme": look.theme,
        "format": look.output_format.title,
    }


def _network_name(picture: PictureRequest) -> str:
    weights = picture.weights
    return Path(weights).stem if isinstance(weights, str | Path) else "Tiny VGG"


def _differing(films: Sequence[CourseFilm]) -> list[str]:
    """Return in which of these the films of a course differ."""
    choices = [_choices(film) for film in films]
    names = choices[0] if choices else {}
    return [name for name in names if len({each[name] for each in choices}) > 1]
