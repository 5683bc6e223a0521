"""What can be chosen about a scene, and what is said to whoever chooses something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.staging.parameters import Parameter, make_parameters, parameter


@dataclass(frozen=True)
class EveryKind:
    """One parameter of each kind."""

    layer: str | None = parameter("text", "A layer.")
    side: int = parameter("number", "A side.", 4, minimum=1, maximum=5)
    channel: int | None = parameter("number", "A channel.", minimum=0)
    shift: int = parameter("number", "A shift.", 0, maximum=0)
    pixel: tuple[int, int] | None = parameter("pixel", "A pixel.")
    scale: str = parameter("choice", "A scale.", "unit", ("unit", "global"))
    backward: bool = parameter("flag", "The way back.", default=False)


def made(**values: Any) -> EveryKind:
    parameters: EveryKind = make_parameters("every", EveryKind, values)
    return parameters


def test_what_is_left_out_has_its_default() -> None:
    assert made() == EveryKind()
    assert made(layer=None, channel=None, pixel=None) == EveryKind()


def test_values_arrive_as_the_scene_declares_them() -> None:
    arrived = made(layer=3, side=np.int64(5), pixel=[np.uint8(2), 3], scale="global", backward=True)
    assert arrived == EveryKind(layer="3", side=5, pixel=(2, 3), scale="global", backward=True)
    assert type(arrived.side) is int
    assert arrived.pixel is not None
    assert {type(each) for each in arrived.pixel} == {int}


@given(st.integers())
def test_a_number_is_within_its_range_or_refused(number: int) -> None:
    if 1 <= number <= 5:
        assert made(side=number).side == number
    else:
        with pytest.raises(UserError, match=f"^side is {number}: give 1 to 5$"):
            made(side=number)


@pytest.mark.parametrize(
    ("given_values", "message"),
    [
        ({"side": None}, "side is None: give a whole number, 1 to 5"),
        ({"side": 2.0}, "side is 2.0: give a whole number, 1 to 5"),
        ({"side": True}, "side is True: give a whole number"),
        ({"side": "3"}, "side is '3': give a whole number"),
        ({"channel": -1}, "channel is -1: give 0 or more"),
        ({"shift": 1}, "shift is 1: give 0 or less"),
        ({"pixel": 3}, r"pixel is 3: give \(row, column\), two whole numbers"),
        ({"pixel": (1, 2, 3)}, "two whole numbers"),
        ({"pixel": (1, 2.5)}, "two whole numbers"),
        ({"pixel": "20"}, "two whole numbers"),
        ({"scale": "units"}, "scale is 'units': choose unit, global"),
        ({"scale": None}, "scale is None: choose unit, global"),
        ({"scale": np.zeros(3)}, "choose unit, global"),
        ({"layer": 2.5}, "layer is 2.5: give a text"),
        ({"backward": 1}, "backward is 1: give True or False"),
        ({"backward": None}, "backward is None: give True or False"),
        ({"layr": "conv"}, 'scene "every" has no parameter "layr": did you mean "layer"?'),
        ({"q": "conv"}, 'has no parameter "q": choose layer, side'),
    ],
)
def test_what_cannot_be_used_is_one_line(given_values: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        made(**given_values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("minimum", "maximum", "text"),
    [(1, 5, "1 to 5"), (0, None, "0 or more"), (None, -1, "-1 or less"), (None, None, "")],
)
def test_ranges_in_words(minimum: int | None, maximum: int | None, text: str) -> None:
    assert Parameter("number", "", minimum=minimum, maximum=maximum).range == text


def test_only_numbers_have_a_range() -> None:
    with pytest.raises(TypeError, match="a text has no minimum"):
        Parameter("text", "", minimum=1)


def test_there_are_five_kinds_and_only_a_choice_has_choices() -> None:
    with pytest.raises(ValueError, match='no kind "nubmer": choose text, number, pixel'):
        parameter("nubmer", "Help.")  # type: ignore[arg-type]
    for kind, choices in (("choice", ()), ("text", ("one", "other"))):
        with pytest.raises(TypeError, match="a choice has choices, and nothing else"):
            parameter(kind, "Help.", choices=choices)  # type: ignore[arg-type]


def test_a_default_is_a_value_like_any_other() -> None:
    with pytest.raises(ValueError, match="give 1 to 5"):
        Parameter("number", "", default=6, minimum=1, maximum=5)
