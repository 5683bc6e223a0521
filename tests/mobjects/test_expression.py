from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.expression import Expression
from cnnviz.style.theme import dark_theme


def number(value: float) -> Quantity:
    return Quantity.of("activation", value, 2)


def expression(value: float, max_width: float = 10.0) -> Expression:
    parts = ["max(0, ", number(value), ") = ", number(max(value, 0.0))]
    return Expression(parts, 30, np.array([1.0, 2.0, 0.0]), max_width, dark_theme())


def test_parts_stand_in_order_around_the_centre() -> None:
    parts = expression(-2.5).parts
    assert [part.text for part in parts] == ["max(0,", "−2.50", ") =", "0.00"]
    for left, right in pairwise(parts):
        assert left.get_right()[0] < right.get_left()[0] + 1e-6
    middle = (parts[0].get_left()[0] + parts[-1].get_right()[0]) / 2
    assert middle == pytest.approx(1.0, abs=0.1)


def test_other_numbers_stay_centred_and_in_one_size() -> None:
    made = expression(-2.5)
    made.set_parts(["max(0, ", number(-1234.5), ") = ", number(0.0)])
    assert made.parts[1].text == "−1,234.50"
    assert len({round(part.em, 6) for part in made.parts}) == 1
    assert made.result.text == "0.00"


def test_a_line_that_is_too_long_is_made_smaller() -> None:
    made = expression(-2.5, max_width=1.0)
    assert made.width <= 1.0 + 1e-6
    made.set_parts(["max(0, ", number(1.0), ") = ", number(1.0)])
    assert made.width <= 1.0 + 1e-6
