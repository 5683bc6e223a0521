"""The classes that a network answers with, in a list."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.mobjects.answers import Answer
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.network import trace
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import dark_theme
from tests.conftest import fixed_network

NAMES = ("American Staffordshire Terrier", "West Highland White Terrier", "owl", "a tray")


@pytest.mark.parametrize("width", [3.3, 4.0, 9.0])
def test_names_of_any_length_have_one_size_and_begin_where_their_bars_do(width: float) -> None:
    """Each was as large as it fitted alone, and lines of one name stood in its middle."""
    layers = (Conv2d("conv", 1, 2, 1), Flatten("flatten"), Linear("output", 32, len(NAMES)))
    picture = np.eye(4, dtype=np.float32)
    seen = trace(picture, fixed_network(layers, NAMES, (1, 4, 4)))
    zone = Zone(0.0, 2.0, width, -1.0)
    answer = Answer(seen, range(len(NAMES)), zone, dark_theme(), "en", 0)
    (size,) = {name.font_size for name in answer.names}
    assert size >= SMALLEST
    for name, number in zip(answer.names, answer.numbers, strict=True):
        assert name.anchor == "left"
        assert name.get_left()[0] == pytest.approx(zone.left)
        assert name.get_right()[0] < number.get_left()[0]
