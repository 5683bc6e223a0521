"""What a report of one value is, and how its arithmetic is written as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.explain.rounding import equals_sign, format_number

DECIMALS = 4
"""Digits after the point; JSON has the numbers in full."""


@dataclass(frozen=True)
class ValueReport:
    """One value of the network, explained.

    Attributes
    ----------
    data
        What JSON says: plain numbers in full precision, lists and strings.
    lines
        The same, as text to read.
    """

    data: dict[str, Any]
    lines: tuple[str, ...]


def span_text(what: str, cells: Sequence[int]) -> str:
    """Return such as ``rows 4 to 6``, or ``rows 4, 6, 8`` where the window is dilated."""
    shown = [format_number(cell, 0) for cell in cells]
    if len(cells) == 1:
        return f"{what.removesuffix('s')} {shown[0]}"
    if cells[1] - cells[0] == 1:
        return f"{what} {shown[0]} to {shown[-1]}"
    return f"{what} {', '.join(shown)}"


def grid_lines(*grids: npt.NDArray[np.floating]) -> list[str]:
    """Return k x k grids side by side, columns aligned."""
    shown = [[cell_texts(row) for row in grid] for grid in grids]
    width = max(len(cell) for grid in shown for row in grid for cell in row)
    return [
        "    ".join(" ".join(f"{cell:>{width}}" for cell in row) for row in rows)
        for rows in zip(*shown, strict=True)
    ]


def cell_texts(values: npt.NDArray[np.floating]) -> list[str]:
    """Return every value as text, in reading order."""
    return [plain(value) for value in values.ravel()]


def sum_text(shown_terms: Sequence[str], shown_total: str) -> str:
    """Return ``+0.3 −0.1 = +0.2`` from signed texts, with ≈ where the texts do not add up."""
    return f"{' '.join(shown_terms)} {equals_sign(shown_terms, shown_total)} {shown_total}"


def maximum_text(shown_values: Iterable[str], value: float) -> str:
    """Return ``max(0.1, 0.3) = 0.3``."""
    return f"max({', '.join(shown_values)}) = {plain(value)}"


def limits_text(value: float, ceiling: float) -> str:
    """Return what ReLU6 does to a value: ``7.1, moved to 0 or 6 if it lies outside of them``."""
    return f"{plain(value)}, moved to 0 or {ceiling:g} if it lies outside of them"


def leaky_text(before: float, slope: float, after: float) -> str:
    """Return what a leaky ReLU does: ``−0.5 × 0.1 = −0.05``, or that a value is left as it is."""
    if before > 0:
        return f"{plain(before)} is above zero and goes on as it is"
    factors = plain(before), plain(slope)
    sign = equals_sign(factors, plain(after), "product")
    return f"{factors[0]} × {factors[1]} {sign} {plain(after)}, because it is not above zero"


def plain(value: float | np.floating) -> str:
    """Return a number with a sign only if it is negative."""
    return format_number(float(value), DECIMALS)


def signed(value: float | np.floating) -> str:
    """Return a number with a sign unless it is zero."""
    return format_number(float(value), DECIMALS, sign="always")
