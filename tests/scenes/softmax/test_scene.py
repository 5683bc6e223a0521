"""Softmax as a film: what it shows is true, legible, and the same on every machine."""

from __future__ import annotations

import dataclasses
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.model.architecture import Conv2d, Flatten, Linear
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.softmax.scene import SoftmaxScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    assert_is_exact,
    assert_looks_as_stored,
    faults_but_small_type,
    faults_in,
    numbers_in,
    setting_of,
    visit_beats,
)

BEATS = ["place", "shift", "exp", "sum", "divide", "bars", "what_if"]

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
    call = ["render", "softmax", "-q", "l", "--fps", "5", "--pace", "0.2", "--class", "dog"]
    assert main([*call, "--weights", str(small_weights), "-o", str(film)]) == 0
    manifest = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    assert [beat["name"] for beat in manifest["beats"]] == BEATS


@pytest.mark.parametrize(
    "logits",
    [spread(3, 2.0), spread(20, 3.0), spread(50, 3.0), spread(10, 1e5), [2.5, 2.5, -1.0]],
    ids=["three", "twenty", "fifty", "far apart", "tie"],
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
            assert number["value"] == pytest.approx(float(expected[kind][index]), abs=1e-9)
        elif kind == "exp_sum":
            assert number["value"] == pytest.approx(float(expected["exp"].sum()))
    listed = len(logits) if len(logits) <= 20 else 19
    assert {len(indices) for indices in seen.values()} == {listed}


def test_bars_stand_on_an_absolute_axis() -> None:
    """A probability of 0.28 reaches 28 % of the way to 1, however far ahead it is."""
    logits = [float(value) for value in np.log([0.28, 0.25, 0.24, 0.23])]
    made = visit_beats(
        SoftmaxScene, setting_of(SoftmaxScene, scored(logits)), lambda scene, beat: None
    )
    plot = made.board.plot
    left, right = (plot.unit_axis.x_of(value) for value in (0.0, 1.0))
    shares = [bar.width / (right - left) for bar in plot.bars]
    assert shares == pytest.approx([0.28, 0.25, 0.24, 0.23], abs=1e-6)
    edges = sorted((part.corners()[0], part.corners()[2]) for part in plot.stack)
    assert [edges[0][0], edges[-1][1]] == pytest.approx([left, right])
    assert all(one[1] == pytest.approx(other[0]) for one, other in pairwise(edges))


@pytest.mark.parametrize(
    ("logits", "name", "theme", "aspect", "language"),
    [
        (spread(2, 1.0), "class", "dark", "1:1", "zh"),
        (spread(20, 3.0), "class", "dark", "16:9", "en"),
        (spread(20, 3.0), LONG, "light", "1:1", "zh"),
        (spread(60, 0.01), LONG, "light", "9:16", "en"),
        ([-1e30, 2e35, 3.0, 0.25], "class", "light", "9:16", "en"),
        ([0.0, 0.0], "class", "dark", "16:9", "zh"),
        ([-3.0, -700.0, -9.0], "class", "dark", "1:1", "en"),
    ],
    ids=["two", "twenty", "square", "sixty", "huge", "zeros", "underflow"],
)
def test_nothing_overlaps_or_leaves_the_frame(
    logits: list[float], name: str, theme: str, aspect: str, language: str
) -> None:
    setting = setting_of(SoftmaxScene, scored(logits, name), theme_of(theme, aspect), language)
    faults = faults_but_small_type if name == LONG else faults_in
    assert not faults(SoftmaxScene, setting)


def texts_of(logits: list[float], **parameters: Any) -> list[str]:
    """Return the captions, the last beat's text among them."""
    setting = setting_of(SoftmaxScene, scored(logits), **parameters)
    return [beat.caption for beat in visit_beats(SoftmaxScene, setting, lambda s, b: None).beats]


def test_the_end_depends_on_how_sure_the_network_is() -> None:
    assert "A close call" in texts_of([1.0, 0.9, -2.0])[-1]
    sure = texts_of([9.0, 0.0, -2.0])[-1]
    assert "“class 1” had scored as high as “class 0”" in sure
    assert "can be wrong" in sure
    assert "same score" in texts_of([1.0, 1.0, -2.0])[-1]
    assert "“class 2” had scored" in texts_of([9.0, 0.0, -2.0], class_name="class 2")[-1]


def test_what_if_numbers_are_marked_as_such() -> None:
    numbers = numbers_in(SoftmaxScene, setting_of(SoftmaxScene, scored([2.0, 1.0, 0.0])))
    changed = [number["value"] for number in numbers if number["quantity"] == "what_if"]
    expected = torch.softmax(torch.tensor([2.0, 2.0, 0.0], dtype=torch.float64), 0)
    assert changed == pytest.approx([float(expected[0]), float(expected[1])])


def test_frames_are_exact(small_trace: Trace) -> None:
    assert_is_exact(SoftmaxScene, setting_of(SoftmaxScene, small_trace))


def test_last_frames_look_as_stored(small_trace: Trace, request: pytest.FixtureRequest) -> None:
    assert_looks_as_stored(SoftmaxScene, setting_of(SoftmaxScene, small_trace), request)


def test_classes_that_do_not_exist(small_trace: Trace) -> None:
    with pytest.raises(UserError, match='no class "lion": choose cat, dog, owl'):
        SoftmaxScene.resolve(small_trace, SoftmaxScene.Parameters(class_name="lion"))
    resolved = SoftmaxScene.resolve(small_trace, SoftmaxScene.Parameters(class_name="DOG"))
    assert resolved.class_name == "dog"
