"""The numbers of the journey, as they are written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.mobjects.text import Number
from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.scenes.journey.own_part import stronger_scale, times_stronger
from cnnviz.scenes.journey.scene import JourneyScene
from cnnviz.scenes.journey.scores import ScoreBoard
from cnnviz.scenes.journey.shown import (
    decimals_of_small,
    written_cells,
    written_part,
    written_products,
)
from cnnviz.scenes.journey.stages import follow_pixel, pixel_products
from cnnviz.style.geometry import Zone
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, setting_of, words_of


@pytest.fixture
def what() -> Trace:
    layers = (Conv2d("conv", 3, 2, 3), Flatten("flatten"), Linear("output", 72, 2))
    picture = np.random.default_rng(2).random((8, 8, 3)).astype(np.float32)
    return trace(picture, fixed_network(layers, ("cat", "dog"), (3, 8, 8)))


def test_cells_say_where_they_are_and_share_their_decimals() -> None:
    values = np.array([[0.25, -12.5]])
    ((first, second),) = written_cells("activation", values, [3], [4, 7], "conv", 1)(5)
    assert (first.shown, second.shown) == ("0.2", "−12.5")
    assert (first.row, first.column, second.column, first.channel) == (3, 4, 7, 1)
    ((alone,),) = written_cells("activation", values[:, :1], [3], [4], "conv", 1)(5)
    assert alone.shown == "0.25"
    ((alike,),) = written_cells("activation", values[:, :1], [3], [4], "conv", 1, values)(5)
    assert alike.shown == "0.2"


def test_own_parts_are_not_written_where_most_would_be_read_as_zero() -> None:
    faint = np.array([[0.03, 0.004, -0.001, 0.0]])
    where = [3], [4, 5, 6, 7], "conv", 1
    assert written_cells("own_part", faint, *where)(4) == []
    ((first, *_),) = written_cells("own_part", faint, *where)(6)
    assert first.shown == "0.030"
    assert written_cells("activation", faint, *where)(4)
    assert written_cells("own_part", 0 * faint, *where)(4)  # all are zero, and so it is written


def test_faint_own_parts_have_stronger_colours() -> None:
    theme = theme_of("dark", "16:9")
    scale = theme.signed_scale(4.0)
    parts = np.array([[0.007, -0.03], [0.0, 0.02]])
    times = times_stronger(parts, scale)
    assert times == 100
    stronger = stronger_scale(scale, times, theme)
    assert (stronger.colours(parts) == scale.colours(100 * parts)).all()
    assert times_stronger(np.array([-0.4]), scale) == 1
    assert times_stronger(np.zeros(3), scale) == 1


def test_products_stand_where_their_outputs_lie(what: Trace) -> None:
    products = pixel_products(what["conv"], 4, 5, 1)
    written = written_products(
        products, products.values[2], "product", {"layer": "conv", "channel": 1, "input_channel": 2}
    )(5)
    assert [[(each.row, each.column) for each in row] for row in written] == [
        [(row, column) for column in (3, 4, 5)] for row in (2, 3, 4)
    ]
    weight = what["conv"].weight
    assert weight is not None
    for each in (each for row in written for each in row):
        factor = weight[1, 2, each.kernel_row, each.kernel_column]
        assert each.value == pytest.approx(float(what.picture[2, 4, 5]) * float(factor))


@pytest.mark.parametrize(
    ("largest", "decimals"), [(12.0, 2), (0.1, 2), (0.05, 3), (0.004, 4), (0.0, 4)]
)
def test_small_numbers_get_more_decimals(largest: float, decimals: int) -> None:
    assert decimals_of_small(np.array([-largest, largest / 2])) == decimals


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0.0000"), (0.58, "+0.58"), (-0.0008, "−0.0008"), (3.2e-5, "+3.2 × 10⁻⁵")],
)
def test_no_part_of_a_score_reads_as_zero_but_zero(value: float, shown: str) -> None:
    assert written_part(value, class_name="cat").shown == shown


@pytest.mark.parametrize("aspect", ASPECTS)
def test_in_the_column_of_own_parts_nothing_reads_as_zero_but_zero(aspect: Aspect) -> None:
    """It read 0.0000 where a pixel adds next to nothing to a class."""
    seen = trace(bundled_photo(), load_network())
    journey = follow_pixel(seen, 20, 31, 0)
    parts = np.array([0.31, 3.2e-5, -4e-9, 0.0, *journey.own_scores[4:]])
    scores = ScoreBoard(
        seen,
        replace(journey, own_scores=parts),
        0,
        theme_of("dark", aspect).layout.stage,
        theme_of("dark", aspect),
        words_of("journey"),
    )
    numbers = [each for each in scores.own_parts if isinstance(each, Number)]
    shown = {each.quantity.value: each.quantity.shown for each in numbers}
    assert shown[0.31] == "+0.31"
    assert shown[3.2e-5] in ("+3.2 × 10⁻⁵", "+3 × 10⁻⁵")
    assert shown[-4e-9] in ("−4.0 × 10⁻⁹", "−4 × 10⁻⁹")
    assert shown[0.0] == "0.00"
    scores.make_room(1.0)
    for own, added in zip(numbers, scores.added_numbers, strict=True):
        assert added.get_right()[0] + 0.1 < own.get_left()[0]


@pytest.mark.parametrize(("aspect", "language"), [("16:9", "en"), ("16:9", "zh"), ("9:16", "en")])
def test_a_long_class_name_keeps_off_the_trail_and_within_the_frame(
    aspect: Aspect, language: str
) -> None:
    """A subtitle stood on the names of the layers, and what ends in the score beyond the frame."""
    layers = (Conv2d("conv", 3, 2, 3), Flatten("flatten"), Linear("output", 72, 2))
    names = "a class whose name is as long as sixty letters allow it, one", "another"
    picture = np.random.default_rng(2).random((8, 8, 3)).astype(np.float32)
    seen = trace(picture, fixed_network(layers, names, (3, 8, 8)))
    setting = setting_of(
        JourneyScene, seen, theme_of("dark", aspect), language, class_name=names[0]
    )
    faults = faults_in(JourneyScene, setting)
    assert not [each for each in faults if "overlaps" in each or "leaves the safe frame" in each]


def test_lines_of_two_classes_are_thick_and_far_apart() -> None:
    """Two thin lines left most of their room empty."""
    layers = (Conv2d("conv", 3, 2, 3), Flatten("flatten"), Linear("output", 72, 2))
    picture = np.random.default_rng(2).random((8, 8, 3)).astype(np.float32)
    seen = trace(picture, fixed_network(layers, ("ant", "bee"), (3, 8, 8)))
    theme, zone = theme_of("dark", "16:9"), Zone(-6.0, 1.0, 6.0, -2.5)
    scores = ScoreBoard(seen, follow_pixel(seen, 4, 4, 0), 0, zone, theme, words_of("journey"))
    first, second = scores.names
    assert first.get_y() - second.get_y() > 0.3 * zone.height
    assert first.font_size == theme.sizes.body
    assert scores.bars[0].height > 0.4
