"""The courses that are measured can be planned, with the scenes that there are today."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cnnviz.course.build import BuildOptions, prepare_course


@pytest.fixture(scope="module")
def scale() -> Any:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    yield import_module("benchmarks.scale")
    sys.path.pop(0)


def test_each_scene_is_a_film_of_the_course(scale: Any, tmp_path: Path) -> None:
    _, plan = prepare_course(scale.course(tmp_path, "l", scale.SCENES), BuildOptions())
    assert [each.film.request.film.scene for each in plan.films] == list(scale.SCENES)
    assert all(task.name for task in scale.tasks_of([each.film for each in plan.films]))
