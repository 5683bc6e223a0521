"""Softmax's numbers as they are written on screen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.explain.rounding import (
    decimals_that_fit,
    equals_sign,
    format_exponential,
    format_number,
    format_percent,
)
from cnnviz.explain.softmax import SoftmaxTerms, explain_softmax, ranking
from cnnviz.model.trace import Trace

MOST_CLASSES = 12
"""So many have a line of their own; of more classes the weakest share the last line."""

SCORE_CHARACTERS = 7
"""Room for a score: a sign, two digits, the point, three decimals."""

SCORE_DECIMALS = 3
"""At most: e to the power of what is written has nearly all the digits that are written of it."""

EXP_DECIMALS = 4

TINY = 1e-3
"""Below it, an exponential is written with a power of ten."""

PERCENT_DECIMALS = 2

MOST_DECIMALS = 8
"""Of a sum that is hardly above 1, and of a percentage just below 100."""


@dataclass(frozen=True)
class ShownClass:
    """One class, from its score to its probability.

    `exp_equals` is the sign between ``e`` to the power of `shifted` and `exp`,
    `quotient_equals` the one between `exp` divided by the sum of all and `probability`.
    """

    index: int
    name: str
    score: Quantity
    shifted: Quantity
    exp: Quantity
    probability: Quantity
    exp_equals: str
    quotient_equals: str


@dataclass(frozen=True)
class ShownOthers:
    """The classes without a line of their own, added up."""

    count: int
    exp: Quantity
    probability: Quantity


@dataclass(frozen=True)
class ShownSoftmax:
    """Softmax written out.

    Attributes
    ----------
    terms
        The numbers themselves.
    classes
        Those that have a line of their own, from the highest score to the lowest.
    others
        The rest; None if there is none.
    emphasised
        Which of `classes` is the one we talk about.
    maximum
        The largest score, which is subtracted from all.
    exp_sum
        Of all classes.
    exp_equals
        The sign before `exp_sum`.
    shift_equals
        ``"="`` if every printed score minus the printed maximum is the printed difference.
    score_decimals
        Digits after the point of all scores.
    """

    terms: SoftmaxTerms
    classes: tuple[ShownClass, ...]
    others: ShownOthers | None
    emphasised: int
    maximum: Quantity
    exp_sum: Quantity
    exp_equals: str
    shift_equals: str
    score_decimals: int


def show_softmax(trace: Trace, class_index: int, language: str = "en") -> ShownSoftmax:
    """Write out the softmax of a trace with one class emphasised."""
    terms = explain_softmax(trace.logits)
    listed = _listed_classes(terms, class_index)
    decimals = decimals_that_fit(
        [*terms.logits, *terms.shifted], SCORE_CHARACTERS, most=SCORE_DECIMALS, sign="always"
    )
    exp_sum = _exp_sum(terms.exp_sum)
    classes = tuple(
        _show_class(trace, terms, index, language, decimals, exp_sum) for index in listed
    )
    rest = np.setdiff1d(np.arange(len(terms.logits)), listed)
    others = _show_others(terms, rest) if len(rest) else None
    lines: list[ShownClass | ShownOthers] = [*classes, *([others] if others else [])]
    maximum = written_score("logit", terms.maximum, decimals, trace.predicted_class)
    shifts = {
        equals_sign([each.shifted.shown, maximum.shown], each.score.shown) for each in classes
    }
    return ShownSoftmax(
        terms=terms,
        classes=classes,
        others=others,
        emphasised=listed.index(class_index),
        maximum=maximum,
        exp_sum=exp_sum,
        exp_equals=equals_sign([line.exp.shown for line in lines], exp_sum.shown),
        shift_equals="≈" if "≈" in shifts else "=",
        score_decimals=decimals,
    )


def compared_classes(shown: ShownSoftmax) -> tuple[int, int]:
    """Return the highest score's class, and the emphasised one or, if that is it, the second."""
    winner, second = ranking(shown.terms.logits)[:2]
    class_index = shown.classes[shown.emphasised].index
    return winner, second if class_index == winner else class_index


def _listed_classes(terms: SoftmaxTerms, class_index: int) -> list[int]:
    """Return the classes with a line of their own, the emphasised one among them."""
    order = list(ranking(terms.logits))
    if len(order) <= MOST_CLASSES:
        return order
    listed = order[: MOST_CLASSES - 1]
    return listed if class_index in listed else [*listed[:-1], class_index]


def _show_class(
    trace: Trace,
    terms: SoftmaxTerms,
    index: int,
    language: str,
    decimals: int,
    exp_sum: Quantity,
) -> ShownClass:
    name = trace.classes[index]
    exp = _exp(terms.exps[index], float(terms.shifted[index]), name)
    log_sum = math.log(terms.exp_sum)
    probability = written_probability(
        terms.probabilities[index], "probability", name, float(terms.shifted[index]) - log_sum
    )
    return ShownClass(
        index=index,
        name=trace.class_name(index, language),
        score=written_score("logit", float(terms.logits[index]), decimals, name),
        shifted=written_score("shifted_logit", float(terms.shifted[index]), decimals, name),
        exp=exp,
        probability=probability,
        exp_equals="≈" if terms.shifted[index] else "=",
        quotient_equals=""
        if probability.shown.startswith(">")  # says itself how it compares
        else equals_sign([exp.shown, exp_sum.shown], probability.shown, "quotient"),
    )


def _show_others(terms: SoftmaxTerms, rest: npt.NDArray[np.int64]) -> ShownOthers:
    largest = terms.shifted[rest].max()
    log = float(largest + np.log(np.exp(terms.shifted[rest] - largest).sum()))
    share = float(terms.probabilities[rest].sum())
    return ShownOthers(
        len(rest),
        _exp(float(terms.exps[rest].sum()), log),
        written_probability(share, "probability", log=log - math.log(terms.exp_sum)),
    )


def _exp(value: float, exponent: float, name: str | None = None) -> Quantity:
    """Return e to the power of `exponent`, tiny ones with a power of ten."""
    shown = format_exponential(exponent) if value < TINY else format_number(value, EXP_DECIMALS)
    return Quantity("exp", float(value), shown, class_name=name)


def _exp_sum(value: float) -> Quantity:
    """Return the sum with as many decimals as tell it from 1, if eight are enough."""
    decimals = EXP_DECIMALS
    if value > 1:
        decimals = max(decimals, 1 - math.floor(math.log10(value - 1)))
    return Quantity.of("exp_sum", value, decimals if decimals <= MOST_DECIMALS else EXP_DECIMALS)


def written_probability(
    value: float, kind: QuantityKind, name: str | None = None, log: float | None = None
) -> Quantity:
    """Return a percentage that reads neither 0% nor, where eight decimals help, 100%.

    Parameters
    ----------
    log
        Natural logarithm of the probability, for what is too small for a float; by default
        taken from `value`.
    """
    if 0 < value < 10.0 ** -(PERCENT_DECIMALS + 2) or (value == 0 and log is not None):
        percent = (math.log(value) if log is None else log) + math.log(100)
        return Quantity(kind, float(value), f"{format_exponential(percent)}%", class_name=name)
    decimals = PERCENT_DECIMALS
    if 0.9999 < value < 1:
        decimals = min(-math.floor(math.log10(1 - value)) - 1, MOST_DECIMALS)
    shown = format_percent(value, decimals)
    return Quantity(kind, float(value), shown, class_name=name)


def written_score(kind: QuantityKind, value: float, decimals: int, name: str | None) -> Quantity:
    """Return a score, with its sign, within the room that scores have."""
    return Quantity.of(
        kind, value, decimals, sign="always", width=SCORE_CHARACTERS, class_name=name or ""
    )
