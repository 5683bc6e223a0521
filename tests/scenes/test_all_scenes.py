"""All scenes: every film has a poster, and beats whose names and titles can be relied on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

import cnnviz
from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.locales import LANGUAGES
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.pipeline.look import Look
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.rendering.timing import frames_of
from cnnviz.staging.beats import Beat
from cnnviz.staging.closing import Closing
from cnnviz.staging.parameters import parameters_of
from cnnviz.staging.registry import load_scene
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.visibility import Visibility
from cnnviz.style.layout import Aspect
from tests.conftest import fixed_network
from tests.scenes.stage import CHAIN_SCENES, ODD, faults_in, setting_of, visit_beats, words_of

SCENES = [*CHAIN_SCENES, "lecture"]
"""Those that a network without additions has something for: see tests/scenes/skip."""


def photo(kind: str) -> np.ndarray:
    """Return a photo of one kind, uint8 of shape (32, 32, 3)."""
    if kind == "noise":
        return np.random.default_rng(5).integers(0, 256, (32, 32, 3), np.uint8)
    colour = {"black": (0, 0, 0), "grey": (128, 128, 128), "white": (255, 255, 255)}[kind]
    return np.broadcast_to(np.array(colour, np.uint8), (32, 32, 3)).copy()


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
def test_every_scene_is_rendered_with_a_poster(
    name: str, small_network: Network, tmp_path: Path
) -> None:
    """Of a white photo; others are played and audited, which is quicker."""
    film = tmp_path / "film.mp4"
    tiny: dict[str, Any] = {"quality": "l", "fps": 1, "pace": 0.1, "cache": False}
    clip = cnnviz.render(name, photo("white"), film, weights=small_network, **tiny)
    with av.open(clip.video) as container:
        assert sum(1 for _ in container.decode(video=0)) == round(clip.seconds)
    with Image.open(clip.poster) as poster:
        assert poster.size == (854, 480)
        assert len(np.unique(poster)) > 10  # something is on it
    manifest = json.loads(clip.manifest.read_text(encoding="utf-8"))
    assert all(beat["title"] and beat["chapter"] for beat in manifest["beats"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["black", "grey"])
@pytest.mark.parametrize("name", [name for name in CHAIN_SCENES if name != "hyperparameters"])
def test_photos_of_one_colour_leave_no_fault(name: str, kind: str, small_network: Network) -> None:
    scene = load_scene(name)
    setting = setting_of(scene, trace(photo(kind), small_network))
    assert not faults_in(scene, setting)


ASPECTS: tuple[Aspect, ...] = ("16:9", "1:1", "9:16")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "name"), [*enumerate(CHAIN_SCENES)])
def test_without_captions_the_stage_takes_their_room(
    number: int, name: str, small_trace: Trace
) -> None:
    burnt = Look(aspect=ASPECTS[(number + 1) % 3])
    theme, roomy = (each.make_theme() for each in (burnt, replace(burnt, captions="none")))
    assert roomy.layout.stage.height > theme.layout.stage.height + 0.5
    scene_class = load_scene(name)
    setting = setting_of(scene_class, small_trace, roomy)
    unseen = replace(setting, visibility=Visibility(captions=False))
    assert not faults_in(scene_class, unseen, but=ODD)


def test_a_map_without_a_positive_value_has_a_poster(tmp_path: Path) -> None:
    image, film = tmp_path / "white.png", tmp_path / "film.mp4"
    Image.fromarray(photo("white")).save(image)
    call = ["render", "relu", "--layer", "relu_2_2", "--channel", "2", "--image", str(image)]
    assert main([*call, "-q", "l", "--fps", "1", "--pace", "0.1", "-o", str(film)]) == 0
    names = [beat["name"] for beat in json.loads(film.with_suffix(".json").read_text())["beats"]]
    assert "keep" not in names
    assert film.with_suffix(".poster.png").is_file()


@pytest.mark.parametrize("name", ["conv", "relu", "pool", "flatten"])
def test_what_comes_last_is_looked_at_before_it_goes_home(
    name: str, small_trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last filter, or the legend after ReLU, had hardly appeared when all flew home."""
    shown: list[tuple[int, frozenset[int]]] = []
    rests: list[float] = []
    carry_home, wait = Closing.carry_home, LectureScene.wait

    def look(scene: LectureScene, beat: str) -> None:
        stage = frozenset(map(id, mobjects_to_draw(scene)))
        if not shown or stage != shown[-1][1]:
            shown.append((scene.frame, stage))

    def look_and_wait(scene: LectureScene, *args: Any, **kwargs: Any) -> None:
        look(scene, "")  # what comes without motion is there from now on
        wait(scene, *args, **kwargs)

    def rest_and_go(self: Closing, *args: Any, **kwargs: Any) -> None:
        rests.append((self.scene.frame - shown[-1][0]) / frames_of(self.scene, 1.0))
        carry_home(self, *args, **kwargs)

    monkeypatch.setattr(LectureScene, "wait", look_and_wait)
    monkeypatch.setattr(Closing, "carry_home", rest_and_go)
    setting = setting_of(load_scene(name), small_trace)
    visit_beats(load_scene(name), setting, look)
    assert len(rests) == 1
    assert rests[0] >= setting.theme.timing.pause - 0.05


# -- names and titles ---------------------------------------------------------------------------


def titles(scene: str, language: str = "en") -> dict[str, str]:
    """Return the titles of a scene's own beats as the locales list them."""
    found: dict[str, str] = words_of(scene, language)._entry(f"{scene}.beats")
    return found


HYPERPARAMETERS: tuple[dict[str, Any], ...] = (
    {"input_size": 6, "kernel_size": 3, "dilation": 2, "stride": 2, "padding": 1},
    {"input_size": 2, "kernel_size": 7, "padding": 1},
)

MANY_LAYERS = [
    Conv2d("conv_0", 3, 8, 1),
    ReLU("relu_0"),
    ReLU("relu_again"),
    Conv2d("conv_1", 8, 2, 1),
    *(Conv2d(f"conv_{index}", 2, 2, 1) for index in range(2, 9)),
    MaxPool2d("pool", 2, 2),
    Flatten("flatten"),
    Linear("out", 2 * 3 * 3, 2),
]
"""More than a journey tells in full; pooling that leaves pixels over; values that are zero."""


def choices(scene: str, what: Trace) -> Iterator[dict[str, Any]]:
    """Yield parameters for a scene: layers, with their emptiest channel, and odd places."""
    yield {}
    if scene == "hyperparameters":
        yield from HYPERPARAMETERS
    if scene == "journey":
        yield {"pixel": tuple(size - 1 for size in what.picture.shape[1:])}
    if "layer" not in parameters_of(load_scene(scene).Parameters):
        return
    for layer in what.layers[:7]:
        if layer.output.ndim == 3:
            largest = layer.output.reshape(len(layer.output), -1).max(axis=1)
            yield {"layer": layer.name, "channel": int(largest.argmin())}
            zeros = np.argwhere(layer.input == 0)
            if scene == "relu" and zeros.size:
                channel, row, column = map(int, zeros[0])
                yield {"layer": layer.name, "channel": channel, "pixel": (row, column)}


def films(scene: str, network: Network) -> Iterator[list[Beat]]:
    """Yield the beats of many films of a scene, on several photos, networks and layers."""
    deep = fixed_network(tuple(MANY_LAYERS), ("cat", "dog"), (3, 7, 7))
    scene_class = load_scene(scene)
    for what in (trace(photo("white"), network), trace(photo("noise"), deep)):
        for parameters in choices(scene, what):
            try:
                setting = setting_of(scene_class, what, **parameters)
            except UserError:  # a layer of another kind
                continue
            quick = replace(setting, pace=0.1)
            yield visit_beats(scene_class, quick, lambda scene, beat: None).beats


@pytest.mark.slow
@pytest.mark.parametrize("scene", CHAIN_SCENES)
def test_beats_and_titles_belong_together(scene: str, small_network: Network) -> None:
    own, seen = titles(scene), set()
    known = words_of(scene, "en")._entry("common.beats") | own
    for beats in films(scene, small_network):
        names = [beat.name for beat in beats]
        assert len(set(names)) == len(names)
        for beat in beats:
            key = re.sub(r"_\d+$", "", beat.name)
            title = re.escape(known[key]).replace(r"\{layer\}", ".+")
            assert re.fullmatch(title, beat.title)
            assert beat.chapter == beat.title
            assert is_told(beat.description), beat
            seen.add(key)
    assert seen & set(own) == set(own) - ({"above"} if scene == "relu" else set())  # see its tests


def is_told(description: str) -> bool:
    """Return whether a beat has a description of its own, not the numbers alone, all filled in."""
    numbers = [words_of("conv", each)("description.numbers", numbers="") for each in LANGUAGES]
    is_own = description and not description.startswith(tuple(each[:-1] for each in numbers))
    return bool(is_own) and not re.search(r"[{}]|  |\.\.", description)


@pytest.mark.parametrize("scene", [*CHAIN_SCENES, pytest.param("lecture", marks=pytest.mark.slow)])
def test_what_is_seen_is_told_in_chinese(scene: str, small_trace: Trace) -> None:
    scene_class = load_scene(scene)
    setting = replace(setting_of(scene_class, small_trace, None, "zh"), pace=0.1)
    for beat in visit_beats(scene_class, setting, lambda scene, beat: None).beats:
        assert is_told(beat.description), beat
        assert not re.search("[a-z]{3,} [a-z]{3,}", beat.description), beat


def test_values_in_descriptions_are_the_network_s(small_trace: Trace) -> None:
    told = {}
    for name in ("relu", "pool"):
        scene_class = load_scene(name)
        setting = replace(setting_of(scene_class, small_trace), pace=0.1)
        beats = visit_beats(scene_class, setting, lambda scene, beat: None).beats
        told[name] = setting.parameters, {beat.name: beat.description for beat in beats}
    parameters, descriptions = told["relu"]
    values = small_trace[parameters.layer].input[parameters.channel]
    rows, columns = values.shape
    extent = f"{rows}×{columns} values from {values.min():.2f} to {values.max():.2f}."
    assert descriptions["place"].endswith(extent.replace("-", "−"))
    assert f": {(values < 0).sum()} of {values.size} values were" in descriptions["count"]
    parameters, descriptions = told["pool"]
    values = small_trace[parameters.layer].input[parameters.channel]
    row, column = (2 * each for each in parameters.pixel)
    window = ", ".join(f"{each:.2f}" for each in values[row : row + 2, column : column + 2].flat)
    assert f"values {window}; " in descriptions["window"]
    kept = f"{values.size} values became {values.size // 4}, 75% are dropped."
    assert kept in descriptions["result"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_titles_are_short_and_differ(scene: str, language: str) -> None:
    texts = titles(scene, language).values()
    assert len(set(texts)) == len(texts)
    assert all(0 < len(text) <= 30 for text in texts)


def test_the_lecture_has_the_beats_of_its_scenes_in_one_chapter_each(
    small_trace: Trace,
) -> None:
    scene_class = load_scene("lecture")
    setting = setting_of(scene_class, small_trace, None, "zh", scenes="conv,relu")
    beats = visit_beats(scene_class, setting, lambda scene, beat: None).beats
    chapters = {"lecture.title": "网络如何看一张图片", "lecture.end": "网络的回答"}
    for beat in beats:
        scene, _, name = beat.name.partition(".")
        assert beat.title == titles(scene, "zh")[name]
        expected = chapters.get(beat.name) or words_of(scene, "zh")(f"{scene}.title")
        assert beat.chapter == expected
    assert {beat.name for beat in beats} >= {"conv.multiply", "relu.wave", *chapters}
