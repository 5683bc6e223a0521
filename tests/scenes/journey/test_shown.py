"""The numbers of the journey, as they are written."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.journey.shown import decimals_of_small, written_cells, written_products
from cnnviz.scenes.journey.stages import pixel_products
from tests.conftest import fixed_network


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
