"""The first seconds: a photo, its pixels, and numbers that are the picture's."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.locales import LANGUAGES
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.relu.scene import ReluScene
from cnnviz.staging.scene import LectureScene
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, setting_of, visit_beats

SIZES = [(3, 64, 64), (1, 28, 28), (3, 224, 224), (1, 5, 7), (3, 20, 60)]
"""Channels, rows and columns of what a network receives."""


def seen(size: tuple[int, int, int]) -> Trace:
    channels, rows, columns = size
    layers = (
        Conv2d("conv", channels, 1, 1),
        ReLU("relu"),
        Flatten("flatten"),
        Linear("output", rows * columns, 2),
    )
    photo = np.random.default_rng(2).random((40, 40)).astype(np.float32)
    return trace(photo, fixed_network(layers, ("cat", "dog"), size))


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("size", SIZES)
def test_a_corner_shows_the_numbers_of_the_picture(size: tuple[int, int, int], aspect: str) -> None:
    what, theme = seen(size), theme_of("dark", aspect)
    shown: dict[tuple[int, int], float] = {}

    def note(stage: LectureScene, beat: str) -> None:
        for each in stage.get_mobject_family_members():
            if isinstance(each, Number) and each.quantity.quantity == "pixel" and each.is_visible:
                place = each.quantity.row, each.quantity.column
                shown[place] = each.quantity.value  # type: ignore[index]
                assert each.em * 72 >= theme.sizes.small

    visit_beats(ReluScene, setting_of(ReluScene, what, theme), note)
    assert len(shown) == min(12, size[1]) * min(12, size[2])
    assert all(value == what.picture[(0, *place)] for place, value in shown.items())


@pytest.mark.parametrize(("size", "language"), list(zip(SIZES, LANGUAGES, strict=False)))
def test_it_is_legible(size: tuple[int, int, int], language: str) -> None:
    for aspect in ASPECTS:
        setting = setting_of(ReluScene, seen(size), theme_of("light", aspect), language)
        assert not faults_in(ReluScene, setting)


def test_only_the_question_and_the_picture_stay() -> None:
    what = seen((3, 64, 64))
    left: list[int] = []

    def note(stage: LectureScene, beat: str) -> None:
        if beat == "photo":
            members = stage.get_mobject_family_members()
            left.append(sum(isinstance(each, Number) for each in members))

    visit_beats(ReluScene, setting_of(ReluScene, what), note)
    assert max(left) == 144
    assert left[-1] < 144


def test_the_first_caption_is_about_what_is_seen() -> None:
    """The layer's caption stood below the photo's pixels for four seconds."""
    captions: dict[bool, set[str]] = {True: set(), False: set()}

    def note(stage: LectureScene, beat: str) -> None:
        shows_pixels = any(
            isinstance(each, Number) and each.quantity.quantity == "pixel"
            for each in stage.get_mobject_family_members()
        )
        captions[shows_pixels].update(line.text for line in stage.caption_lines)

    visit_beats(ReluScene, setting_of(ReluScene, seen((3, 64, 64))), note)
    (told,) = captions[True]
    assert told.startswith("64×64 pixels, 3 numbers each")
    assert len(captions[False]) > 3


def test_pixels_are_counted_as_cells_of_maps_are_rows_first() -> None:
    told: set[str] = set()
    visit_beats(
        ReluScene,
        setting_of(ReluScene, seen((1, 5, 7))),
        lambda stage, beat: told.update(line.text for line in stage.caption_lines),
    )
    assert any(line.startswith("5×7 pixels, a number each") for line in told)
