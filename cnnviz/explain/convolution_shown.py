"""A convolution's numbers as they are written on screen, with signs that tell the truth."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from itertools import chain
from typing import Any

import numpy as np

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.explain.convolution import ConvolutionTerms, convolution_parameters
from cnnviz.explain.quantity import Grid, Quantity, QuantityKind
from cnnviz.explain.rounding import decimals_that_fit, equals_sign
from cnnviz.model.trace import LayerTrace

CELL_CHARACTERS = 5
"""Room in a cell: a sign, a digit, the point and two decimals."""

TOTAL_CHARACTERS = 7


@dataclass(frozen=True)
class ConvolutionDecimals:
    """Decimals of each kind of number, the same at every position of the window."""

    patch: int
    kernel: int
    product: int
    total: int
    brief: int

    def common(self, other: ConvolutionDecimals) -> ConvolutionDecimals:
        """Return the decimals for which there is room here and there."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return ConvolutionDecimals(*(min(mine, theirs) for mine, theirs in pairs))

    @classmethod
    def of(cls, layer_trace: LayerTrace, channel: int) -> ConvolutionDecimals:
        """Return what fits everywhere on this channel's map."""
        _, weight, bias = convolution_parameters(layer_trace)
        kernel = weight[channel]
        largest_product = np.abs(layer_trace.input).max() * np.abs(kernel).max()
        reach = np.abs(layer_trace.input).max() * np.abs(kernel).sum(axis=(1, 2)).max()
        totals = [-reach, *layer_trace.output[channel].ravel(), bias[channel]]
        return cls(
            patch=decimals_that_fit(layer_trace.input, CELL_CHARACTERS),
            kernel=decimals_that_fit(kernel, CELL_CHARACTERS),
            product=decimals_that_fit([-largest_product], CELL_CHARACTERS),
            total=decimals_that_fit(totals, TOTAL_CHARACTERS, most=3, sign="always"),
            brief=decimals_that_fit(totals, CELL_CHARACTERS, sign="always"),
        )


@dataclass(frozen=True)
class ShownConvolution:
    """One output of a convolution, written out.

    Attributes
    ----------
    patches, kernels, products
        One grid of k x k quantities per input channel.
    channel_sums, brief_sums
        One per input channel; the brief ones have room for `CELL_CHARACTERS` only.
    others
        The sum of the channels that are not among `shown_channels`; None if there is none.
    bias, total
        The two numbers that end the calculation.
    product_equals
        The sign before each channel's products: ``"≈"`` unless all are exact as printed.
    channel_equals
        The sign before each channel's sum.
    total_equals
        The sign before the total.
    """

    patches: tuple[Grid, ...]
    kernels: tuple[Grid, ...]
    products: tuple[Grid, ...]
    channel_sums: tuple[Quantity, ...]
    brief_sums: tuple[Quantity, ...]
    others: Quantity | None
    bias: Quantity
    total: Quantity
    product_equals: tuple[str, ...]
    channel_equals: tuple[str, ...]
    total_equals: str


def show_convolution(
    terms: ConvolutionTerms,
    source: str,
    decimals: ConvolutionDecimals,
    shown_channels: tuple[int, ...],
) -> ShownConvolution:
    """Write out the terms of one output.

    Parameters
    ----------
    terms
        The output, taken apart.
    source
        Name of the layer that the input comes from, or ``"input"``.
    decimals
        See :class:`ConvolutionDecimals`.
    shown_channels
        Input channels whose sums are listed; the rest is summed up in `others`.
    """
    channels = range(len(terms.channel_sums))
    products = tuple(_product_grid(terms, c, decimals.product) for c in channels)
    sums = tuple(_channel_sum(terms, c, decimals.total, TOTAL_CHARACTERS) for c in channels)
    rest = [c for c in channels if c not in shown_channels]
    others = None
    if rest:
        others = Quantity.of(
            "channel_sum",
            float(terms.channel_sums[rest].sum()),
            decimals.total,
            sign="always",
            width=TOTAL_CHARACTERS,
            layer=terms.layer,
            channel=terms.channel,
            row=terms.row,
            column=terms.column,
        )
    bias = _at_output(terms, "bias", terms.bias, decimals.total)
    total = _at_output(terms, "activation", terms.total, decimals.total)
    listed = [*(sums[c] for c in shown_channels), *([others] if others else []), bias]
    patches = tuple(_patch_grid(terms, c, source, decimals.patch) for c in channels)
    kernels = tuple(kernel_grid(terms, c, decimals.kernel) for c in channels)
    return ShownConvolution(
        patches=patches,
        kernels=kernels,
        products=products,
        channel_sums=sums,
        brief_sums=tuple(_channel_sum(terms, c, decimals.brief, CELL_CHARACTERS) for c in channels),
        others=others,
        bias=bias,
        total=total,
        product_equals=tuple(map(_products_sign, patches, kernels, products)),
        channel_equals=tuple(
            equals_sign([cell.shown for row in grid for cell in row], channel_sum.shown)
            for grid, channel_sum in zip(products, sums, strict=True)
        ),
        total_equals=equals_sign([quantity.shown for quantity in listed], total.shown),
    )


def of_side(shown: ShownConvolution, side: int) -> ShownConvolution:
    """Return the same numbers as those of one of two that are compared, 0 or 1."""

    def tagged(part: Any) -> Any:
        if isinstance(part, Quantity):
            return replace(part, side=side)
        return tuple(map(tagged, part)) if isinstance(part, tuple) else part

    return ShownConvolution(**{name: tagged(part) for name, part in vars(shown).items()})


def _products_sign(patch: Grid, kernel: Grid, products: Grid) -> str:
    cells = zip(*(chain.from_iterable(grid) for grid in (patch, kernel, products)), strict=True)
    signs = {
        equals_sign([value.shown, weight.shown], product.shown, "product")
        for value, weight, product in cells
    }
    return "≈" if "≈" in signs else "="


def kernel_grid(terms: ConvolutionTerms, input_channel: int, decimals: int) -> Grid:
    """Return the weights of one input channel's kernel, (k, k)."""
    return _cell_grid("weight", terms, terms.kernel, input_channel, decimals)


def _product_grid(terms: ConvolutionTerms, input_channel: int, decimals: int) -> Grid:
    grid = _cell_grid("product", terms, terms.products, input_channel, decimals)
    return tuple(
        tuple(replace(cell, row=terms.row, column=terms.column) for cell in cells) for cells in grid
    )


def _cell_grid(
    kind: QuantityKind,
    terms: ConvolutionTerms,
    values: FloatArray | Float64Array,
    input_channel: int,
    decimals: int,
) -> Grid:
    """Return one number for each cell of a kernel: `values` are (channels, rows, columns)."""
    return tuple(
        tuple(
            Quantity.of(
                kind,
                float(values[input_channel, u, v]),
                decimals,
                width=CELL_CHARACTERS,
                layer=terms.layer,
                channel=terms.channel,
                input_channel=terms.sources[input_channel],
                kernel_row=u,
                kernel_column=v,
            )
            for v in range(len(terms.columns))
        )
        for u in range(len(terms.rows))
    )


def _patch_grid(terms: ConvolutionTerms, input_channel: int, source: str, decimals: int) -> Grid:
    return tuple(
        tuple(
            Quantity("padding", 0.0, "0", layer=source, channel=terms.sources[input_channel])
            if terms.is_padding[u, v]
            else Quantity.of(
                "activation",
                float(terms.patch[input_channel, u, v]),
                decimals,
                width=CELL_CHARACTERS,
                layer=source,
                channel=terms.sources[input_channel],
                row=row,
                column=column,
            )
            for v, column in enumerate(terms.columns)
        )
        for u, row in enumerate(terms.rows)
    )


def _channel_sum(
    terms: ConvolutionTerms, input_channel: int, decimals: int, width: int
) -> Quantity:
    return Quantity.of(
        "channel_sum",
        float(terms.channel_sums[input_channel]),
        decimals,
        sign="always",
        width=width,
        layer=terms.layer,
        channel=terms.channel,
        input_channel=terms.sources[input_channel],
        row=terms.row,
        column=terms.column,
    )


def _at_output(
    terms: ConvolutionTerms, quantity: QuantityKind, value: float, decimals: int
) -> Quantity:
    is_bias = quantity == "bias"
    return replace(
        Quantity.of(
            quantity,
            value,
            decimals,
            sign="always",
            width=TOTAL_CHARACTERS,
            layer=terms.layer,
            channel=terms.channel,
        ),
        row=None if is_bias else terms.row,
        column=None if is_bias else terms.column,
    )
