"""Scenes in files of the user's, made by workers that do not have them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import cnnviz
from cnnviz.course.sent_scene import SentScene
from cnnviz.errors import UserError
from cnnviz.publishing.clip_files import read_manifest
from tests.course.conftest import QUICK, scene_in_the_readme
from tests.course.machines import Machines

pytest.importorskip("distributed")

WriteCourse = Callable[[str], Path]


@pytest.mark.slow
def test_a_scene_in_a_file_travels_with_what_it_imports_and_says(
    write_course: WriteCourse, folder: Path, machines: Machines
) -> None:
    write_scene_with_a_helper(folder / "mine" / "verdict.py")
    path = write_course(
        f"[[films]]\nscene = 'mine/verdict.py'\n{QUICK}pictures = ['photos']\nside = 3\n"
    )
    machines.start_worker("one")
    there = cnnviz.build(path, dask=machines.address)
    assert there.failed == ()
    assert len(there.made) == 2
    far = [read_manifest(clip.manifest) for clip in there.made]
    for manifest in far:
        assert manifest is not None
        assert manifest["beats"][0]["caption"] == "What is it?"
        assert "scene-given" not in json.dumps(manifest)
    here = cnnviz.build(path, everything=True)
    assert [read_manifest(clip.manifest) for clip in here.made] == far  # byte for byte


@pytest.mark.slow
def test_what_is_wrong_with_a_scene_in_a_file_is_told_by_its_place_here(
    write_course: WriteCourse, folder: Path, machines: Machines
) -> None:
    write_scene_with_a_helper(folder / "mine" / "verdict.py", "1 / 0")
    path = write_course(
        f"[[films]]\nscene = 'mine/verdict.py'\n{QUICK}pictures = ['photos/a.png']\n"
    )
    machines.start_worker("one")
    (failed,) = cnnviz.build(path, dask=machines.address).failed
    assert failed.failure is not None
    place = folder / "mine" / "shapes" / "parts.py"
    assert failed.failure.message == f"{place}:4: ZeroDivisionError: division by zero"
    assert "photo_of" in failed.failure.traceback
    assert not failed.failure.is_ours


def test_a_scene_that_imports_from_elsewhere_is_refused_by_name(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "outside.py").write_text("")
    scene = folder / "mine" / "verdict.py"
    scene.write_text("from ..outside import x\n")
    with pytest.raises(UserError, match=r'imports ".*outside\.py", which does not lie in'):
        SentScene.of(str(scene))


def write_scene_with_a_helper(path: Path, statement: str = "pass") -> None:
    """Write the scene of the README, in part to a package beside it, and its words to a file."""
    source = scene_in_the_readme().replace("photo = Photo(", "photo = photo_of(")
    texts = next(line for line in source.splitlines() if line.startswith("    texts = "))
    path.parent.mkdir()
    path.write_text("from shapes.parts import photo_of\n" + source.replace(texts, ""))
    (path.parent / "shapes").mkdir()
    (path.parent / "shapes" / "__init__.py").write_text("")
    (path.parent / "shapes" / "parts.py").write_text(
        "from cnnviz.authoring import Photo\n\n"
        f"def photo_of(*where):\n    {statement}\n    return Photo(*where)\n"
    )
    (path.parent / "en.toml").write_text(
        "title = 'The verdict'\n[captions]\nphoto = 'What is it?'\nanswer = '{answer}!'\n"
    )
