"""After an edit what shows it is rendered anew, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import cnnviz
from cnnviz.cache.store import Cache, Kind
from cnnviz.cli.main import main

SMALL = ["-q", "l", "--fps", "2", "--pace", "0.1", "-Q"]

SCENE = """
from dataclasses import dataclass
from cnnviz.staging.scene import LectureScene

@dataclass(frozen=True)
class NoParameters:
    pass

class Told(LectureScene):
    name, Parameters, poster_beat = "told", NoParameters, "third"

    @classmethod
    def resolve(cls, trace, parameters):
        return parameters

    def construct(self):
        self.set_stage(*self.make_title(self.word("title"), "-"))
        for beat in ("first", "second", "third", "fourth"):
            with self.beat(beat):
                self.fade_in(self.make_label(beat))
"""

WORDS = """
title = "Told"
[captions]
first = "One"
second = "Two"
third = "Three"
fourth = "Four"
"""


class Kept:
    """Counts what a cache has got since it was asked last."""

    def __init__(self, place: Path) -> None:
        self._cache = Cache(place)
        self._seen: set[tuple[Kind, str]] = set()

    def new(self) -> dict[Kind, int]:
        found = {(each.kind, each.path.name) for each in self._cache.entries()}
        new, self._seen = found - self._seen, found
        return {kind: sum(each is kind for each, _ in new) for kind in Kind}


# -- within a film ----------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Work in a folder with a scene of four beats, and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "cache"))
    Path("told.py").write_text(SCENE)
    Path("en.toml").write_text(WORDS)
    return Kept(tmp_path / "cache")


@pytest.mark.parametrize(
    ("file", "old", "new", "count", "jobs"),
    [
        ("en.toml", "", "", 0, "1"),
        ("en.toml", '"Four"', '"For ever"', 1, "1"),
        ("en.toml", '"Four"', '"For ever"', 1, "2"),
        ("en.toml", '"One"', '"Once"', 2, "1"),  # it goes when the second comes
        ("en.toml", '"Told"', '"Sold"', 4, "1"),
        ("told.py", "make_label(beat)", "make_label('*')", 4, "1"),
    ],
)
def test_only_the_beats_that_show_an_edit_are_rendered_anew(
    kept: Kept, small_weights: Path, file: str, old: str, new: str, count: int, jobs: str
) -> None:
    call = ["render", "told.py", *SMALL, "--weights", str(small_weights), "-j", jobs]
    assert main([*call, "-o", "before.mp4"]) == 0
    assert kept.new()[Kind.SECTION] == 4
    Path(file).write_text(Path(file).read_text().replace(old, new))
    assert main([*call, "-o", "after.mp4"]) == 0
    made = kept.new()
    assert (made[Kind.SECTION], made[Kind.TRACE]) == (count, 0)
    assert main([*call, "--no-cache", "-o", "fresh.mp4"]) == 0
    for ending in (".mp4", ".poster.png", ".vtt"):
        after, fresh = (Path(each).with_suffix(ending) for each in ("after.mp4", "fresh.mp4"))
        assert after.read_bytes() == fresh.read_bytes()
    before = Path("before.mp4").read_bytes()
    assert (Path("after.mp4").read_bytes() == before) == (count == 0)


def test_a_caption_that_a_scene_looks_up_itself_counts(kept: Kept, small_weights: Path) -> None:
    looks = SCENE.replace("make_label(beat)", "make_label(self.word('captions.second'))")
    Path("told.py").write_text(looks)
    call = ["render", "told.py", *SMALL, "--weights", str(small_weights)]
    assert main([*call, "-o", "before.mp4"]) == 0
    kept.new()
    Path("en.toml").write_text(WORDS.replace('"Two"', '"Too"'))
    assert main([*call, "-o", "after.mp4"]) == 0
    assert kept.new()[Kind.SECTION] == 4


# -- in the house --------------------------------------------------------------------------------

RUN = """
import sys
from cnnviz.cli.main import main
code = main()
print(sum(each in sys.modules for each in ("manim", "torch")))
sys.exit(code)
"""


class Made(NamedTuple):
    """What a render has made, and how many large libraries it has imported."""

    sections: int
    traces: int
    imported: int


class House:
    """A copy of cnnviz with a cache of its own, in which files are edited."""

    def __init__(self, folder: Path, weights: Path) -> None:
        source = Path(cnnviz.__file__).parent
        shutil.copytree(source, folder / "cnnviz", ignore=shutil.ignore_patterns("__pycache__"))
        self._folder = folder
        self._weights = weights
        self._kept = Kept(folder / "cache")

    def append(self, text: str, *names: str) -> None:
        """Write something at the end of files."""
        for name in names:
            with (self._folder / "cnnviz" / name).open("a", encoding="utf-8") as file:
                file.write(text)

    def change_caption(self, scene: str, beat: str) -> None:
        """Let a caption begin with another word."""
        file = self._folder / "cnnviz" / "scenes" / scene / "en.toml"
        head, mark, captions = file.read_text(encoding="utf-8").partition("[captions]")
        assert f'\n{beat} = "' in captions
        captions = captions.replace(f'\n{beat} = "', f'\n{beat} = "Now. ')
        file.write_text(head + mark + captions, encoding="utf-8")

    def render(self, *what: str) -> Made:
        call = ["render", *what, *SMALL, "--weights", str(self._weights), "--force"]
        path = os.pathsep.join(filter(None, [str(self._folder), os.environ.get("PYTHONPATH")]))
        variables = {"PYTHONPATH": path, "CNNVIZ_CACHE_DIR": str(self._folder / "cache")}
        done = subprocess.run(
            [sys.executable, "-c", RUN, *call, "-o", f"{what[0]}.mp4"],
            cwd=self._folder,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made = self._kept.new()
        return Made(made[Kind.SECTION], made[Kind.TRACE], int(done.stdout.splitlines()[-1]))

    def beats(self, scene: str) -> list[str]:
        manifest = json.loads((self._folder / f"{scene}.json").read_text(encoding="utf-8"))
        return [beat["name"] for beat in manifest["beats"]]


@pytest.fixture
def house(tmp_path: Path, small_weights: Path) -> House:
    return House(tmp_path, small_weights)


def test_an_edit_of_one_scene_leaves_the_films_of_the_others(house: House) -> None:
    first = house.render("relu")
    count = len(house.beats("relu"))
    assert first[:2] == (count, 1)
    house.append("# edited\n", "scenes/conv/board.py")
    house.change_caption("pool", "place")
    house.append("# edited\n", "scenes/pool/zh.toml")
    assert house.render("relu") == (0, 0, 0)
    house.change_caption("relu", house.beats("relu")[0])
    assert house.render("relu")[:2] == (2, 0)
    house.append("# edited\n", "scenes/relu/graph.py")
    assert house.render("relu")[:2] == (count, 0)
    house.append("# edited\n", "style/geometry.py")
    assert house.render("relu")[:2] == (count, 0)
    house.append("# edited\n", "network/tracing.py")
    assert house.render("relu")[:2] == (count, 1)
    assert house.render("relu") == (0, 0, 0)


def test_a_lecture_renders_anew_what_belongs_to_the_scene_that_was_edited(house: House) -> None:
    asked = ("lecture", "--scenes", "conv,relu,softmax")
    house.render(*asked)
    beats = house.beats("lecture")
    house.append("# edited\n", "scenes/softmax/plot.py")
    own = [name for name in beats if name.startswith("softmax.")]
    assert house.render(*asked)[:2] == (len(own) + 1, 0)  # the end clears what it has left
    assert house.render(*asked) == (0, 0, 0)
    house.change_caption("conv", "place")
    assert house.render(*asked)[:2] == (2, 0)
    house.append('unheard_of = "a word"\n', "scenes/pool/en.toml")
    assert house.render(*asked)[0] == 0
