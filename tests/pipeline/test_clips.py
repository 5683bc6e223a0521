"""Clips of beats, with and without captions and title, told in two languages, and made again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest
import webvtt

import cnnviz
from cnnviz.cache.store import Cache, Kind
from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.model.trace import Trace
from cnnviz.photos import bundled_photo
from cnnviz.pipeline.look import Look
from cnnviz.pipeline.request import FilmRequest, Part, PictureRequest
from cnnviz.pipeline.setting import SceneMaker, scene_setting
from cnnviz.pipeline.tracing import traces_for
from cnnviz.rendering.film import measure_film, stills
from cnnviz.staging.registry import load_scene

SCENE = """
from dataclasses import dataclass
from cnnviz.authoring import HeatMap, LectureScene, Photo

@dataclass(frozen=True)
class NoParameters:
    pass

class Told(LectureScene):
    name, Parameters, poster_beat = "told", NoParameters, "second"
    texts = {
        "en": {
            "title": "Told", "beats": {"first": "The first", "second": "The second"},
            "captions": {"first": "One.", "second": "Two {answer}.", "third": "Three."},
            "descriptions": {"second": "A photo shrinks: {answer}."},
        },
        "zh": {
            "title": "讲述",
            "captions": {"first": "一。", "second": "二{answer}。", "third": "三。"},
            "descriptions": {"second": "照片缩小：{answer}。"},
        },
    }

    @classmethod
    def resolve(cls, trace, parameters):
        return parameters

    def construct(self):
        photo = Photo(self.trace.photo, 3, 3)
        self.set_stage(*self.make_title(self.word("title"), "-"))
        with self.beat("first"):
            self.fade_in(photo)
        with self.beat("second", answer=self.class_name(0)):
            self.play(photo.animate.scale(0.8))
        with self.beat("third"):
            self.play(photo.animate.set_opacity(0.5))
"""

HOW: dict[str, Any] = {"quality": "l", "fps": 4, "pace": 0.2}
SMALL = ["-q", "l", "--fps", "4", "--pace", "0.2", "-Q", "-j", "1"]

Frame = npt.NDArray[np.uint8]


@pytest.fixture
def scene(fresh_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a short scene in a file of the working folder, with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    Path("told.py").write_text(SCENE)
    return "told.py"


@pytest.fixture
def bundled_trace(fresh_cache: Path) -> Trace:
    """What the bundled network sees in the bundled photo."""
    (trace,) = traces_for("conv", [PictureRequest()], Cache())
    return trace


def decoded_frames(path: Path) -> list[Frame]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def beats_in(path: Path) -> list[str]:
    return [beat["name"] for beat in json.loads(path.read_text())["beats"]]


def test_beats_are_rendered_alone_and_taken_from_what_was_made(scene: str) -> None:
    whole = cnnviz.render(scene, output="whole.mp4", jobs=1, **HOW)
    before = len([each for each in Cache().entries() if each.kind is Kind.SECTION])
    assert before == 3
    beats = ("second", "third")
    clip = cnnviz.render(scene, output="c.mp4", jobs=1, beats=beats, title=True, **HOW)
    kept = len([each for each in Cache().entries() if each.kind is Kind.SECTION])
    assert kept == before + 1  # the third beat follows the second as in the whole film
    assert beats_in(clip.manifest) == ["second", "third"]
    assert clip.seconds < whole.seconds
    assert len(decoded_frames(clip.video)) == round(4 * clip.seconds)
    captions = webvtt.read(str(clip.captions_vtt)).captions
    assert captions[0].start == "00:00:00.000"
    assert sorted(path.name for path in clip.stills.iterdir()) == ["01_second.png", "02_third.png"]
    for path in clip.all:
        assert path.exists(), path


def test_a_clip_begins_with_its_stage_and_without_title(scene: str) -> None:
    top = slice(0, 60)
    clip = cnnviz.render(scene, output="clip.mp4", jobs=1, beats=("second",), **HOW)
    titled = cnnviz.render(scene, output="titled.mp4", jobs=1, beats=["second"], title=True, **HOW)
    first, with_title = decoded_frames(clip.video)[0], decoded_frames(titled.video)[0]
    assert np.ptp(first[top]) < 40  # nothing but the ground
    assert np.ptp(with_title[top]) > 150
    assert np.ptp(first[-90:]) < 40  # the caption of the beat before is gone
    assert np.ptp(first[150:330]) > 100  # the photo is there


def test_a_loop_ends_where_it_begins(scene: str) -> None:
    plain = cnnviz.render(scene, output="plain.mp4", jobs=1, beats=("second",), **HOW)
    loop = cnnviz.render(scene, output="loop.mp4", jobs=1, beats=("second",), loop=True, **HOW)
    frames = [frame.astype(float) for frame in decoded_frames(loop.video)]
    assert abs(frames[-1] - frames[0]).mean() < 1
    assert len(frames) > len(decoded_frames(plain.video))
    light = [frame.mean() for frame in frames[round(4 * plain.seconds) - 1 :]]
    assert all(np.diff(light) >= -0.5) or all(np.diff(light) <= 0.5)  # it does not flash


def test_an_unknown_beat_is_one_line_that_names_those_there_are(
    scene: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", scene, *SMALL, "--beats", "second,nix"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == 'Error: there is no beat "nix": choose first, second, third'
    assert not Path("media").exists() or not list(Path("media").iterdir())


@pytest.mark.parametrize(
    ("beats", "message"),
    [("", "at least one beat"), ("a,,b", "at least one beat"), ("a,a", '"a" is there twice')],
)
def test_beats_are_named_once(beats: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        Part(beats)  # type: ignore[arg-type]


def test_two_languages_at_once(scene: str) -> None:
    clip = cnnviz.render(
        scene, output="c.mp4", jobs=1, captions="none", captions_language="zh", **HOW
    )
    said = [cue.text for cue in webvtt.read(str(clip.captions_vtt)).captions]
    assert said[0] == "一。"
    assert said[1].startswith("二")
    assert "Two" not in said[1]
    assert not any(letter.isascii() and letter.isalpha() for letter in said[1])  # values, too
    described = [cue.text for cue in webvtt.read(str(clip.descriptions)).captions]
    assert any(text.startswith("照片缩小") for text in described)
    with av.open(str(clip.video)) as film:
        (track,) = film.streams.subtitles
        assert track.metadata["language"] == "zho"
        titles = [each["metadata"]["title"] for each in film.chapters()]
    assert titles[:2] == ["The first", "The second"]  # the film itself is in English


def still(trace: Trace, scene: str, **look: Any) -> Frame:
    """Return the last frame of the second beat, RGBA."""
    request = FilmRequest(scene, {}, Look(**HOW, **look))
    settings = request.look.make_settings()
    loaded = load_scene(scene)
    make = SceneMaker(loaded, scene_setting(loaded, [trace], request))
    end = measure_film(make, settings).sections[1].end_frame - 1
    return stills(make, settings, [end])[0]


def test_what_is_transparent_over_the_ground_is_the_opaque_frame(
    scene: str, bundled_trace: Trace
) -> None:
    opaque = still(bundled_trace, scene).astype(float)
    clear = still(bundled_trace, scene, transparent=True).astype(float)
    ground = opaque[0, 0, :3]
    over = clear[..., :3] + ground * (1 - clear[..., 3:] / 255)
    assert abs(over - opaque[..., :3]).max() <= 2
    assert (clear[..., 3] == 0).mean() > 0.3


def test_without_captions_nothing_is_written_below(scene: str, bundled_trace: Trace) -> None:
    burnt, none = (still(bundled_trace, scene, captions=each) for each in ("burn", "none"))
    assert np.ptp(burnt[-100:, :, 0]) > 100
    assert np.ptp(none[-100:, :, 0]) == 0


def test_a_film_says_how_it_was_made_and_another_is_made_like_it(
    scene: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    beats = ["--beats", "second", "--theme", "light"]
    assert main(["render", scene, *SMALL, *beats, "-o", "one.mp4"]) == 0
    Path("alone").mkdir()
    Path("alone/one.mp4").write_bytes(Path("one.mp4").read_bytes())
    capsys.readouterr()
    assert main(["info", "alone/one.mp4", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert str(tmp_path) not in json.dumps(told)
    assert told["command"].endswith("--pace 0.2 --fps 4 --beats second")
    assert told["source"]["image_sha256"]
    assert [beat["name"] for beat in told["beats"]] == ["second"]
    assert main(["info", "one.mp4"]) == 0
    assert "second: The second" in capsys.readouterr().out
    assert main(["render", "--like", "alone/one.mp4", "-Q", "-o", "two.mp4"]) == 0
    assert Path("one.mp4").read_bytes() == Path("two.mp4").read_bytes()
    espresso = str(bundled_photo("espresso"))
    like = ["render", "--like", "alone/one.mp4", "--image", espresso, "-Q", "-o", "three.mp4"]
    assert main(like) == 0
    three = json.loads(Path("three.json").read_text())
    assert three["source"]["image"] == "espresso.jpg"
    assert three["theme"] == "light"
    capsys.readouterr()
    assert main(["render", "--like", "three.mp4", "-Q"]) == 2
    assert 'is about the picture "espresso.jpg"' in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["info", "told.py"], ["render", "--like", "told.py"]])
def test_what_is_no_film_is_one_line(
    scene: str, arguments: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == 'Error: "told.py" does not say how it was made: it is no film of cnnviz'
