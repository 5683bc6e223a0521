from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.explain.softmax import explain_softmax, ranking, rivals

scores = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20)


@given(logits=scores)
def test_probabilities_are_torchs(logits: list[float]) -> None:
    terms = explain_softmax(logits)
    expected = torch.softmax(torch.tensor(logits, dtype=torch.float64), 0).numpy()
    np.testing.assert_allclose(terms.probabilities, expected, atol=1e-12)
    assert terms.probabilities.sum() == pytest.approx(1)


@given(logits=scores)
def test_every_term_follows_from_the_one_before(logits: list[float]) -> None:
    terms = explain_softmax(logits)
    assert terms.maximum == max(logits)
    np.testing.assert_array_equal(terms.shifted, np.array(logits) - max(logits))
    np.testing.assert_array_equal(terms.exps, np.exp(terms.shifted))
    assert terms.exp_sum == terms.exps.sum() >= 1
    np.testing.assert_array_equal(terms.probabilities, terms.exps / terms.exp_sum)


@given(logits=scores)
def test_ranking_is_stable(logits: list[float]) -> None:
    order = ranking(logits)
    assert sorted(order) == list(range(len(logits)))
    keys = [(-logits[index], index) for index in order]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([0.1, 0.5, 0.4], (1, 2)),
        ([0.1, 0.9], (1,)),
        ([0.5, 0.5], (0, 1)),
        ([0.28, 0.25, 0.24, 0.23], (0, 1)),
    ],
)
def test_rivals_only_where_it_is_close(tiny_vgg, probabilities, expected) -> None:
    values = np.array(probabilities, np.float32)
    trace = dataclasses.replace(tiny_vgg, logits=np.log(values), probabilities=values)
    assert rivals(trace) == expected


def test_cnn_explainers_probabilities(espresso) -> None:
    trace, reference = espresso
    terms = explain_softmax(trace.logits)
    np.testing.assert_allclose(terms.probabilities, reference["softmax"], atol=1e-5)
    assert trace.classes[ranking(trace.logits)[0]] == "espresso"
