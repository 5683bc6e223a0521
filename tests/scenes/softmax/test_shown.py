from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.rounding import number_shown
from cnnviz.model.trace import Trace
from cnnviz.scenes.softmax.shown import MOST_CLASSES, ShownSoftmax, show_softmax, show_what_if

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
        assert each.exp.shown == "<10⁻³⁰⁰" or number_shown(each.exp.shown) > 0
    listed = sum(each.probability.value for each in shown.classes)
    rest = shown.others.probability.value if shown.others else 0.0
    assert listed + rest == pytest.approx(1)


def written(logits: list[float], trace: Trace) -> ShownSoftmax:
    return show_softmax(scored(trace, logits), 0)


def test_signs_say_whether_printed_numbers_add_up(tiny_vgg: Trace) -> None:
    exact = written([0.0, 0.0], tiny_vgg)
    assert (exact.exp_equals, exact.probability_equals, exact.shift_equals) == ("=", "=", "=")
    rounded = written([0.004, -0.002, -20.0], tiny_vgg)
    assert (rounded.exp_equals, rounded.probability_equals) == ("≈", "≈")
    assert written([0.126, -0.126], tiny_vgg).shift_equals == "≈"
    assert [(each.exp_equals, each.quotient_equals) for each in exact.classes] == [("=", "=")] * 2
    assert [each.exp_equals for each in rounded.classes] == ["=", "≈", "≈"]
    assert [each.quotient_equals for each in rounded.classes] == ["≈", "≈", "≈"]


def test_small_probabilities_never_read_as_zero(tiny_vgg: Trace) -> None:
    shown = written([1000.0, -1000.0, 992.0], tiny_vgg)
    texts = [each.probability.shown for each in shown.classes]
    assert texts == ["99.97%", "0.03%", "<0.01%"]
    assert [each.exp.shown for each in shown.classes] == ["1.0000", "0.0003", "<10⁻³⁰⁰"]


def test_scores_without_end_keep_their_room(tiny_vgg: Trace) -> None:
    shown = written([3.2e30, -1.5e12, 0.25], tiny_vgg)
    texts = [each.score.shown for each in shown.classes]
    assert all(len(text) <= 7 for text in texts)


@given(logits=scores, data=st.data())
def test_what_if_is_softmax_of_equal_scores(
    tiny_vgg: Trace, logits: list[float], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(logits) - 1))
    what_if = show_what_if(scored(tiny_vgg, logits), index)
    if what_if is None:
        ordered = sorted(logits, reverse=True)
        assert max(logits) in (logits[index], ordered[1])
        return
    changed = torch.tensor(logits, dtype=torch.float64)
    changed[what_if.rival] = changed.max()
    expected = torch.softmax(changed, 0)
    for place, after in zip((what_if.winner, what_if.rival), what_if.after, strict=True):
        assert after.quantity == "what_if"
        assert after.value == pytest.approx(float(expected[place]))
    assert what_if.winner == int(np.argmax(logits))
    assert index in (what_if.winner, what_if.rival)


def test_a_close_call_is_told_from_a_sure_one(tiny_vgg: Trace) -> None:
    close = show_what_if(scored(tiny_vgg, [1.0, 0.9, -5.0]), 0)
    sure = show_what_if(scored(tiny_vgg, [9.0, 0.9, -5.0]), 0)
    other = show_what_if(scored(tiny_vgg, [1.0, 0.9, -5.0]), 2)
    assert close is not None
    assert close.is_close
    assert sure is not None
    assert not sure.is_close
    assert other is not None
    assert (other.rival, other.is_close) == (2, False)
    assert show_what_if(scored(tiny_vgg, [1.0, 1.0, -5.0]), 0) is None
