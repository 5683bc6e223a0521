from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.auditing.numbers import fault_of
from cnnviz.explain.rounding import number_shown
from cnnviz.model.trace import Trace
from cnnviz.scenes.softmax.shown import MOST_CLASSES, ShownSoftmax, compared_classes, show_softmax
from cnnviz.scenes.softmax.what_if_numbers import show_what_if, slide_stops, what_if_stops

scores = st.lists(st.floats(-1e5, 1e5, width=32), min_size=2, max_size=30)


def scored(trace: Trace, logits: list[float]) -> Trace:
    """Return the trace with other scores, and as many classes."""
    classes = tuple(f"class {index}" for index in range(len(logits)))
    values = np.array(logits, np.float32)
    return dataclasses.replace(
        trace,
        architecture=dataclasses.replace(trace.architecture, classes=classes),
        logits=values,
        probabilities=torch.softmax(torch.from_numpy(values), 0).numpy(),
    )


@given(logits=scores, data=st.data())
def test_lines_hold_torchs_numbers_from_the_highest_down(
    tiny_vgg: Trace, logits: list[float], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(logits) - 1))
    shown = show_softmax(scored(tiny_vgg, logits), index)
    expected = torch.softmax(torch.tensor(logits, dtype=torch.float64), 0).numpy()
    assert len(shown.classes) + bool(shown.others) == min(len(logits), MOST_CLASSES)
    assert shown.classes[shown.emphasised].index == index
    values = [each.score.value for each in shown.classes]
    if not shown.others:
        assert values == sorted(logits, reverse=True)
    for each in shown.classes:
        assert each.score.value == logits[each.index]
        assert each.probability.value == pytest.approx(expected[each.index], abs=1e-9)
        assert each.exp.value / shown.exp_sum.value == pytest.approx(each.probability.value)
        assert each.exp.value == np.exp(np.float64(each.shifted.value))
        assert each.shifted.value < -700 or number_shown(each.exp.shown) > 0
        assert fault_of(each.exp, scored(tiny_vgg, logits)) is None
        assert fault_of(each.probability, scored(tiny_vgg, logits)) is None
    listed = sum(each.probability.value for each in shown.classes)
    rest = shown.others.probability.value if shown.others else 0.0
    assert listed + rest == pytest.approx(1)


def written(logits: list[float], trace: Trace) -> ShownSoftmax:
    return show_softmax(scored(trace, logits), 0)


def test_signs_say_whether_printed_numbers_add_up(tiny_vgg: Trace) -> None:
    exact = written([0.0, 0.0], tiny_vgg)
    assert (exact.exp_equals, exact.shift_equals) == ("=", "=")
    rounded = written([0.004, -0.002, -20.0], tiny_vgg)
    assert rounded.exp_equals == "≈"
    assert written([0.1256, -0.1256], tiny_vgg).shift_equals == "≈"
    assert [(each.exp_equals, each.quotient_equals) for each in exact.classes] == [("=", "=")] * 2
    assert [each.exp_equals for each in rounded.classes] == ["=", "≈", "≈"]
    assert [each.quotient_equals for each in rounded.classes] == ["≈", "≈", "≈"]


def test_a_calculator_agrees_with_the_printed_exponentials(tiny_vgg: Trace) -> None:
    for each in written([4.3793, 2.8344, 0.1055, -9.2], tiny_vgg).classes:
        exponent = float(number_shown(each.shifted.shown))
        assert float(number_shown(each.exp.shown)) == pytest.approx(math.exp(exponent), abs=6e-4)


def test_tiny_numbers_are_written_with_a_power_of_ten(tiny_vgg: Trace) -> None:
    shown = written([1000.0, -1000.0, 992.0, 985.0], tiny_vgg)
    texts = [each.probability.shown for each in shown.classes]
    assert texts == ["99.97%", "0.03%", "3.1 × 10⁻⁵%", "2.6 × 10⁻⁸⁶⁷%"]
    texts = [each.exp.shown for each in shown.classes]
    assert texts == ["1.0000", "3.4 × 10⁻⁴", "3.1 × 10⁻⁷", "2.6 × 10⁻⁸⁶⁹"]


@pytest.mark.parametrize(
    ("gap", "exp_sum", "probability"),
    [
        (5.0, "1.0067", "99.33%"),
        (12.0, "1.0000061", "99.99939%"),
        (17.0, "1.0000", "99.9999959%"),
        (30.0, "1.0000", ">99.99999999%"),
        (900.0, "1.0000", ">99.99%"),
    ],
)
def test_a_quotient_never_contradicts_what_it_equals(
    gap: float, exp_sum: str, probability: str, tiny_vgg: Trace
) -> None:
    """It once read "1.0000 / 1.0000 ≈ >99.99%"."""
    shown = written([gap, 0.0], tiny_vgg)
    winner = shown.classes[0]
    assert (shown.exp_sum.shown, winner.probability.shown) == (exp_sum, probability)
    assert winner.quotient_equals == ("" if probability.startswith(">") else "≈")


def test_scores_without_end_keep_their_room(tiny_vgg: Trace) -> None:
    shown = written([3.2e30, -1.5e12, 0.25], tiny_vgg)
    texts = [each.score.shown for each in shown.classes]
    assert all(len(text) <= 7 for text in texts)


@given(logits=scores, data=st.data(), score=st.floats(-50, 50))
def test_what_if_is_softmax_with_another_score(
    tiny_vgg: Trace, logits: list[float], data: st.DataObject, score: float
) -> None:
    made = scored(tiny_vgg, logits)
    index = data.draw(st.integers(0, len(logits) - 1))
    shown = show_softmax(made, index)
    stop = show_what_if(shown, shown.emphasised, score)
    changed = torch.tensor(logits, dtype=torch.float64)
    changed[index] = changed.max() + score
    expected = torch.softmax(changed, 0).numpy()
    assert stop.values == pytest.approx(expected, abs=1e-9)
    assert stop.shifted.value == score
    for each, probability in zip(shown.classes, stop.probabilities, strict=False):
        assert probability.quantity == "what_if"
        assert probability.value == pytest.approx(float(expected[each.index]), abs=1e-9)
        assert fault_of(probability, made) is None
    assert len(stop.probabilities) == len(shown.classes) + bool(shown.others)


def test_the_rival_is_the_class_asked_for_or_the_second(tiny_vgg: Trace) -> None:
    made = scored(tiny_vgg, [1.0, 9.0, -5.0])
    assert compared_classes(show_softmax(made, 1)) == (1, 0)
    assert compared_classes(show_softmax(made, 2)) == (1, 2)


def test_the_score_that_goes_to_another_ends_there(tiny_vgg: Trace) -> None:
    shown = show_softmax(scored(tiny_vgg, [1.0, 9.0, -5.0]), 1)
    stops = what_if_stops(shown)
    assert stops[0].shifted.value == -8.0
    assert stops[-1].probabilities[0].value == stops[-1].probabilities[1].value
    tie = what_if_stops(show_softmax(scored(tiny_vgg, [2.0, 2.0]), 0))
    assert (tie[0].shifted.value, tie[-1].shifted.value) == (0.0, -2.0)


def test_a_score_from_far_below_spends_its_steps_where_shares_change(tiny_vgg: Trace) -> None:
    near = [stop.shifted.value for stop in what_if_stops(show_softmax(scored(tiny_vgg, [0, 8]), 0))]
    assert np.allclose(np.diff(near), 8 / 12)
    far = [stop.shifted.value for stop in what_if_stops(show_softmax(scored(tiny_vgg, [0, 36]), 0))]
    assert (far[0], far[-1]) == (-36.0, 0.0)
    assert (np.diff(far) > 0).all()
    assert sum(value > -6 for value in far) > len(far) / 3
    back = slide_stops(0.0, -36.0, 6)
    assert back[::-1] == slide_stops(-36.0, 0.0, 6)
    assert set(back) <= set(slide_stops(-36.0, 0.0, 12)), "numbers on the way back are not new"
