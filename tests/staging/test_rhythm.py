"""Time to read, whatever the pace; a title that shrinks; a last picture that stays."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import FadeIn, smooth

from cnnviz.auditing.visit import FRAME_RATE
from cnnviz.cli.main import main
from cnnviz.locales import LANGUAGES, Words
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.staging.registry import load_scene
from cnnviz.staging.rhythm import following, paced, reading_time
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.staging.title import Title
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import Timing, theme_of
from tests.scenes.stage import CHAIN_SCENES, setting_of, visit_beats

HOLD = Timing().hold
LONG = "A caption that is as long as a sentence can be before it becomes two of them."
LETTERS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=200)
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=80)


@pytest.fixture(scope="module")
def noise(small_network: Network) -> Trace:
    return trace(np.random.default_rng(3).random((32, 32, 3)).astype(np.float32), small_network)


# -- how long it takes ----------------------------------------------------------------------------


def test_fifteen_letters_or_six_chinese_characters_take_a_second() -> None:
    assert reading_time("") == 1.0
    assert reading_time("x" * 30) == pytest.approx(3.0)
    assert reading_time("卷积核在滑动") == pytest.approx(2.0)
    assert reading_time("ReLU 之后，") == pytest.approx(1.0 + 5 / 15 + 3 / 6)


@given(LETTERS | CHINESE, LETTERS | CHINESE)
def test_what_is_added_to_a_text_takes_as_long_as_alone(first: str, second: str) -> None:
    together = reading_time(first + second)
    assert together == pytest.approx(reading_time(first) + reading_time(second) - 1.0)


@given(st.floats(0.05, 5.0))
def test_a_pace_is_that_of_everything_but_the_hold(pace: float) -> None:
    timing = paced(Timing(), pace)
    assert timing.move == pytest.approx(pace * Timing().move)
    assert timing.hold == pytest.approx(max(1.0, pace) * HOLD)


@given(st.floats(0.0, 1.0))
def test_what_follows_is_not_seen_through_what_leaves_in_half_of_its_time(time: float) -> None:
    left = 1.0 - float(smooth(min(2 * time, 1.0)))
    assert min(left, following(time)) < 0.1
    assert following(1.0) == 1.0


# -- beats ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NoParameters:
    """Nothing to choose."""


class TwoBeats(LectureScene):
    """A scene as somebody else may write it: it never waits, and says nothing of its title."""

    name = "two_beats"
    Parameters = NoParameters
    poster_beat = "long"
    texts = {"en": {"captions": {"short": "Short.", "long": LONG}}}  # noqa: RUF012

    @classmethod
    def resolve(cls, trace: Trace, parameters: Any) -> Any:
        return parameters

    def construct(self) -> None:
        self.set_stage(*self.make_title("A title", "and its subtitle"))
        for name in ("long", "short"):
            with self.beat(name):
                self.motion_starts = self.frame
                self.play(FadeIn(Label(name, 30, "#ffffff")), run_time=self.timing.move)
                self.motion_ends = self.frame


def played(noise: Trace, pace: float) -> LectureScene:
    return visit_beats(
        TwoBeats, SceneSetting(noise, None, theme_of("dark"), Words(), pace), lambda *_: None
    )


@pytest.mark.parametrize("pace", [0.1, 0.5, 1.0, 2.0])
def test_no_pace_takes_away_the_time_to_read(noise: Trace, pace: float) -> None:
    first, last = played(noise, pace).beats
    assert first.frame_count >= reading_time(first.caption) * FRAME_RATE - 1e-6
    assert last.frame_count >= reading_time(last.caption) * FRAME_RATE - 1e-6


def test_a_quick_beat_ends_when_it_is_read(noise: Trace) -> None:
    first = played(noise, 0.1).beats[0]
    assert first.frame_count / FRAME_RATE == pytest.approx(reading_time(LONG), abs=0.3)


def test_motion_begins_half_a_second_after_the_caption(noise: Trace) -> None:
    scene = played(noise, 1.0)
    assert isinstance(scene, TwoBeats)
    assert scene.motion_starts - scene.beats[1].first_frame == pytest.approx(6, abs=1)


@pytest.mark.parametrize("pace", [0.1, 1.0, 2.0])
def test_the_last_picture_stays(noise: Trace, pace: float) -> None:
    scene = played(noise, pace)
    assert isinstance(scene, TwoBeats)
    held = scene.frame - scene.motion_ends
    assert held >= max(1.0, pace) * HOLD * FRAME_RATE
    assert scene.beats[-1].last_frame == scene.frame - 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CHAIN_SCENES)
def test_every_caption_of_every_scene_can_be_read(name: str, language: str, noise: Trace) -> None:
    scene = load_scene(name)
    setting = replace(setting_of(scene, noise, None, language), pace=0.3)
    for beat in visit_beats(scene, setting, lambda *_: None).beats:
        assert beat.frame_count >= reading_time(beat.caption) * FRAME_RATE - 1e-6, beat.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_a_lecture_too_and_only_its_end_is_held(language: str, noise: Trace) -> None:
    scene = load_scene("lecture")
    setting = setting_of(scene, noise, None, language, scenes="relu,softmax")
    bottom = setting.theme.layout.stage_bottom

    def note(stage: LectureScene, beat: str) -> None:
        labels = [each for each in stage.get_mobject_family_members() if isinstance(each, Label)]
        below = [label for label in labels if label.is_visible and label.get_top()[1] < bottom]
        assert all(label in stage.caption_lines for label in below), beat

    made = visit_beats(scene, setting, note)
    for beat in made.beats:
        assert beat.frame_count >= reading_time(beat.caption) * FRAME_RATE - 1e-6, beat.name
    ends = [beat.first_frame + beat.frame_count for beat in made.beats]
    assert ends[:-1] == [beat.first_frame for beat in made.beats[1:]]
    assert ends[-1] == made.frame


def test_a_film_ends_with_a_picture_that_stays(small_weights: Path, tmp_path: Path) -> None:
    film, rate = tmp_path / "relu.mp4", 5
    call = ["render", "relu", "-q", "l", "--fps", str(rate), "--pace", "0.1", "-o", str(film)]
    assert main([*call, "--weights", str(small_weights)]) == 0
    with av.open(film) as container:
        frames = [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]
    last = frames[-1].astype(int)
    still = [np.abs(frame.astype(int) - last).max() <= 6 for frame in frames]
    assert all(still[-int(HOLD * rate) :])
    beats = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))["beats"]
    assert beats[-1]["end"] == pytest.approx(len(frames) / rate)


# -- the title ------------------------------------------------------------------------------------


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_title_goes_into_its_corner_and_the_subtitle_appears(noise: Trace, aspect: str) -> None:
    theme = theme_of("dark", aspect)
    sizes: list[float] = []

    def note(stage: LectureScene, beat: str) -> None:
        title, *subtitle = stage.title_parts
        sizes.append(round(title.em * 72, 3))
        settled = sizes[-1] == theme.sizes.settled_title
        assert stage.present(subtitle) == (subtitle if settled else [])
        assert min(part.ink_corners()[3] for part in stage.title_parts) > theme.layout.stage_top

    visit_beats(TwoBeats, SceneSetting(noise, None, theme, Words()), note)
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-1]) == (theme.sizes.title, theme.sizes.settled_title)


@pytest.mark.parametrize("aspect", ASPECTS)
@given(
    words=st.integers(1, 12),
    title=st.integers(1, 40),
)
def test_titles_are_never_cut_and_leave_the_stage_alone(
    aspect: str, words: int, title: int
) -> None:
    theme = theme_of("dark", aspect)
    layout = theme.layout
    subtitle = " ".join(["subtitle"] * words)
    made = Title("T" * title, subtitle, theme)
    assert made.head.text == "T" * title
    assert " ".join(line.text.strip() for line in made.below) == subtitle
    corner = made.corner
    assert layout.stage_top <= corner.bottom < corner.top
    assert corner.width > 2.0
    for part in (made.head, *made.below):
        left, top, right, bottom = part.ink_corners()
        assert layout.left - 0.05 <= left < right <= layout.right + 0.05
        assert layout.stage_top < bottom < top <= layout.frame_height / 2 - layout.safe_margin
