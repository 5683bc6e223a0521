"""The audit: every rule fails on a fault planted for it, and only there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from manim import LEFT, RIGHT, FadeOut, Line, Square

from cnnviz.animations.drive import Drive
from cnnviz.auditing.audit import audit
from cnnviz.auditing.film_rules import FILM_RULES, PACED_RULES
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.cells import CellLayout, Cells
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme, theme_of

INK = "#eef1f6"


@pytest.fixture(scope="module")
def noise(small_network: Network) -> Trace:
    return trace(np.random.default_rng(3).random((32, 32, 3)).astype(np.float32), small_network)


@dataclass(frozen=True)
class NoParameters:
    """Nothing to choose."""


def faults(noise: Trace, show: Callable[[LectureScene], None], **theme: Any) -> list[str]:
    """Return the faults of a scene with one beat that shows something, at one moment."""

    class OneBeat(LectureScene):
        name = "one_beat"
        Parameters = NoParameters
        poster_beat = "only"
        texts = {"en": {"captions": {"only": "A caption."}}}  # noqa: RUF012

        @classmethod
        def resolve(cls, trace: Trace, parameters: Any) -> Any:
            return parameters

        def construct(self) -> None:
            self.add(*self.make_title("Title", "and subtitle"))
            with self.beat("only"):
                show(self)
                self.wait(0.5)

    look = replace(dark_theme(), **theme)
    found = audit(OneBeat, SceneSetting(noise, None, look, Words()))
    over_time = {rule.__name__ for rule in (*FILM_RULES, *PACED_RULES)}
    return [fault.message for fault in found if fault.rule not in over_time]


def label(text: str, x: float = 0.0, y: float = 0.0, size: float = 20.0) -> Label:
    return Label(text, size, INK).move_to(np.array([x, y, 0.0]))


def checkerboard(colour: str = "#ffffff") -> HeatMap:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    cells = np.zeros((20, 20, 3), np.uint8)
    cells[::2] = (red, green, blue)
    cells[::3] = (0, 90, 0)
    cells[::5] = (60, 0, 0)
    return HeatMap(cells, 2.0, 2.0)


def outline(half: float = 0.5) -> Outline:
    """Return a rectangle whose upper edge lies in the middle of the frame."""
    made = Outline(INK, 2.0)
    made.set_edges(-half, 0.0, half, -2 * half)
    return made


def cells_in_flight(count: int, size: float = 0.1) -> Cells:
    """Return cells of different colours in a row through the middle of a larger room."""
    colours = np.random.default_rng(1).integers(0, 60, (count, 3)).astype(np.uint8)
    layout = CellLayout(0.1 * np.arange(count) - 1.0, np.full(count, size / 2), size)
    return Cells(colours, layout, Zone(-5.0, 2.0, 5.0, -2.0))


def test_a_text_beside_all_cells_stands_on_the_background(noise: Trace) -> None:
    assert not faults(noise, lambda scene: scene.add(cells_in_flight(5), label("beside", y=1.0)))


def test_a_stage_in_order_has_no_faults(noise: Trace) -> None:
    assert not faults(noise, lambda scene: scene.add(label("above", y=0.5), label("below")))


PLANTED: dict[str, tuple[Callable[[LectureScene], Any], str]] = {
    "outside": (lambda scene: scene.add(label("far", x=7.0)), "'far' leaves the safe frame"),
    "too high": (lambda scene: scene.add(label("up", y=3.9)), "'up' leaves the safe frame"),
    "overlap": (
        lambda scene: scene.add(label("one"), label("two", 0.1, 0.05)),
        "'one' overlaps 'two'",
    ),
    "small": (lambda scene: scene.add(label("tiny", size=12)), "'tiny' is set in 12.0 points"),
    "cut": (lambda scene: scene.add(label("bell pep…")), "'bell pep…' is cut"),
    "cut by dots": (lambda scene: scene.add(label("school b...")), "'school b...' is cut"),
    "pale": (
        lambda scene: scene.add(label("pale").set_colour("#444444")),
        "'pale' is too pale on #0e1117",
    ),
    "pale on a shape": (
        lambda scene: scene.add(
            Square(2.0, fill_color="#ffffff", fill_opacity=1.0, stroke_width=0), label("white")
        ),
        "'white' is too pale on #FFFFFF",
    ),
    "busy": (
        lambda scene: scene.add(checkerboard("#101010"), label("busy", size=40)),
        "'busy' lies on a busy map",
    ),
    "edge": (
        lambda scene: scene.add(checkerboard("#101010"), label("edge", x=1.0)),
        "'edge' crosses the edge of a map",
    ),
    "busy cells": (
        lambda scene: scene.add(cells_in_flight(50, 0.8), label("crossed", size=40)),
        "'crossed' lies on a busy map",
    ),
    "edge of a cell": (
        lambda scene: scene.add(cells_in_flight(1), label("crossed", size=40)),
        "'crossed' crosses the edge of a map",
    ),
    "struck through": (
        lambda scene: scene.add(label("frame"), outline()),
        "a line runs through 'frame'",
    ),
    "struck through from below": (
        lambda scene: scene.add(Line(LEFT, RIGHT, color=INK), label("ruled")),
        "a line runs through 'ruled'",
    ),
    "rounding": (
        lambda scene: scene.add(Number(Quantity("count", 2.7, "2"), 20, INK)),
        "'2' is not how 2.7 rounds",
    ),
    "value": (
        lambda scene: scene.add(Number(Quantity.of("logit", 99.0, 2, class_name="cat"), 20, INK)),
        "'99.00' is 99.0, but the trace says",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_every_rule_finds_what_it_is_for(noise: Trace, name: str) -> None:
    show, expected = PLANTED[name]
    found = faults(noise, show)
    assert [message for message in found if message.startswith(expected)]


def test_a_line_around_a_text_or_behind_its_plate_is_no_fault(noise: Trace) -> None:
    plate = Square(1.0, fill_color="#0e1117", fill_opacity=1.0, stroke_width=0)
    assert not faults(noise, lambda scene: scene.add(outline(2.0), label("within", y=-1.0)))
    assert not faults(noise, lambda scene: scene.add(outline(), plate, label("plated")))


def test_dots_by_themselves_say_that_a_row_goes_on(noise: Trace) -> None:
    assert not faults(noise, lambda scene: scene.add(label("…"), label("...", y=1.0)))


def test_a_plate_helps(noise: Trace) -> None:
    plate = Square(1.5, fill_color="#0e1117", fill_opacity=1.0, stroke_width=0)
    assert not faults(noise, lambda scene: scene.add(checkerboard(), plate, label("busy", size=40)))


def test_long_captions_are_found(noise: Trace) -> None:
    tight = replace(theme_of("dark").layout, caption_lines=0)
    found = faults(noise, lambda scene: None, layout=tight)
    assert "the caption has 1 lines, above 0" in found


def test_a_fault_in_the_middle_of_a_motion_is_found(noise: Trace) -> None:
    """A number that switches on and off within one motion is listed nowhere."""

    def show(scene: LectureScene) -> None:
        bias = noise["conv_1"].bias
        assert bias is not None
        quantity = Quantity.of("bias", float(bias[0]), 2, layer="conv_1", channel=0)
        number = Number(quantity, 20, INK)
        number.opacity = 0.0
        scene.add(number)

        def blink(share: float) -> None:
            number.opacity = 1.0 if 0.2 < share < 0.8 else 0.0

        scene.play(Drive([number], blink, 0, 1), run_time=1)

    assert any("not listed in the manifest" in message for message in faults(noise, show))


def test_what_moves_may_cross_other_texts_but_not_leave_the_frame(noise: Trace) -> None:
    def cross(scene: LectureScene) -> None:
        flying, standing = label("flying", x=-1.0), label("standing")
        scene.add(flying, standing)
        scene.play(flying.animate.shift(np.array([2.0, 0.0, 0.0])), run_time=1)

    def leave(scene: LectureScene) -> None:
        flying = label("flying", y=1.0)
        scene.add(flying)
        scene.play(flying.animate.shift(np.array([14.0, 0.0, 0.0])), run_time=1)
        scene.play(FadeOut(flying))

    assert not faults(noise, cross)
    assert "'flying' leaves the safe frame" in faults(noise, leave)
