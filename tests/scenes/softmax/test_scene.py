"""Softmax as a film: what it shows is true, legible, and the same on every machine."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.mobjects.text import line_width
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.softmax.bars import passing_colour
from cnnviz.scenes.softmax.board import SoftmaxBoard
from cnnviz.scenes.softmax.scene import SoftmaxScene
from cnnviz.scenes.softmax.shown import show_softmax
from cnnviz.scenes.softmax.table import SoftmaxTable
from cnnviz.scenes.softmax.what_if_numbers import what_if_stops
from cnnviz.style.colour import hex_of_rgb, rgb_of_hex
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    ODD,
    faults_in,
    manifest_of_film,
    numbers_in,
    setting_of,
    visit_beats,
    words_of,
)

BEATS = [
    *("photo", "place", "shift", "curve", "exp", "smaller"),
    *("sum", "divide", "bars", "what_if", "choice"),
]

LONG = "a class whose name is longer than its room, number"


def scored(logits: list[float], name: str = "class") -> Trace:
    """Return a trace with these scores."""
    count = len(logits)
    layers = (Conv2d("conv", 1, 1, 3), Flatten("flatten"), Linear("output", 4, count))
    names = tuple(f"{name} {index}" for index in range(count))
    made = trace(np.ones((4, 4), np.float32), fixed_network(layers, names, (1, 4, 4)))
    values = np.array(logits, np.float32)
    probabilities = torch.softmax(torch.from_numpy(values), 0).numpy()
    return dataclasses.replace(made, logits=values, probabilities=probabilities)


def spread(count: int, largest: float) -> list[float]:
    return [float(value) for value in np.random.default_rng(3).normal(0, largest, count)]


def test_the_command_makes_a_whole_clip(tmp_path: Path, small_weights: Path) -> None:
    film = tmp_path / "softmax.mp4"
    manifest = manifest_of_film("softmax", film, small_weights, "--class", "dog")
    assert [beat["name"] for beat in manifest["beats"]] == BEATS


@pytest.mark.parametrize(
    "logits",
    [spread(3, 2.0), spread(12, 3.0), spread(50, 3.0), spread(10, 1e5), [2.5, 2.5, -1.0]],
    ids=["three", "twelve", "fifty", "far apart", "tie"],
)
def test_every_number_is_torchs(logits: list[float]) -> None:
    made = scored(logits)
    values = torch.tensor(logits, dtype=torch.float32).double()
    expected = {
        "logit": values,
        "shifted_logit": values - values.max(),
        "exp": (values - values.max()).exp(),
        "probability": torch.softmax(values, 0),
    }
    seen: dict[str, set[int]] = {kind: set() for kind in expected}
    for number in numbers_in(SoftmaxScene, setting_of(SoftmaxScene, made)):
        kind, name = number["quantity"], number.get("class_name")
        if kind in expected and name:
            index = made.classes.index(name)
            seen[kind].add(index)
            # The whole network shows the trace's probabilities, which are float32.
            assert number["value"] == pytest.approx(float(expected[kind][index]), abs=2e-7)
        elif kind == "exp_sum":
            assert number["value"] == pytest.approx(float(expected["exp"].sum()))
    listed = len(logits) if len(logits) <= 12 else 11
    assert len(seen.pop("probability")) >= listed, "the whole network may show another class"
    assert {len(indices) for indices in seen.values()} == {listed}


def stages(logits: list[float], **parameters: Any) -> dict[str, dict[str, Any]]:
    """Return what a look at the last rest of every beat sees, by the beat's name."""
    seen: dict[str, Any] = {}

    def look(scene: Any, beat: str) -> None:
        board = scene.board
        seen[beat] = {
            "bars": [bar.corners() for bar in board.bars.bars],
            "parts": [part.corners() for part in board.strip.parts],
            "tips": [tuple(dot.get_center()[:2]) for dot in board.curve.dots],
            "view": board.curve.view,
            "board": board,
        }

    visit_beats(SoftmaxScene, setting_of(SoftmaxScene, scored(logits), **parameters), look)
    return seen


def test_bars_stand_on_an_absolute_axis() -> None:
    """A probability of 0.28 reaches 28 % of the way to 1, however far ahead it is."""
    shares = [0.28, 0.25, 0.24, 0.23]
    seen = stages([float(value) for value in np.log(shares)])
    zone = seen["bars"]["board"].layout.bars
    found = [(right - left) / zone.width for left, _, right, _ in seen["bars"]["bars"]]
    assert found == pytest.approx(shares, abs=1e-6)
    exps = [(right - left) / zone.width for left, _, right, _ in seen["smaller"]["bars"]]
    assert exps == pytest.approx([share / 0.28 for share in shares], abs=1e-6)


def test_all_shares_fill_the_strip() -> None:
    seen = stages(spread(30, 2.0))
    zone = seen["bars"]["board"].layout.strip
    edges = sorted((part[0], part[2]) for part in seen["bars"]["parts"])
    assert [edges[0][0], edges[-1][1]] == pytest.approx([zone.left, zone.right])
    assert all(one[1] == pytest.approx(other[0]) for one, other in pairwise(edges))


@pytest.mark.parametrize("logits", [[4.4, 2.8, -0.5, -4.5], [-1.0, -6.7, -32.35], [15.0, -32.0]])
def test_points_stand_on_the_curve(logits: list[float]) -> None:
    """Negative scores lie left of zero, and each point is as high as its exponential."""
    seen = stages(logits)["smaller"]
    view = seen["view"]
    for line, (x, y) in enumerate(seen["tips"]):
        shifted = logits[line] - logits[0]
        assert y == pytest.approx(view.y + view.height * np.exp(shifted))
        assert x == pytest.approx(view.clip(view.x_below(shifted)))


def test_the_axis_slides_and_the_bars_stay() -> None:
    """Subtracting the largest score moves no end of a bar, only the numbers below them."""
    seen = stages([5.0, 1.0, -3.0])
    before, after = seen["place"]["bars"], seen["shift"]["bars"]
    assert before[2][0] == pytest.approx(after[2][0])
    assert before[0][2] == pytest.approx(after[0][2])


@pytest.mark.parametrize(
    ("logits", "name", "theme", "aspect", "language"),
    [
        (spread(2, 1.0), "class", "dark", "1:1", "zh"),
        (spread(20, 3.0), "class", "dark", "16:9", "en"),
        pytest.param(spread(20, 3.0), LONG, "light", "1:1", "zh", marks=pytest.mark.slow),
        (spread(60, 0.01), LONG, "light", "9:16", "en"),
        ([-1e30, 2e35, 3.0, 0.25], "class", "light", "9:16", "en"),
        pytest.param([0.0, 0.0], "class", "dark", "16:9", "zh", marks=pytest.mark.slow),
        pytest.param([-3.0, -700.0, -9.0], "class", "dark", "1:1", "en", marks=pytest.mark.slow),
    ],
    ids=["two", "twenty", "square", "sixty", "huge", "zeros", "underflow"],
)
def test_nothing_overlaps_or_leaves_the_frame(
    logits: list[float], name: str, theme: str, aspect: str, language: str
) -> None:
    setting = setting_of(SoftmaxScene, scored(logits, name), theme_of(theme, aspect), language)
    assert not faults_in(SoftmaxScene, setting, [*ODD, *(["too_small"] if name == LONG else [])])


def test_the_scores_of_two_classes_fill_an_upright_stage() -> None:
    theme, shown = theme_of("dark", "9:16"), show_softmax(scored([1.0, -0.5]), 0)
    stage = theme.layout.stage
    layout = SoftmaxTable(shown, theme, words_of("softmax"), stage).layout
    assert layout.scores.height > 0.4 * stage.height


def test_what_another_score_makes_of_the_shares_has_room() -> None:
    """Of two hundredths of a percent half becomes a power of ten, which is wider."""
    theme = theme_of("dark", "9:16")
    scores = [11.1, 5.8, *np.linspace(2.62, 2.55, 10)]
    shown = show_softmax(scored(scores), 0)
    table = SoftmaxTable(shown, theme, words_of("softmax"), theme.layout.stage)
    layout, last = table.layout, what_if_stops(shown)[-1]
    assert "⁻³%" in last.probabilities[-1].shown
    assert "⁻³%" not in shown.classes[-1].probability.shown
    room = layout.value_right - layout.score_right
    assert all(line_width(each.shown, layout.font_size) < room for each in last.probabilities)


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_long_names_do_not_leave_the_frame(aspect: str) -> None:
    setting = setting_of(
        SoftmaxScene, scored(spread(20, 3.0), "Welsh Corgi of"), theme_of("dark", aspect)
    )
    assert not faults_in(SoftmaxScene, setting, [*ODD, "too_small"])


def texts_of(logits: list[float], **parameters: Any) -> list[str]:
    """Return the captions, the last beat's text among them."""
    setting = setting_of(SoftmaxScene, scored(logits), **parameters)
    return [beat.caption for beat in visit_beats(SoftmaxScene, setting, lambda s, b: None).beats]


def test_the_end_depends_on_the_scores() -> None:
    told = texts_of([9.0, 0.0, -2.0])
    assert "“class 1” scored as high as “class 0”" in told[-2]
    assert "these 3 classes only" in told[-1]
    assert "same score" in texts_of([1.0, 1.0, -2.0])[-2]
    assert "“class 2” scored" in texts_of([9.0, 0.0, -2.0], class_name="class 2")[-2]


def test_what_if_numbers_are_marked_as_such_and_leave_again() -> None:
    setting = setting_of(SoftmaxScene, scored([2.0, 1.0, 0.0]))
    played = visit_beats(SoftmaxScene, setting, lambda scene, beat: None)
    beats = {beat.name: beat.numbers for beat in played.beats}
    changed = [number.value for number in beats["what_if"] if number.quantity == "what_if"]
    expected = torch.softmax(torch.tensor([2.0, 2.0, 0.0], dtype=torch.float64), 0)
    assert changed[-3:] == pytest.approx([float(value) for value in expected])
    shown = [line.probability.quantity for line in played.board.table.lines]
    assert [number.quantity for number in shown] == ["probability"] * 3


def test_what_is_written_is_nearest_to_what_the_bars_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a bar that had grown to 62% stood 50%, until the score came to its next stop."""
    distances, show_score = [], SoftmaxBoard.show_score

    def look(board: SoftmaxBoard, line: int, shifted: float) -> None:
        show_score(board, line, shifted)
        written = board.table.lines[line].shifted
        assert written is not None
        distances.append(abs(written.quantity.value - shifted))

    monkeypatch.setattr(SoftmaxBoard, "show_score", look)
    gap, steps = 3.0, 6
    visit_beats(SoftmaxScene, setting_of(SoftmaxScene, scored([gap, 0.0])), lambda *_: None)
    assert 0 < max(distances) <= gap / steps / 2 + 1e-5


def test_gold_is_the_one_we_talk_about() -> None:
    """One class at a time, the rival while its score moves."""
    seen = {}

    def look(scene: Any, beat: str) -> None:
        accent = scene.theme.palette.accent
        seen[beat] = [line.name.colour == accent for line in scene.board.table.lines]

    visit_beats(SoftmaxScene, setting_of(SoftmaxScene, scored([2.0, 1.0, 0.0])), look)
    assert seen["bars"] == [True, False, False]
    assert seen["choice"] == [True, False, False]
    assert seen["what_if"] == [False, True, False]


def test_gold_passes_from_one_to_the_other() -> None:
    """Most of the strip once changed its colour from one frame to the next."""
    theme = theme_of("dark", "16:9")
    shown = show_softmax(scored([2.0, 1.0, 0.0]), 0, "en")
    board = SoftmaxBoard(shown, theme, words_of("softmax"))
    passing = board.passing_accent(1, 0.5)

    def colours() -> list[str]:
        return [hex_of_rgb(part.bitmap.rgba[0, 0, :3]) for part in board.strip.parts[:2]]

    seen = []
    for share in (0.0, 0.5, 1.0):
        passing.interpolate_mobject(share)
        seen.append(colours())
    accent = theme.palette.accent.lower()
    assert [each[0] == accent for each in seen] == [True, False, False]
    assert [each[1] == accent for each in seen] == [False, False, True]
    assert len({each[0] for each in seen}) == len({each[1] for each in seen}) == 3
    assert board.emphasised == 1


def test_names_stay_whole() -> None:
    for aspect in ("16:9", "9:16", "1:1"):
        made = scored(spread(10, 3.0), "black-footed ferret, Mustela nigripes")
        setting = setting_of(SoftmaxScene, made, theme_of("dark", aspect))
        texts: set[str] = set()

        def look(scene: Any, beat: str, texts: set[str] = texts) -> None:
            texts.update(line.name.text for line in scene.board.table.lines)

        visit_beats(SoftmaxScene, setting, look)
        assert texts == set(made.classes)


def test_classes_that_do_not_exist(small_trace: Trace) -> None:
    with pytest.raises(UserError, match='no class "lion": choose cat, dog, owl'):
        SoftmaxScene.resolve(small_trace, SoftmaxScene.Parameters(class_name="lion"))
    resolved = SoftmaxScene.resolve(small_trace, SoftmaxScene.Parameters(class_name="DOG"))
    assert resolved.class_name == "dog"


def test_the_point_that_walks_down_stands_on_the_axis() -> None:
    """It once began where the curve had stood before it made room for the bars."""
    seen: list[tuple[float, float]] = []

    def look(scene: Any, beat: str) -> None:
        stick = scene.board.probe[0]
        if beat == "smaller" and scene.present([stick]):
            seen.append((stick.corners()[3], scene.board.curve.view.y))

    visit_beats(SoftmaxScene, setting_of(SoftmaxScene, scored([2.0, 1.0, 0.0])), look)
    assert seen
    assert all(foot == pytest.approx(axis) for foot, axis in seen)


def test_only_bars_that_can_be_seen_are_laid_into_the_strip() -> None:
    theme, words = theme_of("dark", "9:16"), words_of("softmax")
    confident = scored([36.0, 7.0, 0.0, -18.0])
    close = scored([1.0, 0.5, 0.2, 0.1])
    boards = [SoftmaxBoard(show_softmax(each, 0), theme, words) for each in (confident, close)]
    assert [board.seen_lines for board in boards] == [[0], [0, 1, 2, 3]]


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("name", ["class", LONG])
def test_the_strips_room_is_used_until_the_strip_comes(aspect: str, name: str) -> None:
    """It once lay empty for twenty seconds."""
    lowest: dict[str, float] = {}

    def look(scene: Any, beat: str) -> None:
        tracks, curve = scene.board.bars.tracks, scene.board.curve
        bottom = min(curve.view.y, *(track.corners()[3] for track in tracks))
        lowest[beat] = bottom - scene.board.layout.strip.top

    setting = setting_of(
        SoftmaxScene, scored(spread(10, 3.0), name), theme_of("dark", aspect), "en"
    )
    visit_beats(SoftmaxScene, setting, look)
    assert max(lowest[beat] for beat in ("exp", "smaller")) < 0
    assert min(lowest[beat] for beat in ("sum", "divide", "bars", "what_if")) > 0


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_between_blue_and_the_accent_a_bar_is_no_third_colour(theme: str) -> None:
    """Half way from blue to gold the strip was green."""
    looks = theme_of(theme)
    middle = passing_colour(looks.palette.positive, 0.5, looks)
    assert np.ptp(rgb_of_hex(middle)) < 40
    ends = [passing_colour(looks.palette.positive, share, looks) for share in (0.0, 1.0)]
    assert ends == [looks.palette.positive, looks.palette.accent]


def test_what_is_behind_the_curve_leaves_before_the_bars_come() -> None:
    seen: dict[str, bool] = {}

    def look(scene: Any, beat: str) -> None:
        curve = scene.board.curve
        seen[beat] = bool(scene.present([curve.ground, curve.grid]))

    visit_beats(SoftmaxScene, setting_of(SoftmaxScene, scored([2.0, 1.0, 0.0])), look)
    assert seen["curve"]
    assert not seen["exp"]


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_the_stage_is_not_dark_while_bars_become_points(aspect: str) -> None:
    """Points and axis alone were two hundredths of it, for two seconds."""
    theme = theme_of("dark", aspect)
    board = SoftmaxBoard(show_softmax(scored(spread(10, 3.0)), 0), theme, words_of("softmax"))
    bars, curve, room = board.bars.bars, board.curve, board.layout.scores
    for share in np.linspace(0, 1, 20):
        board.show_gathered(float(share))
        bar_area = sum(bar.width * bar.height * bar.opacity for bar in bars)
        ground_area = curve.ground.width * curve.ground.height * curve.ground.opacity
        assert bar_area + ground_area > 0.2 * room.width * room.height
