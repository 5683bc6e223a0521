"""Scenes in files: which class is meant, which version, and what is said about a broken file."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cnnviz.cache.store import Cache
from cnnviz.errors import UserError
from cnnviz.staging.imported_files import sources
from cnnviz.staging.registry import describe_scene, load_scene, output_stem, scene_module
from cnnviz.staging.scene_code import code_of, words_of
from cnnviz.staging.scene_files import SceneFile

HEAD = """
from dataclasses import dataclass
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

@dataclass(frozen=True)
class SideParameters:
    side: int = parameter("number", "A side.", 4, minimum=1, maximum=5)
"""

SCENE = """
class {0}({1}):
    "What {0} tells."
    name, Parameters, poster_beat = "{0}", SideParameters, "answer"
"""

ONE = HEAD + SCENE.format("One", "LectureScene")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, and forget at the end what was imported from it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


def test_the_only_scene_is_meant() -> None:
    Path("verdict.py").write_text(ONE)
    scene = load_scene("verdict.py")
    assert scene.name == "One"
    assert load_scene("verdict.py:One") is scene
    assert load_scene(str(Path("verdict.py").absolute())) is scene


def test_a_base_of_another_scene_is_none_by_itself() -> None:
    Path("two.py").write_text(ONE + SCENE.format("Two", "One"))
    assert load_scene("two.py").name == "Two"
    assert load_scene("two.py:One").name == "One"


def test_imported_scenes_are_not_its_own() -> None:
    Path("base.py").write_text(ONE)
    Path("other.py").write_text(
        "from base import One, SideParameters\nfrom cnnviz.scenes.conv.scene import ConvScene\n"
        + SCENE.format("Other", "One")
    )
    assert load_scene("other.py").name == "Other"


def test_what_lies_beside_it_belongs_to_its_version() -> None:
    Path("lib").mkdir()
    Path("lib/__init__.py").write_text("from . import inner\n")
    Path("lib/inner.py").write_text("WORD = 1\n")
    Path("helper.py").write_text("import lib\nimport json\nWORD = 'first'\n")
    Path("unused.py").write_text("")
    Path("verdict.py").write_text("import helper\n" + ONE + "    word = helper.WORD\n")
    names = {
        path.relative_to(Path.cwd()).as_posix() for path in sources(Path("verdict.py").absolute())
    }
    assert names == {"verdict.py", "helper.py", "lib/__init__.py", "lib/inner.py"}
    first = scene_module("verdict.py")
    key = code_of([first])
    assert load_scene("verdict.py").word == "first"  # type: ignore[attr-defined]
    Path("lib/inner.py").write_text("WORD = 2\n")
    second = scene_module("verdict.py")
    Path("helper.py").write_text("import lib\nimport json\nWORD = 'other'\n")
    third = scene_module("verdict.py")
    assert len({first, second, third}) == 3
    assert code_of([third]) != key
    assert load_scene("verdict.py").word == "other"  # type: ignore[attr-defined]


def test_scenes_of_two_folders_have_their_own_helpers() -> None:
    for name in ("one", "two"):
        Path(name).mkdir()
        Path(name, "helper.py").write_text(f"WORD = '{name}'\n")
        Path(name, "v.py").write_text("import helper\n" + ONE + "    word = helper.WORD\n")
    scenes: list[Any] = [load_scene(f"{name}/v.py") for name in ("one", "two", "one")]
    assert [scene.word for scene in scenes] == ["one", "two", "one"]


def test_an_edit_is_seen_at_once() -> None:
    file = Path("verdict.py")
    file.write_text(ONE)
    assert describe_scene("verdict.py", Cache()).parameters["side"].maximum == 5
    file.write_text(ONE.replace("maximum=5", "maximum=7"))
    assert describe_scene("verdict.py", Cache()).parameters["side"].maximum == 7
    assert not Path("__pycache__").exists()


@pytest.mark.parametrize("name", ["en.toml", "zh.toml"])
def test_words_beside_it_count_and_leave_its_version(name: str) -> None:
    Path("verdict.py").write_text(ONE)
    modules, said = set(), set()
    for text in (None, "title = 'One'", "title = 'Two'"):
        if text is not None:
            Path(name).write_text(text)
        modules.add(scene_module("verdict.py"))
        said.add(words_of(modules, "zh"))
    assert (len(modules), len(said)) == (1, 3)


def test_a_known_file_is_described_without_manim(cache_folder: Path) -> None:
    Path("verdict.py").write_text(ONE)
    expected = describe_scene("verdict.py", Cache())
    assert (expected.reference, expected.name) == ("verdict.py", "One")
    code = (
        "import sys; from cnnviz.cache.store import Cache;"
        "from cnnviz.staging.registry import describe_scene;"
        "print(describe_scene('verdict.py', Cache()).summary, 'manim' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "What One tells. False\n"


def test_any_process_unpickles_a_scene_and_what_lies_beside_it() -> None:
    Path("helper.py").write_text("class Helped:\n    side = 3\n")
    Path("verdict.py").write_text("import helper\n" + ONE + "    helped = helper.Helped()\n")
    scene: Any = load_scene("verdict.py")
    Path("pickled").write_bytes(pickle.dumps((scene, scene.Parameters(2), scene.helped)))
    code = "import pickle; print([each.side for each in pickle.load(open('pickled', 'rb'))[1:]])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[2, 3]\n"


def test_another_version_is_not_taken_for_it() -> None:
    Path("verdict.py").write_text(ONE)
    Path("pickled").write_bytes(pickle.dumps(load_scene("verdict.py")))
    Path("verdict.py").write_text(ONE + "# edited\n")
    code = "import pickle; pickle.load(open('pickled', 'rb'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError" in done.stderr


@pytest.mark.parametrize(
    ("reference", "stem"),
    [("conv", "conv"), ("a/verdict.py", "verdict"), ("verdict.py:Two", "verdict_Two")],
)
def test_names_of_films(reference: str, stem: str) -> None:
    assert output_stem(reference) == stem


def test_names_of_scenes_are_no_files() -> None:
    assert SceneFile.of("conv") is None
    assert SceneFile.of("verdict.py:not a class") is None


@pytest.mark.parametrize(
    ("content", "reference", "message"),
    [
        (None, "v.py", 'cannot read the scene "v.py": No such file'),
        ("x = (\n", "v.py", "v.py:1: SyntaxError: '(' was never closed"),
        ("\nimport nowhere_at_all\n", "v.py", "v.py:2: ModuleNotFoundError: No module named 'now"),
        ("def f():\n    return 1 / 0\n\nf()\n", "v.py", "v.py:2: ZeroDivisionError: division"),
        ("import sys\nsys.exit('bye')\n", "v.py", "v.py:2: SystemExit: bye"),
        ("raise ValueError('two\\nlines')\n", "v.py", "v.py:1: ValueError: two lines"),
        ("x = '\0'\n", "v.py", "v.py"),
        ("import broken\n", "v.py", "broken.py:2: SyntaxError: invalid syntax"),
        ("x = 1\n", "v.py", 'no scene in "v.py": it needs a class that extends LectureScene'),
        (ONE, "v.py:Two", 'no scene "Two" in "v.py": choose v.py:One'),
        (
            ONE + SCENE.format("Two", "LectureScene"),
            "v.py",
            '2 scenes in "v.py": choose v.py:One, v.py:Two',
        ),
        (HEAD + "class A(LectureScene):\n    pass\n", "v.py", "v.py:9: the scene A has no name"),
        (
            ONE.replace("SideParameters,", "dict,"),
            "v.py",
            "v.py:10: the Parameters of One must be a dataclass",
        ),
    ],
)
def test_a_broken_file_is_one_line(content: str | None, reference: str, message: str) -> None:
    Path("broken.py").write_text("x = 1\ny = = 2\n")
    if content is not None:
        Path("v.py").write_text(content)
    with pytest.raises(UserError) as caught:
        load_scene(reference)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_a_regular_file_is_read() -> None:
    Path("folder.py").mkdir()
    os.mkfifo("pipe.py")
    for name in ("folder.py", "pipe.py"):
        with pytest.raises(UserError, match=f'scene "{name}": it is no regular file'):
            scene_module(name)


def test_a_second_name_is_no_second_scene() -> None:
    Path("verdict.py").write_text(ONE + "Alias = One\n")
    assert load_scene("verdict.py").name == "One"
