"""Numbers and bars on their way do not lie on the numbers of other classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from manim import Animation, Mobject

from cnnviz.animations.drive import Drive
from cnnviz.auditing.film_stage import FAINT
from cnnviz.auditing.visit import visit
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.scenes.softmax.lines import at_corner, fly_number
from cnnviz.scenes.softmax.scene import SoftmaxScene
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.scenes.stage import setting_of, visit_beats


def board_of(trace: Trace, aspect: str) -> Any:
    """Return the board as it is when the bars have their room."""
    setting = setting_of(SoftmaxScene, trace, theme_of("dark", aspect))
    board = visit_beats(SoftmaxScene, setting, lambda *_: None).board  # type: ignore[attr-defined]
    board.show_settled(1.0)
    return board


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_score_flies_past_the_scores_below_it(small_trace: Trace, aspect: str) -> None:
    board = board_of(small_trace, aspect)
    first, *others = (line.shifted for line in board.table.lines)
    end, past = board.panel.exponential.power.get_center(), board.table.lines[0].exp.get_x()
    for share in np.linspace(0, 1, 40):
        x, y, _ = at_corner(float(share), first.get_center(), end, past)
        for other in others:
            apart = abs(x - other.get_x()) - (first.width + other.width) / 2
            above = abs(y - other.get_y()) - (first.height + other.height) / 2
            assert max(apart, above) > 0


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_bar_sinks_to_the_strip_before_it_grows_there(small_trace: Trace, aspect: str) -> None:
    board = board_of(small_trace, aspect)
    board.show_settled(2.0)
    numbers = [number for line in board.table.lines for number in (line.shifted, line.exp)]
    part = board.strip.parts[0]
    for share in np.linspace(0, 1, 40):
        board.show_laid(0, float(share))
        left, top, right, bottom = part.corners()
        for number in numbers:
            is_beside = number.get_left()[0] > right or number.get_right()[0] < left
            assert is_beside or number.get_top()[1] < bottom or number.get_bottom()[1] > top


def test_a_height_that_flies_to_its_bar_leaves_none_behind(
    small_trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it flew the same number faded below it, and both were read as one smeared."""
    left: list[float] = []

    def fly(scene: Any, number: Number, place: Number, *along: Any, **how: Any) -> None:
        if along:  # it goes with its bar
            left.append(float(scene.board.panel.exponential.result.opacity))
        fly_number(scene, number, place, *along, **how)

    monkeypatch.setattr("cnnviz.scenes.softmax.rising.fly_number", fly)
    visit_beats(SoftmaxScene, setting_of(SoftmaxScene, small_trace), lambda *_: None)
    assert left
    assert not any(left)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_height_flies_clear_of_rails_bars_and_other_heights(
    tiny_vgg: Trace, monkeypatch: pytest.MonkeyPatch, aspect: str
) -> None:
    """On its straight way it grazed the rails of square films, and lay on its bar in wide ones."""
    touched: list[Mobject] = []

    def fly(scene: Any, number: Number, place: Number, *along: Any, **how: Any) -> None:
        board, play = scene.board, scene.play
        heights = scene.present([line.exp for line in board.table.lines if line.exp != place])
        # Where the curve stands beside the rails, numbers cannot but cross empty ones.
        rails = board.bars.tracks if aspect != "16:9" else []

        def step(*animations: Animation, **timing: float) -> None:
            drives = [each for each in animations if isinstance(each, Drive)]
            for share in np.linspace(0, 1, 40):
                for each in drives:
                    each.interpolate_mobject(float(share))
                bars = [each for each in board.turning if each.fill_opacity]
                copy = drives[0].mobject.submobjects[0]
                touched.extend(each for each in (*rails, *heights, *bars) if meet(copy, each))
            play(*animations, **timing)

        if along:  # it goes with its bar
            scene.play = step
        fly_number(scene, number, place, *along, **how)
        scene.play = play

    monkeypatch.setattr("cnnviz.scenes.softmax.rising.fly_number", fly)
    setting = setting_of(SoftmaxScene, tiny_vgg, theme_of("dark", aspect))
    visit_beats(SoftmaxScene, setting, lambda *_: None)
    assert not touched


def meet(one: Mobject, other: Mobject) -> bool:
    """Return whether the rectangles around two mobjects have a place in common."""
    apart = abs(one.get_x() - other.get_x()) - (one.width + other.width) / 2
    above = abs(one.get_y() - other.get_y()) - (one.height + other.height) / 2
    return max(apart, above) < 0


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("part", ["numerator", "denominator"])
def test_parts_of_the_fraction_cross_nothing_on_their_way(
    small_trace: Trace, aspect: str, part: str
) -> None:
    """They flew over numbers of the table and the axis, names in the strip and its rails."""
    board = board_of(small_trace, aspect)
    board.show_settled(2.0)
    number = getattr(board.panel.quotient, part)
    there = [line.exp for line in board.table.lines] + [line.shifted for line in board.table.lines]
    there += [*board.axis.submobjects[1:], *board.curve.scale, *board.bars.tracks]
    there += [board.panel.formula, *board.strip.parts]
    rising = board.rising(number)
    rising.begin()
    for share in np.linspace(0, 1, 40):
        rising.interpolate(float(share))
        for other in there:
            apart = abs(number.get_x() - other.get_x()) - (number.width + other.width) / 2
            above = abs(number.get_y() - other.get_y()) - (number.height + other.height) / 2
            assert max(apart, above) > 0


@pytest.mark.parametrize("aspect", ASPECTS)
def test_heights_fly_from_above_the_name_of_their_class(small_trace: Trace, aspect: str) -> None:
    """Score and height passed over the name, which stood between them and the table."""
    exponential = board_of(small_trace, aspect).panel.exponential
    for line in range(2):
        exponential.show_class(line)
        lowest = min(part.get_bottom()[1] for part in (exponential.power, exponential.result))
        assert exponential.heading.get_top()[1] < lowest


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_bar_that_turns_does_not_swing_out_of_the_frame(small_trace: Trace, aspect: str) -> None:
    board = board_of(small_trace, aspect)
    stick, bar = board.curve.sticks[0], board.bars.tracks[0]
    right = max(stick.corners()[2], bar.corners()[2])
    for share in np.linspace(0, 1, 40):
        board.show_risen(0, float(share))
        assert board.turning[0].get_right()[0] <= right + 1e-6


class OnWhatIsWritten:
    """Notes where bars on their way to the strip, and back to their lines, meet what is written."""

    def __init__(self) -> None:
        self.frame_count = 0
        self.found: set[str] = set()

    def look(self, scene: Any, beat: str, moment: Any, moving: Any) -> None:
        """Look at nothing but frames."""

    def see(self, scene: Any, beat: str, first_frame: int, frame_count: int) -> None:
        if beat not in ("sum", "bars"):
            return
        self.frame_count += frame_count
        quotient = scene.board.panel.quotient
        written = [quotient.numerator, quotient.denominator, quotient.result, quotient.heading]
        written += scene.board.axis.submobjects[1:]
        moving_bars = scene.board.bars.bars if beat == "bars" else scene.board.strip.parts
        drawn = {id(each): each for each in mobjects_to_draw(scene)}
        bars = [bar for bar in moving_bars if id(bar) in drawn and bar.opacity > FAINT]
        texts = [each for each in written if id(each) in drawn and each.opacity > FAINT]
        self.found |= {each.text for each in texts for bar in bars if meet(each, bar)}


@pytest.mark.parametrize("aspect", ASPECTS)
def test_bars_pass_over_nothing_written(tiny_vgg: Trace, aspect: str) -> None:
    """In square and upright films they covered numbers of the quotient and of the curve's axis."""
    visitor = OnWhatIsWritten()
    visit(SoftmaxScene, setting_of(SoftmaxScene, tiny_vgg, theme_of("dark", aspect)), visitor)
    assert visitor.frame_count
    assert not visitor.found
