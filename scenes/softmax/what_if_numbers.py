"""Softmax's numbers with another score for one class: none of them is the network's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.softmax import explain_softmax
from cnnviz.scenes.softmax.shown import (
    ShownSoftmax,
    compared_classes,
    written_probability,
    written_score,
)

STEPS = 12
"""So often the numbers change while a score goes to where another is."""

LONGEST_SLIDE = 10.0
"""Points of score below the largest from which a score slides in equal steps."""

GAP_OF_A_TIE = 2.0
"""Points of score by which one of two equal scores is moved down to part them."""


@dataclass(frozen=True)
class WhatIfStop:
    """Softmax with another score for one class: no values of the network.

    Attributes
    ----------
    shifted
        The one class's score, less the largest.
    values
        The probability of each class, in the order of the classes.
    probabilities
        Those of the lines, from the top, that of the other classes last.
    """

    shifted: Quantity
    values: Float64Array
    probabilities: tuple[Quantity, ...]


def what_if_slide(shown: ShownSoftmax) -> tuple[int, float]:
    """Return whose line's score goes to another at the end, and to which, less the largest.

    The rival's goes to the winner's; one of two equal ones is moved down to part them.
    """
    _, rival = compared_classes(shown)
    line = [each.index for each in shown.classes].index(rival)
    return line, -GAP_OF_A_TIE if shown.classes[line].shifted.value == 0 else 0.0


def what_if_stops(shown: ShownSoftmax) -> list[WhatIfStop]:
    """Return all that is written as that score goes there."""
    line, end = what_if_slide(shown)
    start = shown.classes[line].shifted.value
    return [show_what_if(shown, line, each) for each in slide_stops(start, end, STEPS)]


def slide_stops(start: float, end: float, steps: int) -> list[float]:
    """Return the scores at which numbers change on the way between two, both ends included.

    The steps are equal; on a way so long that no share changes on most of it, they get shorter
    towards the largest score, 0, near which the shares change.
    """
    shares = np.linspace(0.0, 1.0, steps + 1)
    if max(-start, -end) <= LONGEST_SLIDE:
        return [float(each) for each in start + (end - start) * shares]
    if end > start:
        return [float(each) for each in end + (start - end) * (1 - shares) ** 2]
    return slide_stops(end, start, steps)[::-1]


def show_what_if(shown: ShownSoftmax, line: int, shifted: float) -> WhatIfStop:
    """Write out what softmax would say with another score for the class of a line.

    Parameters
    ----------
    shifted
        That score, less the largest that the network computed.
    """
    name = shown.classes[line].score.class_name
    values = probabilities_if(shown, line, shifted)
    listed = [each.index for each in shown.classes]
    quantities = [
        written_probability(values[each.index], "what_if", each.score.class_name)
        for each in shown.classes
    ]
    if shown.others:
        rest = np.delete(values, listed).sum()
        quantities.append(written_probability(float(rest), "what_if"))
    score = written_score("what_if", shifted, shown.score_decimals, name)
    return WhatIfStop(score, values, tuple(quantities))


def probabilities_if(shown: ShownSoftmax, line: int, shifted: float) -> Float64Array:
    """Return all probabilities, in the order of the classes: see :func:`show_what_if`."""
    scores = shown.terms.shifted.copy()
    scores[shown.classes[line].index] = shifted
    return explain_softmax(scores).probabilities
