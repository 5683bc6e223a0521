"""The one rule for writing numbers, on screen and in reports.

A number is rounded as Python's ``format`` does: correctly, from its exact binary value,
and exact ties go to the even digit (0.125 reads 0.12). The minus sign is U+2212, as wide
as a digit or a plus. What rounds to zero has no sign. A comma stands between thousands where
there is room (19,920). A percentage has no space (99.9%), in English as in Chinese.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

MINUS = "−"
INFINITY = "∞"
NOT_A_NUMBER = "NaN"

SMALLEST_POWER = -9999
"""Of ten: what is smaller is not written out."""

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

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
        The number of characters there is room for. Where that is too little the comma between
        thousands is left out, and where even that does not help, the number is written with a
        power of ten (``1.2e5``), as precisely as fits and with at least one digit. None: there
        is always room.

    Returns
    -------
    str
        Such as ``"0.30"``, ``"−12.5"``, ``"19,920"``, ``"+1.2e5"``, ``"−∞"`` or ``"NaN"``.
    """
    if math.isnan(value):
        return NOT_A_NUMBER
    is_infinite = math.isinf(value)
    digits = INFINITY if is_infinite else f"{abs(value):,.{decimals}f}"
    is_zero = not is_infinite and not digits.strip("0.")
    prefix = "" if is_zero else MINUS if value < 0 else "+" if sign == "always" else ""
    if width is None or is_infinite or len(prefix + digits) <= width:
        return prefix + digits
    if len(prefix + digits.replace(",", "")) <= width:
        return prefix + digits.replace(",", "")
    return prefix + _power_of_ten(abs(value), width - len(prefix))


def written_extent(values: npt.NDArray[Any]) -> dict[str, str]:
    """Return the least and the largest of some values, as sentences about all of them say them.

    Parameters
    ----------
    values
        Any shape, one value at least.

    Returns
    -------
    dict[str, str]
        ``least`` and ``most``, at most seven characters long each.
    """
    ends = {"least": float(values.min()), "most": float(values.max())}
    return {name: format_number(value, 2, width=7) for name, value in ends.items()}


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
        return f"<10{superscript(SMALLEST_POWER)}"
    whole = math.floor(power)
    mantissa = f"{10 ** (power - whole):.{digits - 1}f}"
    if float(mantissa) >= 10:
        whole += 1
        mantissa = f"{1:.{digits - 1}f}"
    return f"{mantissa} × 10{superscript(whole)}"


def format_count(count: int) -> str:
    """Return a whole number, from a million millions on rounded: ``"≈ 3.8 × 10⁶⁶"``."""
    if count < 10**12:
        return format_number(count, 0)
    power = len(str(count)) - 1
    mantissa = Decimal(count).scaleb(-power).quantize(Decimal("0.1"))
    if mantissa >= 10:
        mantissa, power = mantissa / 10, power + 1
    return f"≈ {mantissa:.1f} × 10{superscript(power)}"


def superscript(exponent: int) -> str:
    """Return a whole number in raised digits."""
    return str(exponent).translate(RAISED)


def written_slope(slope: float) -> str:
    """Return a slope, as ``0.01`` or ``≈ 0.286``: single precision adds nothing that is seen."""
    shown = f"{slope:.3g}".replace("-", "−")
    return shown if math.isclose(slope, float(f"{slope:.3g}"), rel_tol=1e-6) else f"≈ {shown}"


def format_percent(probability: float, decimals: int = 2) -> str:
    """Return a probability in 0..1 as a percentage that is never 0% and never 100%.

    With two decimals ``"95.70%"``; below 0.01% ``"<0.01%"`` and above 99.99%
    ``">99.99%"``: softmax reaches neither end, only floating-point numbers do.
    """
    step = 10.0**-decimals
    percentage = probability * 100
    if percentage > 100 - step:
        return f">{100 - step:.{decimals}f}%"
    if percentage < step:
        return f"<{step:.{decimals}f}%"
    return f"{percentage:.{decimals}f}%"


def format_share(share: float) -> str:
    """Return a share in 0..1 that was counted: ``"75%"`` if that is exact, else ``"40.6%"``.

    So 0% and 100% mean none and all; what is just short of them is written as by
    :func:`format_percent`.
    """
    percentage = 100 * share
    if percentage == round(percentage):
        return f"{percentage:.0f}%"
    return format_percent(share, 1)


def decimals_that_fit(
    values: npt.ArrayLike, characters: int, most: int = 2, sign: Sign = "auto"
) -> int:
    """Return how many decimals all `values` can have within so many characters.

    Numbers that are read together have the same number of decimals. A sign and the point
    count as characters. 0 where not even whole numbers fit: then give
    :func:`format_number` the `width`, and it writes those with a power of ten.

    Parameters
    ----------
    values
        Numbers that are read together, an array of any shape.
    characters
        For how many there is room in each number.
    most
        So many decimals at most.
    sign
        Which signs are written, as for :func:`format_number`.
    """
    array = np.asarray(values, dtype=np.float64).ravel()
    finite = array[np.isfinite(array)]
    if not finite.size:
        return most
    # The longest text is that of the largest or of the smallest number.
    extremes = (float(finite.min()), float(finite.max()))
    for decimals in range(most, 0, -1):
        shown = (format_number(value, decimals, sign).replace(",", "") for value in extremes)
        if all(len(each) <= characters for each in shown):
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
        ``"sum"`` and ``"product"`` take any number of terms; so does ``"quotient"``, in which
        the last one divides the sum of those before it.
    """
    try:
        terms = [Fraction(number_shown(shown)) for shown in shown_terms]
        result = Fraction(number_shown(shown_result))
    except ValueError:
        return "≈"
    if operation == "sum":
        exact = sum(terms) == result
    elif operation == "product":
        exact = math.prod(terms) == result
    else:
        *summands, divisor = terms
        exact = divisor != 0 and sum(summands) / divisor == result
    return "=" if exact else "≈"


def number_shown(shown: str) -> Decimal:
    """Return exactly the number that a text shows, with all its digits.

    Raises
    ------
    ValueError
        If it shows none, as ``"<0.01%"`` or ``"NaN"``.
    """
    plain = shown.replace(MINUS, "-").replace(",", "")
    exponent = -2 if plain.endswith("%") else 0
    mantissa, times, power = plain.removesuffix("%").partition(" × 10")
    exponent += int(power.translate(LOWERED)) if times else 0
    try:
        number = Decimal(mantissa)
    except InvalidOperation:
        raise ValueError(f"{shown!r} is no number") from None
    if not number.is_finite():
        raise ValueError(f"{shown!r} is no number")
    return number.scaleb(exponent)
