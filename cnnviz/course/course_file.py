"""A course file, read and checked: what films there are, and where each was asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from PIL import ImageColor

from cnnviz.cache.store import Cache
from cnnviz.course.asked_beats import check_beats
from cnnviz.course.keys import AXES, CALLED, FILM_KEYS, key_of
from cnnviz.course.lines import Path as KeyPath
from cnnviz.course.lines import lines_of
from cnnviz.course.schema import course_schema, mistakes
from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGES
from cnnviz.pipeline.comparison import pair_of
from cnnviz.pipeline.naming import default_output
from cnnviz.pipeline.picture_folder import pictures_in
from cnnviz.pipeline.request import RenderRequest
from cnnviz.staging.registry import SceneDescription, describe_scene, describe_scenes
from cnnviz.staging.scene_files import SceneFile
from cnnviz.system.disk import in_one_line
from cnnviz.system.toml_files import parse_toml, read_toml
from cnnviz.weights import named_weights

OUTPUT = "films"
"""The films' folder if the course does not say."""


@dataclass(frozen=True)
class CourseFilm:
    """A film that a course asks for.

    Attributes
    ----------
    request
        The film and the picture.
    output
        Where it goes.
    place
        Where it is asked for: ``course.toml:12``.
    entry
        The number of its entry in the course, counted from 0; an entry may make several.
    title
        What the course calls it, in its own language; None for the scene's title.
    """

    request: RenderRequest
    output: Path
    place: str
    entry: int
    title: str | None

    @property
    def language(self) -> str:
        """The language of its words."""
        return self.request.film.look.language


@dataclass(frozen=True)
class PageOptions:
    """What a course says of its page: its folder."""

    folder: Path


@dataclass(frozen=True)
class SlidesOptions:
    """What a course says of its slides: their folder, and whether a slide plays by itself."""

    folder: Path
    plays_by_itself: bool


@dataclass(frozen=True)
class Course:
    """A course.

    Attributes
    ----------
    path
        Its file.
    titles
        What it is called, by language.
    films
        In its order.
    page, slides
        What is written besides, if anything.
    """

    path: Path
    titles: Mapping[str, str]
    films: tuple[CourseFilm, ...]
    page: PageOptions | None
    slides: SlidesOptions | None

    @property
    def languages(self) -> list[str]:
        """The languages of its films, in order."""
        return list(dict.fromkeys(film.language for film in self.films))


def read_course(path: str | Path, cache: Cache | None) -> Course:
    """Read a course file.

    Parameters
    ----------
    path
        The file, TOML.
    cache
        Where scenes' descriptions may be kept.

    Raises
    ------
    UserError
        If it cannot be read or used; the message names the line.
    """
    return _Reader(Path(path), cache).course()


class _Reader:
    """Reads one course file."""

    def __init__(self, path: Path, cache: Cache | None) -> None:
        text = read_toml(path)
        self._path, self._cache = path, cache
        self._folder = path.parent
        self._content = parse_toml(path, text)
        self._lines = lines_of(text)

    def course(self) -> Course:
        self._check()
        content = self._content
        films = tuple(
            film
            for number, entry in enumerate(content["films"])
            for film in self._films_of(number, entry)
        )
        self._refuse_equal_names(films)
        page, slides = content.get("page"), content.get("slides")
        return Course(
            self._path,
            _by_language(content.get("title", self._path.stem)),
            films,
            None if page is None else PageOptions(self._at(page.get("folder", "page"))),
            None
            if slides is None
            else SlidesOptions(
                self._at(slides.get("folder", "slides")), slides.get("play") != "on-click"
            ),
        )

    def _check(self) -> None:
        """Raise a UserError about the first mistake."""
        schema = course_schema([*self._scenes_in_files(), *describe_scenes(self._cache)])
        found = [(self._line(path), message) for path, message in mistakes(self._content, schema)]
        if found:
            line, message = min(found)
            raise UserError(f"{self._path}:{line}: {message}")

    def _scenes_in_files(self) -> Iterator[SceneDescription]:
        """Describe the scenes that the course names by a file."""
        entries = self._content.get("films")
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            scene = entry.get("scene") if isinstance(entry, Mapping) else None
            if isinstance(scene, str) and SceneFile.of(scene) is not None:
                try:
                    found = describe_scene(self._scene(scene), self._cache)
                except UserError as error:
                    raise self._error(("films", number, "scene"), error) from None
                yield replace(found, reference=scene)

    def _films_of(self, number: int, entry: Mapping[str, Any]) -> Iterator[CourseFilm]:
        """Give the films of an entry: one for every combination of what it lists."""
        given = {**self._content.get("defaults", {}), **entry}
        scene = self._scene(given.pop("scene"))
        description = describe_scene(scene, self._cache)
        for parameter in description.parameters:
            if key_of(parameter) in given:
                given[parameter] = given.pop(key_of(parameter))
        own = {key: given.pop(key) for key in FILM_KEYS if key in given}
        axes = {
            request: self._values(key, given.pop(key), number)
            for key, request in AXES.items()
            if key in given
        }
        axes |= self._pair(number, axes) if description.compares else {}
        for index, values in enumerate(product(*axes.values())):
            named = {CALLED.get(key, key): value for key, value in given.items()}
            chosen = {**named, **dict(zip(axes, values, strict=True))}
            try:
                request = RenderRequest.of(scene, **_as_requested(chosen))
                folder = self._at(self._content.get("output", OUTPUT))
                output = default_output(request, self._cache, folder, own.get("name"))
            except UserError as error:
                raise self._error(("films", number), error) from None
            if index == 0:
                self._check_beats(number, request)
            title = _by_language(own.get("title", {})).get(request.film.look.language)
            place = f"{self._path}:{self._line(('films', number))}"
            yield CourseFilm(request, output, place, number, title)

    def _pair(self, entry: int, axes: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        """Return what a film compares in place of what it lists: a single pair of either."""
        try:
            pictures, networks = pair_of(axes.get("image", ()), axes.get("weights", ()))
        except UserError as error:
            raise self._error(("films", entry), error) from None
        return {"image": [pictures], "weights": [networks]}

    def _check_beats(self, entry: int, request: RenderRequest) -> None:
        """Raise a UserError at the line that asks for a beat that there is not."""
        path: KeyPath = ("films", entry, "beats")
        try:
            check_beats(request, self._cache)
        except UserError as error:
            where = path if path in self._lines else ("defaults", "beats")
            raise self._error(where if where in self._lines else path, error) from None

    def _values(self, key: str, values: list[str], entry: int) -> list[Any]:
        """Return what a list stands for: paths for files, folders opened."""
        if key not in ("pictures", "networks"):
            return values
        table: KeyPath = ("films", entry, key)
        path = table if table in self._lines else ("defaults", key)
        found: list[Any] = []
        for number, value in enumerate(values):
            if key == "networks" and named_weights(value) is not None:
                found.append(value)
                continue
            try:
                found += _pictures(self._at(value)) if key == "pictures" else [self._at(value)]
                if not found[-1].is_file():
                    raise UserError(f'there is no file "{self._at(value)}"')
            except UserError as error:
                raise self._error((*path, number), error) from None
            except OSError as error:  # a name too long, a folder without rights
                raise self._error((*path, number), in_one_line(error) or error) from None
        return found

    def _scene(self, scene: str) -> str:
        """Return how a scene is called from anywhere: a file by its whole path."""
        file = SceneFile.of(scene)
        return scene if file is None else os.path.abspath(self._at(scene))

    def _at(self, path: str) -> Path:
        return self._folder / path

    def _refuse_equal_names(self, films: tuple[CourseFilm, ...]) -> None:
        seen: dict[str, CourseFilm] = {}
        for film in films:
            other = seen.setdefault(str(film.output).casefold(), film)  # some disks know no case
            if other is not film:
                raise UserError(
                    f'{film.place}: the film "{film.output}" is made at {other.place} already: '
                    "give one of them a name"
                )

    def _line(self, path: KeyPath) -> int:
        """Return the line of a key, or that of the table it should be in."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _error(self, path: KeyPath, message: object) -> UserError:
        return UserError(f"{self._path}:{self._line(path)}: {message}")


def _pictures(path: Path) -> list[Path]:
    return pictures_in(path) if path.is_dir() else [path]


def _by_language(title: str | Mapping[str, str]) -> Mapping[str, str]:
    """Return a text for people by language; one for all languages is known as any."""
    return dict.fromkeys(LANGUAGES, title) if isinstance(title, str) else dict(title)


def _as_requested(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as a request takes them: tuples for lists, a colour for its name."""
    values = {key: tuple(v) if isinstance(v, list) else v for key, v in chosen.items()}
    if "background" in chosen:
        values["background"] = _colour(chosen["background"])
    return values


def _colour(name: str) -> tuple[int, int, int]:
    try:
        red, green, blue, *_ = ImageColor.getrgb(name)
    except ValueError:
        raise UserError(f'background = "{name}": write #rrggbb or a name such as white') from None
    return red, green, blue
