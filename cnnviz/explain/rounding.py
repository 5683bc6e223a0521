"""The one rule for writing numbers, on screen and in reports.

A number is rounded as Python's ``format`` does: correctly, from its exact binary value,
and exact ties go to the even digit (0.125 reads 0.12). The minus sign is U+2212, as wide
as a digit or a plus. What rounds to zero has no sign.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
import numpy.typing as npt

MINUS = "−"
INFINITY = "∞"
NOT_A_NUMBER = "NaN"

TO_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FROM_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
"""Between the digits of an exponent and those set above the line."""

SMALLEST_POWER = -9999
"""Of ten: what is smaller is not written out."""

Sign = Literal["auto", "always"]
Operation = Literal["sum", "product", "quotient"]


def format_number(
    value: float, decimals: int, sign: Sign = "auto", width: int | None = None
) -> str:
    """Return `value` with `decimals` digits after the point.

    Parameters
    ----------
    sign
        ``"auto"`` marks negative numbers, ``"always"`` positive ones too. Zero, and what
        rounds to zero, never has a sign.
    width
        The number of characters there is room for. Where the plain form needs more, the
        number is written with a power of ten (``1.2e5``), as precisely as fits and with
        at least one digit. None: there is always room.

    Returns
    -------
    str
        Such as ``"0.30"``, ``"−12.5"``, ``"+1.2e5"``, ``"−∞"`` or ``"NaN"``.
    """
    if math.isnan(value):
        return NOT_A_NUMBER
    digits = INFINITY if math.isinf(value) else f"{abs(value):.{decimals}f}"
    is_zero = not math.isinf(value) and not float(digits)
    prefix = "" if is_zero else MINUS if value < 0 else "+" if sign == "always" else ""
    if width is None or math.isinf(value) or len(prefix + digits) <= width:
        return prefix + digits
    return prefix + _power_of_ten(abs(value), width - len(prefix))


def _power_of_ten(magnitude: float, width: int) -> str:
    """Return the most precise of 1.23e5, 1.2e5 and 1e5 that `width` characters hold."""
    for decimals in range(max(width, 0), -1, -1):
        mantissa, exponent = f"{magnitude:.{decimals}e}".split("e")
        written = f"{mantissa}e{int(exponent)}"
        if len(written) <= width:
            break
    return written


def format_exponential(exponent: float, digits: int = 2) -> str:
    """Return e to the power of `exponent` in scientific notation: ``"2.5 × 10⁻¹⁴"``.

    Works from the exponent, so that it is right where the power itself is too small, or too
    large, for a floating-point number. Below 10 to the power of -9999 it reads ``"<10⁻⁹⁹⁹⁹"``.

    Parameters
    ----------
    digits
        Significant digits, 1 or more.
    """
    power = exponent / math.log(10)
    if power < SMALLEST_POWER:
        return f"<10{str(SMALLEST_POWER).translate(TO_SUPERSCRIPTS)}"
    whole = math.floor(power)
    mantissa = f"{10 ** (power - whole):.{digits - 1}f}"
    if float(mantissa) >= 10:
        whole += 1
        mantissa = f"{1:.{digits - 1}f}"
    return f"{mantissa} × 10{str(whole).translate(TO_SUPERSCRIPTS)}"


def plain_notation(shown: str) -> str:
    """Return ``"2.5 × 10⁻¹⁴"`` as Python reads it, ``"2.5e-14"``; other texts as they are."""
    mantissa, times, power = shown.partition(" × 10")
    return f"{mantissa}e{power.translate(FROM_SUPERSCRIPTS)}" if times else shown


def format_positive(value: float, decimals: int) -> str:
    """Return a number that is above zero so that it never reads as zero.

    For exponentials and probabilities: what would round to 0.00 reads ``"<0.01"``. That
    includes a zero that only lack of precision made one.
    """
    smallest = 10.0**-decimals
    if value < smallest:
        return f"<{smallest:.{decimals}f}"
    return format_number(value, decimals)


def format_percent(probability: float, decimals: int = 2) -> str:
    """Return a probability in 0..1 as a percentage that is never 0 % and never 100 %.

    With two decimals ``"95.70 %"``; below 0.01 % ``"<0.01 %"`` and above 99.99 %
    ``">99.99 %"``: softmax reaches neither end, only floating-point numbers do.
    """
    step = 10.0**-decimals
    percentage = probability * 100
    if percentage > 100 - step:
        return f">{100 - step:.{decimals}f} %"
    return f"{format_positive(percentage, decimals)} %"


def format_share(share: float) -> str:
    """Return a share in 0..1 that was counted: ``"75 %"`` if that is exact, else ``"40.6 %"``.

    So 0 % and 100 % mean none and all; what is just short of them is written as by
    :func:`format_percent`.
    """
    percentage = 100 * share
    if percentage == round(percentage):
        return f"{percentage:.0f} %"
    return format_percent(share, 1)


def decimals_that_fit(
    values: npt.ArrayLike, characters: int, most: int = 2, sign: Sign = "auto"
) -> int:
    """Return how many decimals all `values` can have within so many characters.

    Numbers that are read together have the same number of decimals. A sign and the point
    count as characters. 0 where not even whole numbers fit: then give
    :func:`format_number` the `width`, and it writes those with a power of ten.
    """
    array = np.asarray(values, dtype=np.float64).ravel()
    finite = array[np.isfinite(array)]
    if not finite.size:
        return most
    # The longest text is that of the largest or of the smallest number.
    extremes = (float(finite.min()), float(finite.max()))
    for decimals in range(most, 0, -1):
        if all(len(format_number(value, decimals, sign)) <= characters for value in extremes):
            return decimals
    return 0


def equals_sign(
    shown_terms: Sequence[str], shown_result: str, operation: Operation = "sum"
) -> Literal["=", "≈"]:
    """Return the sign that may stand between printed terms and their printed result.

    ``"="`` only where someone with pencil and paper gets exactly the printed result from
    the printed terms; ``"≈"`` otherwise, and wherever a text is no plain number
    (``"<0.01"``). A percentage counts as its hundredth.

    Parameters
    ----------
    operation
        ``"sum"`` and ``"product"`` take any number of terms, ``"quotient"`` two.
    """
    try:
        terms = [_number(shown) for shown in shown_terms]
        result = _number(shown_result)
    except ValueError:
        return "≈"
    if operation == "sum":
        exact = sum(terms) == result
    elif operation == "product":
        exact = math.prod(terms) == result
    else:
        dividend, divisor = terms
        exact = divisor != 0 and dividend / divisor == result
    return "=" if exact else "≈"


def _number(shown: str) -> Fraction:
    """Return exactly the number that a text shows; ValueError if it shows none."""
    number = Fraction(shown.replace(MINUS, "-").removesuffix(" %"))
    return number / 100 if shown.endswith(" %") else number
