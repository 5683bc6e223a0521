"""Whether the numbers on screen are the network's: looked up in the trace, calculated anew."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal

from cnnviz.auditing import lookups, sums
from cnnviz.auditing.comparison import DECIDED_BY_BOTH, DECIDED_FOR_BOTH
from cnnviz.auditing.parts import PixelParts, contribution_of, own_part_of
from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.explain.rounding import number_shown
from cnnviz.model.trace import Trace

Lookup = Callable[[Quantity, Trace], float | None]
PixelLookup = Callable[[Quantity, Trace, PixelParts | None], float | None]

TOLERANCE = 2e-5
"""Relative to the larger of 1 and the number: sums in another order differ by less."""


def fault_of(
    quantity: Quantity,
    trace: Trace,
    parts: PixelParts | None = None,
    other: Trace | None = None,
) -> str | None:
    """Return what is wrong with a number on screen, or None; parameters as below.

    Checked are that it is written as its value rounds, and, where the trace alone decides
    it, that the value is the network's.
    """
    if not _is_rounded_right(quantity):
        return f"{quantity.shown!r} is not how {quantity.value!r} rounds"
    expected = expected_value(quantity, trace, parts, other)
    if expected is None or not math.isfinite(expected):
        return None
    if abs(expected - quantity.value) > TOLERANCE * max(1.0, abs(expected)):
        where = {k: v for k, v in quantity.to_json().items() if k not in ("value", "shown")}
        return f"{quantity.shown!r} is {quantity.value!r}, but the trace says {expected!r}: {where}"
    return None


def _is_rounded_right(quantity: Quantity) -> bool:
    """Return whether half a unit of the last digit lies between what is shown and the value."""
    try:
        number = number_shown(quantity.shown)
    except ValueError:  # "<0.01%", "∞": said, not rounded
        return True
    unit = float(Decimal(1).scaleb(int(number.as_tuple().exponent)))
    return abs(float(number) - quantity.value) <= unit / 2 * (1 + 1e-6) + 1e-12 * min(1.0, unit)


DECIDED: Mapping[QuantityKind, Lookup] = {
    "pixel": lookups.pixel_of,
    "activation": lookups.activation_of,
    "padding": lookups.padding_of,
    "weight": lookups.weight_of,
    "bias": lookups.bias_of,
    "product": sums.product_of,
    "channel_sum": sums.channel_sum_of,
    "window_sum": sums.window_sum_of,
    "mean": sums.mean_of,
    "contribution": contribution_of,
    "logit": lookups.logit_of,
    "shifted_logit": lookups.shifted_logit_of,
    "exp": lookups.exp_of,
    "exp_sum": lookups.exp_sum_of,
    "probability": lookups.probability_of,
    "count": sums.count_of,
    "share": sums.share_of,
    "index": sums.index_of,
    "size": sums.size_of,
    "scale_end": sums.scale_end_of,
    "extreme": sums.extreme_of,
}
"""What a trace alone says of each kind of number."""

DECIDED_WITH_PIXEL: Mapping[QuantityKind, PixelLookup] = {"own_part": own_part_of}
"""What a trace says together with the pixel that a scene follows."""

UNDECIDED: Mapping[QuantityKind, str] = {
    "what_if": "a probability of a score that the network did not compute",
    "example": "a number of a small example that is made up",
}
"""Kinds that are no values of the network, and why: only their rounding is checked."""


def expected_value(
    quantity: Quantity,
    trace: Trace,
    parts: PixelParts | None = None,
    other: Trace | None = None,
) -> float | None:
    """Return what the trace says a number is; None where it does not decide it.

    Parameters
    ----------
    quantity
        The number.
    trace
        What the network did.
    parts
        What comes from the pixel of the picture that the scene follows, if it follows one.
    other
        What it is compared with; a number of side 1 is that one's.

    Raises
    ------
    KeyError
        If nothing is known about numbers of its kind.
    """
    kind = quantity.quantity
    if kind in UNDECIDED:
        return None
    if other is not None:
        if kind in DECIDED_BY_BOTH:
            return DECIDED_BY_BOTH[kind](quantity, trace, other)
        if kind in DECIDED_FOR_BOTH:
            return DECIDED_FOR_BOTH[kind](quantity, trace, other)
        trace = other if quantity.side == 1 else trace
    if kind in DECIDED_WITH_PIXEL:
        return DECIDED_WITH_PIXEL[kind](quantity, trace, parts)
    return DECIDED[kind](quantity, trace)
