"""The rules over time: on plain data, and on small films with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import Mobject, Square, linear

from cnnviz.animations.drive import Drive
from cnnviz.auditing.audit import Fault, audit
from cnnviz.auditing.film_rules import (
    BLINK,
    FILM_RULES,
    PACED_RULES,
    frozen,
    nearly_empty,
    too_quick_to_read,
    without_a_hold,
)
from cnnviz.auditing.film_stage import share_used
from cnnviz.auditing.timeline import Timeline, UnchangedFrames
from cnnviz.locales import Words
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.staging.rhythm import reading_time
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme

RATE = 10
CAPTION = "It is a caption of some length, which takes four seconds"


def film(*spans: tuple[float, int, float, str]) -> Timeline:
    """Return a film of spans: seconds, what is on the stage, how much is used, caption."""
    made, first = [], 0
    for seconds, stage, used, caption in spans:
        count = round(seconds * RATE)
        made.append(
            UnchangedFrames(first, count, "beat", stage, used, (caption,) if caption else ())
        )
        first += count
    return Timeline(RATE, tuple(made))


def moving(seconds: float, used: float = 0.5, caption: str = "") -> list[tuple[Any, ...]]:
    """Return spans of a tenth of a second that all differ, numbered from 100 on."""
    return [(0.1, 100 + index, used, caption) for index in range(round(seconds * RATE))]


def test_a_caption_needs_its_reading_time() -> None:
    needed = reading_time(CAPTION)
    (fault,) = too_quick_to_read(film((1.0, 0, 0.5, ""), (needed - 1.0, 1, 0.5, CAPTION)))
    assert CAPTION in fault.message
    assert fault.where.first_frame == 10
    assert not list(too_quick_to_read(film((needed + 0.1, 0, 0.5, CAPTION))))


def test_a_caption_that_stays_while_things_move_is_one_caption() -> None:
    halves = [*moving(2.5, caption=CAPTION), (2.5, 1, 0.5, CAPTION)]
    assert not list(too_quick_to_read(film(*halves)))


@given(st.text(min_size=1), st.floats(0.1, 20))
def test_reading_is_judged_by_time_alone(text: str, seconds: float) -> None:
    count = round(seconds * RATE)
    is_fault = bool(list(too_quick_to_read(film((seconds, 0, 0.5, text)))))
    assert is_fault == (count / RATE < reading_time(text) - BLINK)


def test_the_last_picture_rests_and_shows_something() -> None:
    assert not list(without_a_hold(film(*moving(1.0), (2.5, 1, 0.5, ""))))
    (fault,) = without_a_hold(film(*moving(1.0), (2.4, 1, 0.5, "")))
    assert "rests for 2.4 s" in fault.message
    (fault,) = without_a_hold(film(*moving(1.0), (2.5, 1, 0.0, "")))
    assert "empty stage" in fault.message


def test_a_freeze_is_found_to_the_frame() -> None:
    end = (9.0, 2, 0.5, "")
    assert not list(frozen(film((2.1, 1, 0.5, ""), end)))
    (fault,) = frozen(film(*moving(1.0), (2.2, 1, 0.5, ""), end))
    assert fault.message == "nothing on the stage changes for 2.1 s"
    assert fault.where.first_frame == 10


def test_a_caption_that_changes_does_not_end_a_freeze() -> None:
    assert list(frozen(film((1.5, 1, 0.5, "one"), (1.5, 1, 0.5, "two"), (3.0, 2, 0.5, ""))))


def test_little_on_the_stage_is_found_however_it_moves() -> None:
    assert not list(nearly_empty(film(*moving(2.0, 0.2), (3.0, 1, 0.4, ""))))
    (fault,) = nearly_empty(film(*moving(2.1, 0.2), (3.0, 1, 0.4, "")))
    assert fault.message == "at most 20% of the stage is in use for 2.1 s"


STAGE = Zone(-6.0, 4.0, 6.0, -4.0)


def test_a_lone_thing_uses_little_and_a_plot_much() -> None:
    assert share_used(STAGE, []) == 0
    assert share_used(STAGE, [(-6.0, 4.0, -4.0, 2.0)]) == pytest.approx(4 / 96)
    axes_and_curve = [(-5.0, 3.0, -5.0, -3.0), (-5.0, -3.0, 5.0, -3.0), (-5.0, 2.5, 5.0, -3.0)]
    assert share_used(STAGE, axes_and_curve) > 0.5


@given(*(st.floats(-9, 9) for _ in range(4)))
def test_no_rectangle_uses_less_than_nothing_or_more_than_all(
    x: float, y: float, width: float, height: float
) -> None:
    used = share_used(STAGE, [(x, y, x + abs(width), y - abs(height))])
    assert 0 <= used <= 1


# -- small films ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def noise(small_network: Network) -> Trace:
    return trace(np.random.default_rng(3).random((32, 32, 3)).astype(np.float32), small_network)


@dataclass(frozen=True)
class NoParameters:
    """Nothing to choose."""


def faults(
    noise: Trace,
    tell: Callable[[LectureScene], None],
    scene: type[LectureScene] = LectureScene,
    pace: float = 1.0,
) -> list[Fault]:
    """Return the faults over time of a scene with one beat, or of one of its own making."""

    class Small(scene):  # type: ignore[misc, valid-type]
        name = "small"
        Parameters = NoParameters
        poster_beat = "only"
        texts = {"en": {"captions": {"only": CAPTION, "next": "And so on."}}}  # noqa: RUF012

        @classmethod
        def resolve(cls, trace: Trace, parameters: Any) -> Any:
            return parameters

        def construct(self) -> None:
            self.add(*self.make_title("Title", "and subtitle"))
            tell(self)

    setting = SceneSetting(noise, NoParameters(), dark_theme(), Words(), pace)
    rules = {rule.__name__ for rule in (*FILM_RULES, *PACED_RULES)}
    return [fault for fault in audit(Small, setting) if fault.rule in rules]


def picture(side: float = 5.0) -> HeatMap:
    colours = np.random.default_rng(1).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    return HeatMap(colours, 1.6 * side, side).move_to(np.array([0.0, 0.2, 0.0]))


def sway(scene: LectureScene, mobject: Mobject, seconds: float) -> None:
    """Let something move for so long."""
    start = mobject.get_center()

    def show(share: float) -> None:
        mobject.move_to(start + np.array([0.1 * share, 0.0, 0.0]))

    scene.play(Drive([mobject], show, 0, 1), run_time=seconds, rate_func=linear)


def lively(scene: LectureScene) -> None:
    """Tell two beats as they should be told."""
    shown = picture()
    scene.add(shown)
    for beat in ("only", "next"):
        with scene.beat(beat):
            sway(scene, shown, 4.0)


def test_a_lively_film_has_no_faults_at_any_pace(noise: Trace) -> None:
    for pace in (0.2, 1.0, 3.0):
        assert not faults(noise, lively, pace=pace)


def rules_broken(found: list[Fault]) -> set[str]:
    return {fault.rule for fault in found}


def test_waiting_is_a_freeze(noise: Trace) -> None:
    def tell(scene: LectureScene) -> None:
        shown = picture()
        scene.add(shown)
        with scene.beat("only"):
            sway(scene, shown, 4.0)
            scene.wait(2.5)
            sway(scene, shown, 1.0)

    (fault,) = faults(noise, tell)
    assert (fault.rule, fault.beat) == ("frozen", "only")
    assert str(fault).startswith("0:04.")


def test_what_moves_beside_the_stage_or_unseen_is_a_freeze(noise: Trace) -> None:
    def tell(scene: LectureScene) -> None:
        shown = picture()
        outside = Label("strip", 16, "#ffffff").move_to(np.array([5.0, 3.5, 0.0]))
        hidden = Square(1.0, stroke_opacity=0, fill_opacity=0)
        scene.add(shown, outside, hidden)
        with scene.beat("only"):
            sway(scene, shown, 4.0)
            sway(scene, outside, 1.5)
            sway(scene, hidden, 1.5)
            sway(scene, shown, 1.0)

    assert rules_broken(faults(noise, tell)) == {"frozen"}


def test_a_lone_thing_in_a_corner_is_a_fault(noise: Trace) -> None:
    def tell(scene: LectureScene) -> None:
        shown = picture(1.0)
        scene.add(shown)
        with scene.beat("only"):
            sway(scene, shown, 4.0)

    assert rules_broken(faults(noise, tell)) == {"nearly_empty"}


class Hasty(LectureScene):
    """A scene that ends at once."""

    def tear_down(self) -> None:
        """Hold nothing."""


def test_a_film_that_ends_at_once_is_a_fault(noise: Trace) -> None:
    def tell(scene: LectureScene) -> None:
        shown = picture()
        scene.add(shown)
        with scene.beat("only"):
            sway(scene, shown, 6.0)

    assert rules_broken(faults(noise, tell, Hasty)) == {"without_a_hold"}


def test_a_caption_taken_away_early_is_a_fault(noise: Trace) -> None:
    def tell(scene: LectureScene) -> None:
        shown = picture()
        scene.add(shown)
        with scene.beat("only"):
            sway(scene, shown, 1.5)
            for line in scene.caption_lines:
                line.opacity = 0.0
            sway(scene, shown, 2.5)

    (fault,) = faults(noise, tell)
    assert fault.rule == "too_quick_to_read"
    assert CAPTION in fault.message


def test_faults_come_in_order_with_their_time() -> None:
    assert str(Fault(65.04, "sweep", "frozen", "so")) == "1:05.0 sweep: so"
    assert str(replace(Fault(59.96, "a", "b", "c"), beat="x")) == "1:00.0 x: c"
