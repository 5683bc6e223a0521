"""The numbers of a pixel's journey, written out for grids of cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Unpack

import numpy as np
import numpy.typing as npt

from cnnviz.explain.quantity import Indices, Quantity, QuantityKind
from cnnviz.explain.rounding import MINUS, decimals_that_fit, format_exponential
from cnnviz.scenes.journey.stages import PixelProducts

LEAST_READ = 0.5
"""A pixel's own parts are written if more than this share of them is not read as zero."""

Written = Callable[[int], list[list[Quantity]]]
"""From the characters there is room for to the quantities of a grid of cells; to none where
numbers would say too little."""


def written_cells(
    kind: QuantityKind,
    values: npt.NDArray[np.floating],
    rows: Sequence[int],
    columns: Sequence[int],
    layer: str,
    channel: int,
    alike: npt.NDArray[np.floating] | None = None,
) -> Written:
    """Return what writes one channel's `values`, (rows, columns), all to the same decimals.

    Parameters
    ----------
    kind
        ``"activation"`` or ``"own_part"``.
    rows, columns
        Where the cells lie in the output of `layer`.
    alike
        Values that are written to the same number of decimals; by default `values`. If these
        are a pixel's own parts and most would be read as 0.00, nothing is written.
    """

    def write(characters: int) -> list[list[Quantity]]:
        written = values if alike is None else alike
        most = decimals_of_small(written) if kind == "own_part" else 2
        decimals = decimals_that_fit(written, characters, most)
        if kind == "own_part" and not _tell_much(written, decimals):
            return []
        return [
            [
                Quantity.of(
                    kind,
                    values[i, j],
                    decimals,
                    width=characters,
                    layer=layer,
                    channel=channel,
                    row=row,
                    column=column,
                )
                for j, column in enumerate(columns)
            ]
            for i, row in enumerate(rows)
        ]

    return write


def written_products(
    products: PixelProducts, numbers: npt.NDArray[np.floating], kind: QuantityKind, where: Indices
) -> Written:
    """Return what writes one number per output that a pixel takes part in.

    Parameters
    ----------
    products
        Says which outputs, and which weight lies on the pixel for each.
    numbers
        One per output, in reading order.
    kind
        ``"weight"``, ``"product"`` or ``"own_part"``.
    where
        The indices that all of them have: `layer`, `channel`, `input_channel`.
    """
    columns = len({column for _, column in products.outputs})

    def write(characters: int) -> list[list[Quantity]]:
        decimals = decimals_that_fit(numbers, characters, 2)
        flat = []
        for number, (row, column), (u, v) in zip(
            numbers, products.outputs, products.taps, strict=True
        ):
            indices = where.copy()
            if kind != "weight":
                indices.update({"row": row, "column": column})
            if kind != "own_part":
                indices.update({"kernel_row": u, "kernel_column": v})
            flat.append(Quantity.of(kind, number, decimals, width=characters, **indices))
        return [flat[start : start + columns] for start in range(0, len(flat), columns)]

    return write


def decimals_of_small(values: npt.NDArray[np.floating]) -> int:
    """Return 2, or as many more (up to 4) as the largest of `values` needs for two digits."""
    largest = float(np.abs(values).max(initial=0))
    return next((decimals for decimals in (2, 3) if largest >= 10.0 ** -(decimals - 1)), 4)


def written_part(
    value: float,
    kind: QuantityKind = "own_part",
    decimals: int | None = None,
    digits: int = 2,
    **indices: Unpack[Indices],
) -> Quantity:
    """Return a part of something with its sign: with a power of ten where it would read as zero.

    Parameters
    ----------
    value
        What is written.
    kind
        ``"own_part"`` or ``"contribution"``.
    decimals
        As many as all have that are read together; as many as this one needs if None.
    digits
        Of what stands before a power of ten.
    """
    if decimals is None:
        decimals = decimals_of_small(np.array([value]))
    if value == 0 or abs(value) >= 0.5 * 10.0**-decimals or not math.isfinite(value):
        return Quantity.of(kind, value, decimals, sign="always", width=8, **indices)
    sign = "+" if value > 0 else MINUS
    return Quantity(kind, value, sign + format_exponential(math.log(abs(value)), digits), **indices)


def _tell_much(values: npt.NDArray[np.floating], decimals: int) -> bool:
    """Return whether most of `values` that are not zero are not read as zero either."""
    sizes = np.abs(values[values != 0])
    return not sizes.size or bool((sizes >= 0.5 * 10.0**-decimals).mean() > LEAST_READ)
