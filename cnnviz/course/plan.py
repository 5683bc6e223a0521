"""Which films of a course are to be made, and why: from manifests, without drawing anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from cnnviz.cache.store import Cache
from cnnviz.course.course_file import Course, CourseFilm
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.pipeline.request import PictureRequest
from cnnviz.publishing.clip_files import ClipFiles, digest_of, last_change, read_manifest

CONTENTS = {
    "image_sha256": "picture",
    "weights_sha256": "network",
    "crop": "crop",
    "background": "background",
}
"""What counts of where a film comes from: contents, not names."""


class State(StrEnum):
    """How a film stands."""

    MISSING = "missing"
    STALE = "changed"
    FRESH = "up to date"


@dataclass(frozen=True)
class PlannedFilm:
    """A film and what is to be done about it.

    Attributes
    ----------
    film
        As the course asks for it.
    state
        Whether there is one, and whether it is the one that is asked for.
    reasons
        Why it is to be made; none if it is not.
    """

    film: CourseFilm
    state: State
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What is to be done about each film, in the course's order."""

    films: tuple[PlannedFilm, ...]

    @property
    def wanted(self) -> list[PlannedFilm]:
        """The films that are to be made."""
        return [each for each in self.films if each.state is not State.FRESH]


def plan_course(course: Course, cache: Cache | None, *, everything: bool = False) -> Plan:
    """Compare what a course asks for with what is there.

    A film is fresh if all its files are there as they were made, and its manifest has the same
    picture, network, options, code and words as a film that would be made now. Files are only
    read where their dates do not show that they are as they were made.

    Parameters
    ----------
    course
        The course.
    cache
        Where scenes' descriptions may be kept.
    everything
        Whether fresh films are to be made anew as well.
    """
    book = RecipeBook(cache)
    sources: dict[tuple[PictureRequest, ...], dict[str, Any]] = {}
    films = []
    for film in course.films:
        seen = film.request.pictures
        if seen not in sources:
            sources[seen] = _contents(asdict(film.request.source([""] * len(seen))))
        now = {"source": sources[seen], "recipe": book.recipe(film.request.film)}
        films.append(_planned(film, now, everything=everything))
    return Plan(tuple(films))


def _planned(film: CourseFilm, now: Mapping[str, Any], *, everything: bool) -> PlannedFilm:
    clip = ClipFiles.at(film.output)
    manifest = read_manifest(clip.manifest)
    if manifest is None or not clip.video.exists():
        return PlannedFilm(film, State.MISSING, ("it is not there",))
    try:
        before = {
            "source": _contents(manifest.get("source", {})),
            "recipe": manifest.get("recipe", {}),
        }
        reasons = (*_differences(before, now), *_damage(clip, manifest))
    except (AttributeError, KeyError, TypeError, ValueError):
        reasons = ("its manifest is damaged",)
    if everything and not reasons:
        reasons = ("all films are asked for",)
    return PlannedFilm(film, State.STALE if reasons else State.FRESH, reasons)


def _contents(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return what counts, as JSON has it: of what is compared with it, too."""
    other = source.get("other") or {}
    sides = {name: [source.get(name), other.get(name)] for name in CONTENTS}
    contents: dict[str, Any] = json.loads(json.dumps(sides))
    return contents


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Say what has changed since a film was made."""
    for name, what in CONTENTS.items():
        (mine_before, other_before), (mine, other) = before["source"][name], now["source"][name]
        if mine_before != mine:
            yield f"the {what} has changed"
        elif other_before != other:
            yield f"the other {what} has changed"
    old, new = before["recipe"], now["recipe"]
    options_before = old.get("options", {})
    for name, value in new["options"].items():
        if options_before.get(name) != value:
            yield f"{name} was {_written(options_before.get(name))} and is {_written(value)}"
    for name in options_before.keys() - new["options"].keys():
        yield f"{name} was {_written(options_before[name])} and is left out"
    for part, what in (
        ("code", "the code of cnnviz or of the scene"),
        ("words", "a text on screen"),
    ):
        if old.get(part) != new[part]:
            yield f"{what} has changed"


def _damage(clip: ClipFiles, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Say which of a clip's files are not as they were made.

    The manifest is written last: a file that is older need not be read to know that.
    """
    made = clip.manifest.stat().st_mtime_ns
    for suffix, digest in manifest["files"].items():
        path = clip.file_ending_in(suffix)
        if not path.exists():
            yield f"{path.name} is not there"
        elif last_change(path) > made and digest_of(path) != digest:
            yield f"{path.name} is not as it was made"


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
