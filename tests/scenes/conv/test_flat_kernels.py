"""Kernels that are one cell high or wide: their numbers find room in their cells."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.explain.places import Place
from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.conv.board import ConvolutionBoard
from cnnviz.scenes.conv.scene import ConvScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import faults_in, setting_of, words_of


@pytest.fixture(scope="module")
def flat() -> Trace:
    """A network of 1x7 and 7x1 kernels, on a picture and on many channels."""
    layers = (
        Conv2d("wide", 3, 6, (1, 7), padding=(0, 3)),
        Conv2d("high", 6, 6, (7, 1), padding=(3, 0)),
        Conv2d("wide_of_many", 6, 2, (1, 7), padding=(0, 3)),
        Flatten("flatten"),
        Linear("output", 2 * 20 * 24, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 20, 24))
    return trace(np.random.default_rng(4).random((40, 48, 3)).astype(np.float32), network)


@pytest.mark.parametrize(
    ("layer", "aspect"),
    [
        ("wide", "16:9"),
        ("wide", "1:1"),
        ("wide", "9:16"),
        ("high", "16:9"),
        ("high", "9:16"),
        ("high", "1:1"),
        ("wide_of_many", "16:9"),
        ("wide_of_many", "1:1"),
        ("wide_of_many", "9:16"),
    ],
)
def test_their_numbers_find_room(flat: Trace, layer: str, aspect: str) -> None:
    board = ConvolutionBoard(
        flat, Place(layer, 0, 5, 6), theme_of("dark", aspect), words_of("conv"), "unit"
    )
    for row in board.rows:
        assert row.patch.has_numbers
        assert row.kernel.has_numbers
        assert row.products.has_numbers
    assert board.ticker is None
    formula = board.formula
    for row in board.rows:
        left, top, right, bottom = row.kernel.cells.corners()
        is_beside = formula.get_right()[0] < left or formula.get_left()[0] > right
        assert is_beside or formula.get_bottom()[1] > top or formula.get_top()[1] < bottom


@pytest.mark.parametrize(
    ("layer", "aspect", "language"),
    [
        ("wide", "16:9", "en"),
        ("wide", "9:16", "zh"),
        ("high", "16:9", "zh"),
        ("high", "9:16", "en"),
        ("high", "1:1", "zh"),
        ("wide_of_many", "1:1", "en"),
    ],
)
def test_nothing_overlaps(flat: Trace, layer: str, aspect: str, language: str) -> None:
    setting = setting_of(ConvScene, flat, theme_of("dark", aspect), language, layer=layer)
    assert not faults_in(ConvScene, setting)
