"""The lecture: scenes one after the other, in one film, with chapters."""

from __future__ import annotations

import json
import weakref
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from cnnviz.cache.store import Cache, Kind
from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.layers import AvgPool2d, Conv2d, Flatten, Linear, ReLU
from cnnviz.mobjects.heat_map import Photo
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.lecture.scene import STORY, WholeLecture, chapters_of
from cnnviz.staging.scene import LectureScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import assert_is_exact, assert_refused, faults_in, setting_of, visit_beats

SHORT = "relu,pool,softmax"


def test_the_command_makes_one_film_with_chapters(tmp_path: Path, small_weights: Path) -> None:
    film = tmp_path / "lecture.mp4"
    call = ["render", "lecture", "-q", "l", "--fps", "2", "--pace", "0.1", "--scenes", SHORT]
    assert main([*call, "--weights", str(small_weights), "-o", str(film)]) == 0
    manifest = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    names = [beat["name"] for beat in manifest["beats"]]
    assert len(set(names)) == len(names)
    assert [name.partition(".")[0] for name in names if name.endswith(".place")] == SHORT.split(",")
    with av.open(film) as container:
        chapters = container.chapters()
        frames = sum(1 for _ in container.decode(video=0))
    titles = [chapter["metadata"]["title"] for chapter in chapters]
    assert titles[1:-1] == ["ReLU", "Max pooling", "Softmax"]
    assert frames == manifest["film"]["frames"]
    starts = [chapter["start"] * chapter["time_base"] for chapter in chapters]
    for name, start in zip(SHORT.split(","), starts[1:-1], strict=True):
        beat = next(beat for beat in manifest["beats"] if beat["name"].startswith(f"{name}."))
        assert float(start) == pytest.approx(beat["start"], abs=0.001)


BLACK = 25
"""Of 255: between the dark theme's ground, 13, and the cells of a map that hold zero, 30."""


@pytest.mark.slow
def test_a_lecture_is_never_black(tmp_path: Path, small_weights: Path) -> None:
    """Where scenes meet the network stays; a map of zeros alone is dark, but no empty stage."""
    film = tmp_path / "lecture.mp4"
    call = ["render", "lecture", "-q", "l", "--fps", "5", "--pace", "0.2"]
    scenes = ["--scenes", "overview,conv,relu,pool"]
    assert main([*call, *scenes, "--weights", str(small_weights), "-o", str(film)]) == 0
    with av.open(film) as container:
        frames = [each.to_ndarray(format="gray") for each in container.decode(video=0)]
    stages = [each[int(0.17 * len(each)) : int(0.82 * len(each))] for each in frames]
    empty = [index for index, stage in enumerate(stages) if (stage > BLACK).mean() < 0.01]
    assert not empty


def test_the_beats_cover_the_film_without_gaps(small_trace: Trace) -> None:
    setting = setting_of(WholeLecture, small_trace, scenes=SHORT)
    beats = visit_beats(WholeLecture, setting, lambda scene, beat: None).beats
    assert beats[0].first_frame == 0
    for before, after in pairwise(beats):
        assert after.first_frame == before.last_frame + 1


def test_a_chapter_that_is_told_is_let_go(small_trace: Trace) -> None:
    setting = setting_of(WholeLecture, small_trace, scenes=SHORT)
    scenes: dict[str, weakref.ref[LectureScene]] = {}
    alive: dict[str, list[str]] = {}

    def visit(scene: LectureScene, beat: str) -> None:
        scenes.setdefault(scene.name, weakref.ref(scene))
        alive[beat] = [name for name, found in scenes.items() if found() is not None]

    visit_beats(WholeLecture, setting, visit)
    assert alive["relu.place"] == ["lecture", "relu"]
    assert alive["lecture.end"] == ["lecture"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("aspect", "language", "theme"),
    [("16:9", "en", "light"), ("9:16", "zh", "dark")],
)
def test_nothing_overlaps_where_scenes_meet(
    small_trace: Trace, aspect: str, language: str, theme: str
) -> None:
    look = theme_of(theme, aspect)
    setting = setting_of(WholeLecture, small_trace, look, language, scenes="conv,relu,pool")
    assert not faults_in(WholeLecture, setting)


@pytest.mark.slow
def test_frames_are_exact(small_trace: Trace) -> None:
    assert_is_exact(WholeLecture, setting_of(WholeLecture, small_trace, scenes="conv,relu"))


def test_what_one_scene_shows_the_next_goes_on_with(small_trace: Trace) -> None:
    parts = chapters_of(small_trace, WholeLecture.Parameters(scenes="conv,relu"))
    conv, relu = (part.parameters for part in parts)
    assert (conv.layer, relu.layer) == ("conv_1", "relu_1")
    assert conv.channel == relu.channel


def test_the_whole_story_leaves_out_what_the_network_lacks(small_network: Network) -> None:
    layers = (Conv2d("conv", 3, 2, 3), ReLU("relu"), Flatten("flatten"), Linear("out", 72, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 8, 8))
    what_happened = trace(np.zeros((8, 8, 3), np.float32), network)
    resolved = WholeLecture.resolve(what_happened, WholeLecture.Parameters())
    lacking = ("pool", "skip", "average")
    assert resolved.scenes == ",".join(name for name in STORY if name not in lacking)
    with pytest.raises(UserError, match="pool"):
        WholeLecture.resolve(what_happened, WholeLecture.Parameters(scenes="conv,pool"))


def test_a_lecture_tells_of_means_where_there_are_any() -> None:
    layers = (Conv2d("conv", 3, 2, 3), ReLU("relu"), AvgPool2d("mean", 6))
    network = fixed_network(
        (*layers, Flatten("flatten"), Linear("out", 2, 2)), ("cat", "dog"), (3, 8, 8)
    )
    seen = trace(np.random.default_rng(1).random((8, 8, 3)).astype(np.float32), network)
    chapters = chapters_of(seen, WholeLecture.Parameters())
    told = {chapter.scene.name: chapter.parameters for chapter in chapters}
    assert told["average"].layer == "mean"
    assert told["average"].channel == told["relu"].channel


@pytest.mark.parametrize(
    ("scenes", "message"),
    [
        ("conv,rleu", 'the lecture has no scene "rleu": choose average'),
        ("lecture", 'no scene "lecture"'),
        (" , ", "names no scene"),
    ],
)
def test_scenes_that_do_not_exist(small_trace: Trace, scenes: str, message: str) -> None:
    assert_refused(WholeLecture, small_trace, message, scenes=scenes)


@pytest.mark.slow
def test_lectures_share_the_beats_they_have_in_common(
    tmp_path: Path, small_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known by the same key is the same to the byte, whichever film it was made for."""

    def kept_sections(scenes: str) -> dict[str, bytes]:
        cache = tmp_path / scenes
        monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(cache))
        film = tmp_path / f"{scenes}.mp4"
        call = ["render", "lecture", "-q", "l", "--fps", "2", "--pace", "0.2", "--scenes", scenes]
        assert main([*call, "--weights", str(small_weights), "-o", str(film)]) == 0
        beats.update(
            beat["name"] for beat in json.loads(film.with_suffix(".json").read_text())["beats"]
        )
        return {
            entry.path.name: entry.path.read_bytes()
            for entry in Cache(cache).entries()
            if entry.kind is Kind.SECTION
        }

    beats: set[str] = set()
    longer, shorter = kept_sections("softmax,conv,relu"), kept_sections("conv,relu")
    common = longer.keys() & shorter.keys()
    shared = [name for name in beats if name.startswith(("conv.", "relu."))]
    assert len(common) == len(shared) - 1  # conv's first beat clears what the scene before has left
    assert all(longer[key] == shorter[key] for key in common)


def test_what_stands_below_the_photo_begins_where_it_does(small_trace: Trace) -> None:
    """In upright frames the contents kept to the margin, and the photo to the middle."""
    setting = setting_of(WholeLecture, small_trace, theme_of("light", "9:16"), scenes="relu")
    lefts: dict[str, float] = {}

    def look(scene: LectureScene, beat: str) -> None:
        if beat == "lecture.title":
            for each in scene.get_mobject_family_members():
                if isinstance(each, Photo):
                    lefts["photo"] = float(each.get_left()[0])
                if getattr(each, "text", "") == "1":
                    lefts["contents"] = float(each.get_left()[0])

    visit_beats(WholeLecture, setting, look)
    assert lefts["contents"] == pytest.approx(lefts["photo"], abs=0.05)
    assert lefts["photo"] > setting.theme.layout.stage.left + 0.3
