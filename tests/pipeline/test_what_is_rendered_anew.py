"""After an edit what shows it is rendered anew, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

import cnnviz
from cnnviz.cache.store import Cache, Kind
from cnnviz.cli.main import main

SMALL = ["-q", "l", "--fps", "1", "--pace", "0.1", "-Q"]

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


DRAWN = (Kind.FILM, Kind.SECTION, Kind.COMPANION)


class Kept:
    """Counts what a cache has got since it was asked last."""

    def __init__(self, place: Path) -> None:
        self._cache = Cache(place)
        self._seen: set[tuple[Kind, str]] = set()
        self.new()

    def new(self) -> dict[Kind, int]:
        found = {(each.kind, each.path.name) for each in self._cache.entries()}
        new, self._seen = found - self._seen, found
        return {kind: sum(each is kind for each, _ in new) for kind in Kind}

    def forget_films(self) -> None:
        """Remove what was drawn, and keep traces, which would be made for seconds."""
        for each in self._cache.entries():
            if each.kind in DRAWN:
                each.path.unlink()


# -- within a film ----------------------------------------------------------------------------


@contextmanager
def working_in(folder: Path) -> Iterator[Kept]:
    """Work in a folder, on a scene of four beats, with the cache that is there."""
    (folder / "told.py").write_text(SCENE)
    (folder / "en.toml").write_text(WORDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "path", list(sys.path))
        patch.setenv("CNNVIZ_CACHE_DIR", str(folder / "cache"))
        yield Kept(folder / "cache")


def render_told(weights: Path, output: str) -> None:
    call = ["render", "told.py", *SMALL, "--weights", str(weights), "--force"]
    assert main([*call, "-o", output]) == 0


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, small_weights: Path) -> Path:
    """A folder with the scene's film, and a copy of the cache with what was made for it."""
    folder = tmp_path_factory.mktemp("rendered")
    with working_in(folder) as kept:
        render_told(small_weights, "before.mp4")
        assert kept.new()[Kind.SECTION] == 4
    shutil.copytree(folder / "cache", folder / "cache as it was")
    return folder


@pytest.fixture
def kept(rendered: Path) -> Iterator[Kept]:
    """Work in that folder, which is as it was after the first render."""
    shutil.rmtree(rendered / "cache")
    shutil.copytree(rendered / "cache as it was", rendered / "cache")
    with working_in(rendered) as kept:
        yield kept


@pytest.mark.parametrize(
    ("file", "old", "new", "count"),
    [
        ("en.toml", "", "", 0),
        pytest.param("en.toml", '"Four"', '"For ever"', 1, marks=pytest.mark.slow),
        ("en.toml", '"One"', '"Once"', 2),  # it goes when the second comes
        pytest.param("en.toml", '"Told"', '"Sold"', 4, marks=pytest.mark.slow),
        ("told.py", "make_label(beat)", "make_label('*')", 4),
    ],
)
def test_only_the_beats_that_show_an_edit_are_rendered_anew(
    kept: Kept, small_weights: Path, file: str, old: str, new: str, count: int
) -> None:
    Path(file).write_text(Path(file).read_text().replace(old, new))
    render_told(small_weights, "after.mp4")
    made = kept.new()
    assert (made[Kind.SECTION], made[Kind.TRACE]) == (count, 0)
    kept.forget_films()
    render_told(small_weights, "fresh.mp4")
    for ending in (".mp4", ".poster.png", ".vtt"):
        after, fresh = (Path(each).with_suffix(ending) for each in ("after.mp4", "fresh.mp4"))
        assert after.read_bytes() == fresh.read_bytes()
    before = Path("before.mp4").read_bytes()
    assert (Path("after.mp4").read_bytes() == before) == (count == 0)


@pytest.mark.parametrize(
    "label", ["self.word('captions.second')", "self.caption_lines[0].text if first else '-'"]
)
def test_a_caption_that_a_scene_looks_at_itself_counts(
    kept: Kept, small_weights: Path, label: str
) -> None:
    is_first = "first = beat == 'first'"
    drawn = f"{is_first}\n                self.fade_in(self.make_label({label}))"
    Path("told.py").write_text(SCENE.replace("self.fade_in(self.make_label(beat))", drawn))
    render_told(small_weights, "looks.mp4")
    assert kept.new()[Kind.SECTION] == 4
    Path("en.toml").write_text(WORDS.replace('"One"', '"Once"').replace('"Two"', '"Too"'))
    render_told(small_weights, "looks.mp4")
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
    """A copy of cnnviz, in which files are edited, with a cache that knows the traces."""

    def __init__(self, folder: Path, weights: Path, known_traces: Path) -> None:
        shutil.copytree(Path(cnnviz.__file__).parent, folder / "cnnviz")
        shutil.copytree(known_traces, folder / "cache")
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


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, small_weights: Path, known_traces: Path
) -> House:
    return House(tmp_path_factory.mktemp("house"), small_weights, known_traces)


@pytest.mark.slow
def test_an_edit_of_one_scene_leaves_the_films_of_the_others(house: House) -> None:
    assert house.render("pool").sections == (count := len(house.beats("pool")))
    house.append("# edited\n", "scenes/conv/board.py", "scenes/pool/zh.toml")
    house.change_caption("relu", "place")
    assert house.render("pool") == (0, 0, 0)
    house.change_caption("pool", "halved")
    assert house.render("pool")[:2] == (1, 0)
    house.append("# edited\n", "mobjects/frames.py")
    assert house.render("pool")[:2] == (count, 0)


@pytest.mark.slow
def test_a_lecture_renders_anew_what_belongs_to_the_scene_that_was_edited(house: House) -> None:
    asked = ("lecture", "--scenes", "pool,flatten")
    house.render(*asked)
    own = [name for name in house.beats("lecture") if name.startswith("flatten.")]
    house.append("# edited\n", "scenes/flatten/scene.py")
    assert house.render(*asked)[:2] == (len(own) + 1, 0)  # the end clears what it has left
    house.change_caption("pool", "place")
    house.append('unheard_of = "a word"\n', "scenes/conv/en.toml")
    assert house.render(*asked)[:2] == (2, 0)
    assert house.render(*asked) == (0, 0, 0)
