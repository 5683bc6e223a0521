"""A scene's code and words: its own folder, and what it is built on of others."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cnnviz.cache.store import Cache
from cnnviz.scenes.conv.scene import ConvScene
from cnnviz.staging import scene_code
from cnnviz.staging.registry import load_scene, modules_of_film, scene_module, scene_names
from cnnviz.staging.scene_code import code_of, modules_of, words_of

CHEAP = """
from dataclasses import dataclass
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene
{}

@dataclass(frozen=True)
class CheapParameters:
    side: int = parameter("number", "A side.", 4)

class Cheap({}):
    name, Parameters, poster_beat = "cheap", CheapParameters, "end"
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "scene.py").write_text("")
    (folder / "en.toml").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    return folder


def test_a_scene_of_the_house_is_its_folder() -> None:
    assert modules_of(ConvScene) == ("cnnviz.scenes.conv.scene",)
    versions = {code_of([scene_module(name)]) for name in scene_names()}
    assert len(versions) == len(scene_names())


def test_a_lecture_is_made_of_all_scenes(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert modules_of_film("lecture", cache) == set(map(scene_module, scene_names()))
    assert modules_of_film("conv", cache) == {"cnnviz.scenes.conv.scene"}


def test_code_and_words_of_a_package_count_apart(package: Path) -> None:
    def versions() -> tuple[str, str, str]:
        modules = ["elsewhere.scene"]
        return code_of(modules), words_of(modules, "en"), words_of(modules, "zh")

    seen = versions()
    for name, expected in (
        ("scene.py", (True, False, False)),
        ("en.toml", (False, True, True)),  # English is said where there is nothing else
        ("zh.toml", (False, False, True)),
        ("colours.toml", (True, False, False)),
        ("helper.py", (True, False, False)),
    ):
        (package / name).write_text("x = 1")
        now = versions()
        assert tuple(old != new for old, new in zip(seen, now, strict=True)) == expected, name
        seen = now


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("from cnnviz.authoring import LectureScene", False),
        ("from cnnviz.scenes.pool.board import PoolBoard", False),
        ("from cnnviz.scenes.conv.board import ConvBoard", True),
        ("import cnnviz.scenes.conv.board as board", True),
        ("from cnnviz.scenes import conv", True),
    ],
)
def test_what_is_used_of_other_scenes_counts(
    package: Path, monkeypatch: pytest.MonkeyPatch, line: str, counts: bool
) -> None:
    """A changed file of conv's changes the version of a scene that uses conv."""
    conv = package.with_name("conv")
    conv.mkdir()
    (conv / "board.py").write_text("")
    real = scene_code.module_files

    def found(unit: str) -> tuple[Path, list[Path]]:
        return (conv, [conv / "board.py"]) if unit == "cnnviz.scenes.conv" else real(unit)

    monkeypatch.setattr(scene_code, "module_files", found)
    (package / "scene.py").write_text(line)
    before = code_of(["elsewhere.scene"])
    (conv / "board.py").write_text("x = 1")
    assert (code_of(["elsewhere.scene"]) != before) == counts


def test_a_base_from_another_package_counts(package: Path, tmp_path: Path) -> None:
    (package / "scene.py").write_text(CHEAP.format("", "LectureScene"))
    derived = CHEAP.format("import elsewhere.scene", "elsewhere.scene.Cheap")
    (tmp_path / "derived.py").write_text(derived)
    from derived import Cheap  # type: ignore[import-not-found]

    assert set(modules_of(Cheap)) == {"derived", "elsewhere.scene"}


def test_words_beside_a_scene_file_and_its_base_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    Path("lib").mkdir()
    Path("lib/__init__.py").write_text("")
    Path("lib/base_of_mine.py").write_text(CHEAP.format("", "LectureScene"))
    Path("mine.py").write_text(CHEAP.format("from lib.base_of_mine import Cheap as Base", "Base"))
    modules = modules_of(load_scene("mine.py"))
    assert modules == (scene_module("mine.py"),)  # the same before it is imported
    seen = {words_of(modules, "en")}
    for number, place in enumerate(("en.toml", "lib/en.toml"), 2):
        Path(place).write_text("title = 'x'")
        seen.add(words_of(modules, "en"))
        assert len(seen) == number
    before = code_of(modules)
    Path("notes.toml").write_text("unrelated = 1")
    assert code_of(modules) == before
