"""Manifests that somebody, or a disk, has changed: the film is stale, and nothing fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cnnviz.cache.store import Cache
from cnnviz.cli.main import main
from cnnviz.course.course_file import CourseFilm, read_course
from cnnviz.course.finished_films import finished_films
from cnnviz.errors import UserError
from cnnviz.publishing.clip_files import ClipFiles

COURSE = """
[defaults]
quality = "l"
[[films]]
scene = "softmax"
"""


@pytest.fixture
def film(write_course: Callable[[str], Path]) -> CourseFilm:
    """Return the film of a course; a file is in its place."""
    (film,) = read_course(write_course(COURSE), Cache()).films
    film.output.parent.mkdir(parents=True)
    film.output.write_bytes(b"a film")
    return film


@pytest.mark.parametrize(
    "changed",
    [
        {"source": []},
        {"source": None},
        {"recipe": "none"},
        {"recipe": {"options": [1]}},
        {"files": {"/../../passwd": "0"}},
        {"files": {"\0": 1}},
    ],
)
def test_a_film_whose_manifest_is_damaged_is_made_anew(
    changed: dict[str, Any], film: CourseFilm, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = {"scene": "softmax", "files": {}, "source": {}, "recipe": {}, **changed}
    ClipFiles.at(film.output).manifest.write_text(json.dumps(manifest))
    assert main(["build", "--dry-run"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("changed: ")


def test_pages_of_a_damaged_manifest_are_one_line(film: CourseFilm) -> None:
    for prediction in ([], None, [{"name": "cat"}]):
        manifest = {"scene": "softmax", "files": {}, "prediction": prediction}
        ClipFiles.at(film.output).manifest.write_text(json.dumps(manifest))
        with pytest.raises(UserError, match=r"is damaged: make the films anew with --all"):
            finished_films([film])
