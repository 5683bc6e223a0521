"""Softmax's numbers as they are written on screen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.explain.rounding import (
    decimals_that_fit,
    equals_sign,
    format_positive,
)
from cnnviz.explain.softmax import Float64Array, SoftmaxTerms, explain_softmax, ranking, rivals
from cnnviz.model.trace import Trace

MOST_CLASSES = 20
"""So many have a line of their own; of more classes the weakest share the last line."""

SCORE_CHARACTERS = 7
"""Room for a score: a sign, four digits or three and the point, two decimals."""

EXP_DECIMALS = 4


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
    exp_sum, probability_sum
        Of all classes.
    exp_equals, probability_equals
        The signs before them.
    shift_equals
        ``"="`` if every printed score minus the printed maximum is the printed difference.
    """

    terms: SoftmaxTerms
    classes: tuple[ShownClass, ...]
    others: ShownOthers | None
    emphasised: int
    maximum: Quantity
    exp_sum: Quantity
    probability_sum: Quantity
    exp_equals: str
    probability_equals: str
    shift_equals: str


@dataclass(frozen=True)
class WhatIf:
    """What the probabilities would be had the rival scored as high as the winner.

    Attributes
    ----------
    winner, rival
        Class indices: see :func:`compared_classes`.
    names
        What the two are called.
    before, after
        The two probabilities as they are, and as they would be.
    is_close
        Whether winner and rival are close as it is: see :func:`softmax.rivals`.
    """

    winner: int
    rival: int
    names: tuple[str, str]
    before: tuple[Quantity, Quantity]
    after: tuple[Quantity, Quantity]
    is_close: bool


def show_softmax(trace: Trace, class_index: int, language: str = "en") -> ShownSoftmax:
    """Write out the softmax of a trace with one class emphasised, names in a language."""
    terms = explain_softmax(trace.logits)
    listed = _listed_classes(terms, class_index)
    decimals = decimals_that_fit(
        [*terms.logits, *terms.shifted], SCORE_CHARACTERS, most=2, sign="always"
    )
    exp_sum = Quantity.of("exp_sum", terms.exp_sum, EXP_DECIMALS)
    classes = tuple(
        _show_class(trace, terms, index, language, decimals, exp_sum) for index in listed
    )
    rest = np.setdiff1d(np.arange(len(terms.logits)), listed)
    others = _show_others(terms, rest) if len(rest) else None
    probability_sum = Quantity("probability", 1.0, "100%")
    lines: list[ShownClass | ShownOthers] = [*classes, *([others] if others else [])]
    maximum = _score("logit", terms.maximum, decimals, trace.predicted_class)
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
        probability_sum=probability_sum,
        exp_equals=equals_sign([line.exp.shown for line in lines], exp_sum.shown),
        probability_equals=equals_sign(
            [line.probability.shown for line in lines], probability_sum.shown
        ),
        shift_equals="≈" if "≈" in shifts else "=",
    )


def compared_classes(trace: Trace, class_index: int) -> tuple[int, int]:
    """Return the highest score's class, and `class_index` or, if that is it, the second."""
    winner, second = ranking(trace.logits)[:2]
    return winner, second if class_index == winner else class_index


def show_what_if(trace: Trace, class_index: int, language: str = "en") -> WhatIf | None:
    """Return what an equal score of the rival would do; None if it scores as high already."""
    terms = explain_softmax(trace.logits)
    winner, rival = pair = compared_classes(trace, class_index)
    if terms.logits[rival] == terms.maximum:
        return None
    scores = terms.logits.copy()
    scores[rival] = terms.maximum
    changed = explain_softmax(scores).probabilities
    return WhatIf(
        winner,
        rival,
        names=(trace.class_name(winner, language), trace.class_name(rival, language)),
        before=_pair_of(trace, "probability", terms.probabilities, pair),
        after=_pair_of(trace, "what_if", changed, pair),
        is_close=rivals(trace) == pair,
    )


def _pair_of(
    trace: Trace, kind: QuantityKind, values: Float64Array, pair: tuple[int, int]
) -> tuple[Quantity, Quantity]:
    first, second = (
        Quantity.of_probability(values[index], kind=kind, class_name=trace.classes[index])
        for index in pair
    )
    return first, second


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
    exp = _exp(terms.exps[index], name)
    probability = Quantity.of_probability(terms.probabilities[index], class_name=name)
    return ShownClass(
        index=index,
        name=trace.class_name(index, language),
        score=_score("logit", float(terms.logits[index]), decimals, name),
        shifted=_score("shifted_logit", float(terms.shifted[index]), decimals, name),
        exp=exp,
        probability=probability,
        exp_equals="≈" if terms.shifted[index] else "=",
        quotient_equals=equals_sign([exp.shown, exp_sum.shown], probability.shown, "quotient"),
    )


def _show_others(terms: SoftmaxTerms, rest: npt.NDArray[np.int64]) -> ShownOthers:
    return ShownOthers(
        len(rest),
        _exp(terms.exps[rest].sum()),
        Quantity.of_probability(terms.probabilities[rest].sum()),
    )


def _exp(value: float, name: str | None = None) -> Quantity:
    return Quantity("exp", float(value), format_positive(value, EXP_DECIMALS), class_name=name)


def _score(kind: QuantityKind, value: float, decimals: int, name: str) -> Quantity:
    return Quantity.of(
        kind, value, decimals, sign="always", width=SCORE_CHARACTERS, class_name=name
    )
