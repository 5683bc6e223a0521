"""Concatenations as a film: maps are put one after another, and nothing is said to be added."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from cnnviz.layers import Add, Concat, Conv2d, Flatten, Layer, Linear, MaxPool2d
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.skip.board import SkipBoard
from cnnviz.scenes.skip.scene import SkipScene
from cnnviz.scenes.skip.stack_board import StackBoard
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, numbers_in, setting_of, visit_beats, words_of

Counts = tuple[int, ...]


def seen_by(layers: tuple[Layer, ...], size: tuple[int, int, int]) -> Trace:
    """Return what noise does in a network of two classes."""
    picture = np.random.default_rng(3).random((*size[1:], 3)).astype(np.float32)
    return trace(picture, fixed_network(layers, ("cat", "dog"), size))


def joining(counts: Counts, size: tuple[int, int, int] = (3, 12, 14)) -> Trace:
    """Return what noise does in a network whose convolutions are put one after another."""
    names = [f"branch_{index}" for index in range(len(counts))]
    branches = [
        Conv2d(name, size[0], count, 1, inputs=("input",))
        for name, count in zip(names, counts, strict=True)
    ]
    layers = (
        *branches,
        Concat("concat", inputs=tuple(names)),
        MaxPool2d("pool", 2, inputs=("concat",)),
        Flatten("flatten"),
        Linear("output", sum(counts) * (size[1] // 2) * (size[2] // 2), 2),
    )
    return seen_by(layers, size)


@pytest.mark.parametrize(
    ("counts", "size", "aspect", "language", "channel"),
    [
        ((4, 3), (3, 12, 14), "16:9", "en", None),
        ((4, 3), (3, 12, 14), "9:16", "zh", 5),
        ((1, 40), (3, 12, 14), "1:1", "zh", 40),
        ((8, 6, 9, 2), (3, 12, 14), "16:9", "en", 12),
        ((2,) * 9, (3, 12, 14), "1:1", "en", 13),
        ((2, 2), (3, 8, 40), "9:16", "en", None),
        ((2, 30), (3, 24, 16), "16:9", "zh", None),
        ((64, 64, 96, 32), (3, 9, 9), "1:1", "zh", 252),
    ],
)
def test_nothing_overlaps_and_every_number_is_true(
    counts: Counts,
    size: tuple[int, int, int],
    aspect: str,
    language: str,
    channel: int | None,
) -> None:
    setting = setting_of(
        SkipScene, joining(counts, size), theme_of("dark", aspect), language, channel=channel
    )
    assert not faults_in(SkipScene, setting)


@pytest.mark.parametrize("aspect", ["9:16", "1:1"])
def test_single_high_maps_fill_the_stage(aspect: str) -> None:
    setting = setting_of(SkipScene, joining((1, 1), (1, 64, 16)), theme_of("dark", aspect))
    assert not faults_in(SkipScene, setting)


def test_each_map_glides_to_its_channel() -> None:
    seen = joining((4, 3))
    made = visit_beats(SkipScene, setting_of(SkipScene, seen, channel=5), lambda *_: None)
    board = made.stack  # type: ignore[attr-defined]
    assert (board.source, board.own) == ("branch_1", 1)
    assert board.shown == [[0, 1, 2, 3], [4, 5, 6]]
    written = [[label.text for label in labels[1:]] for labels in board.before.labels]
    assert written == [["0", "1", "2", "3"], ["0", "1", "2"]]
    assert board.stack.labels[1][0].text == "concat · channels 4 to 6"
    expected = board.panels[0].scale.colours(seen["branch_1"].output[1])
    for rows in (board.before, board.stack):
        assert (rows.maps[1][1].bitmap.rgba[..., :3] == expected[..., :3]).all()


def test_the_values_are_those_of_the_branch() -> None:
    seen = joining((4, 3))
    setting = setting_of(SkipScene, seen, channel=5, pixel=(2, 3))
    shown = [each for each in numbers_in(SkipScene, setting) if each["quantity"] == "activation"]
    assert {(each["layer"], each["channel"]) for each in shown} == {("branch_1", 1), ("concat", 5)}
    for each in shown:
        value = seen["branch_1"].output[1, each["row"], each["column"]]
        assert each["value"] == pytest.approx(float(value))
    assert (2, 3) in {(each["row"], each["column"]) for each in shown}


@pytest.mark.parametrize(
    ("language", "false"), [("en", r"\badd|\bsum\b(?<!no sum)"), ("zh", "相加|之和")]
)
def test_no_sentence_says_that_anything_is_added(language: str, false: str) -> None:
    setting = setting_of(SkipScene, joining((4, 3)), language=language)
    made = visit_beats(SkipScene, setting, lambda *_: None)
    assert [beat.name for beat in made.beats] == ["photo", "place", "stack", "same", "together"]
    assert not re.search(
        false, " ".join(f"{each.caption} {each.description}" for each in made.beats)
    )


def test_additions_come_first_and_concatenations_can_be_asked_for() -> None:
    layers = (
        Conv2d("conv", 3, 3, 1),
        Concat("concat", inputs=("conv", "input")),
        Conv2d("mixed", 6, 3, 1),
        Add("add", inputs=("conv", "mixed")),
        Flatten("flatten"),
        Linear("output", 3 * 6 * 7, 2),
    )
    seen = seen_by(layers, (3, 6, 7))
    assert setting_of(SkipScene, seen).parameters.layer == "add"
    setting = setting_of(SkipScene, seen, layer="concat", channel=4)
    made = visit_beats(SkipScene, setting, lambda *_: None)
    assert "conv first, then the picture from channel 3 on" in made.beats[2].caption


def joined(aspect: str) -> SkipBoard | StackBoard:
    """Return the stage of a concatenation."""
    theme = theme_of("dark", aspect)
    return StackBoard(joining((4, 3)), "concat", 5, (2, 3), theme, words_of("skip"))


def added(aspect: str) -> SkipBoard | StackBoard:
    """Return the stage of an addition."""
    layers = (
        Conv2d("conv", 3, 3, 1),
        Conv2d("mixed", 3, 3, 1),
        Add("add", inputs=("conv", "mixed")),
        Flatten("flatten"),
        Linear("output", 3 * 6 * 7, 2),
    )
    seen = seen_by(layers, (3, 6, 7))
    return SkipBoard(seen, "add", 1, (2, 3), theme_of("dark", aspect), words_of("skip"))


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("make", [joined, added])
def test_nothing_is_written_where_values_pass_that_grow_out_of_their_cells(
    make: Callable[[str], SkipBoard | StackBoard], aspect: str
) -> None:
    made = make(aspect)
    for panel, number, frame in zip(made.panels, made.numbers, made.frames, strict=True):
        top, bottom = frame.get_top()[1], number.get_bottom()[1]
        between = [part for part in panel.around if part is not panel.frame]
        assert panel.legend in between
        for part in between:
            assert part.get_bottom()[1] > top or part.get_top()[1] < bottom
