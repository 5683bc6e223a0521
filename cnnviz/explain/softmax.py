"""From scores to probabilities, term by term.

``p[i] = exp(z[i] - m) / sum over j of exp(z[j] - m)`` with m the largest score. Shifting all
scores by m changes no probability, and keeps every exponential in 0..1 where ``exp(z)``
alone would overflow (Goodfellow, Bengio and Courville, Deep Learning, section 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array
from cnnviz.model.trace import Trace

CLOSE_CALL = 0.2
"""Largest lead, in probability, of the first class over the second in a close call."""


@dataclass(frozen=True, eq=False)
class SoftmaxTerms:
    """Softmax taken apart, every array in the order of the classes.

    Attributes
    ----------
    logits
        The scores, as the network computed them.
    maximum
        The largest of them.
    shifted
        logits - maximum: 0 for the winner, below 0 for the others.
    exps
        exp(shifted), in 0..1.
    exp_sum
        Their sum, 1 or more.
    probabilities
        exps / exp_sum, in float64; the trace's float32 ones differ by rounding only.
    """

    logits: Float64Array
    maximum: float
    shifted: Float64Array
    exps: Float64Array
    exp_sum: float
    probabilities: Float64Array


def explain_softmax(logits: npt.ArrayLike) -> SoftmaxTerms:
    """Return the terms of softmax for scores of shape (classes,)."""
    scores = np.asarray(logits, dtype=np.float64)
    maximum = float(scores.max())
    shifted = scores - maximum
    exps = np.exp(shifted)
    exp_sum = float(exps.sum())
    return SoftmaxTerms(scores, maximum, shifted, exps, exp_sum, exps / exp_sum)


def ranking(scores: npt.ArrayLike) -> tuple[int, ...]:
    """Return the class indices from the highest score to the lowest, equals by index."""
    order = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
    return tuple(order.tolist())


def rivals(trace: Trace) -> tuple[int, ...]:
    """Return the winner's index alone, or with the second's where it is a close call.

    It is close where the winner leads by at most 0.2 in probability.
    """
    best, *others = ranking(trace.logits)
    probabilities = trace.probabilities
    if others and probabilities[best] - probabilities[others[0]] <= CLOSE_CALL:
        return best, others[0]
    return (best,)
