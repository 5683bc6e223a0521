"""Every term of one output of a convolution.

In the field's usage a "convolution" is a cross-correlation: the kernel is not flipped.
``z[o, i, j] = sum over c, u, v of x[c, i s - p + u d, j s - p + v d] w[o, c, u, v] + b[o]``,
with stride s, padding p and dilation d, as in the documentation of ``torch.nn.Conv2d``. In a
convolution with groups c runs over the channels of the output channel's own group alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import BoolArray, Float64Array, FloatArray
from cnnviz.explain.places import require_channel, require_pixel
from cnnviz.layers import Conv2d
from cnnviz.layers.windows import padding_mask, windows
from cnnviz.model.trace import LayerTrace


@dataclass(frozen=True, eq=False)
class ConvolutionTerms:
    """One output of a convolution with a kernel of k x k, taken apart.

    Its sources are the input channels that it is made from: all of them, where there is one group.

    Attributes
    ----------
    layer, channel, row, column
        Which output.
    rows, columns
        The k rows and columns of the input under the window, counted without padding:
        below 0, or at the input's size and beyond, lies padding.
    sources
        Which input channels those are, ascending.
    patch
        Input values under the window, (sources, k, k); zeros where there is padding.
    is_padding
        Which of the k x k cells are padding, (k, k).
    kernel
        The channel's weights, (sources, k, k).
    products
        patch x kernel, (sources, k, k).
    channel_sums
        The sum of each source's products, (sources,).
    bias
        The channel's bias.
    total
        The output, as the network computed it in float32. The sum of `channel_sums` and
        `bias`, computed here in float64, differs from it by rounding only.
    """

    layer: str
    channel: int
    row: int
    column: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    sources: range
    patch: FloatArray
    is_padding: BoolArray
    kernel: FloatArray
    products: Float64Array
    channel_sums: Float64Array
    bias: float
    total: float


def explain_convolution(
    layer_trace: LayerTrace, channel: int, row: int, column: int
) -> ConvolutionTerms:
    """Return the terms of the output at (channel, row, column).

    Parameters
    ----------
    layer_trace
        The layer at work.
    channel, row, column
        Of the output, from 0.

    Raises
    ------
    UserError
        If there is no such output.
    TypeError
        If the layer is no convolution.
    """
    layer, weight, bias = convolution_parameters(layer_trace)
    require_channel(layer_trace, channel)
    require_pixel(layer_trace, row, column)
    geometry = layer.window
    _, height, width = layer_trace.input.shape
    sources = layer.feeding(channel)
    seen = layer_trace.input[sources.start : sources.stop]
    patch = windows(seen, geometry)[:, row, column].copy()
    kernel = weight[channel]
    # The product of two float32 numbers is exact in float64.
    products = patch.astype(np.float64) * kernel
    return ConvolutionTerms(
        layer=layer.name,
        channel=channel,
        row=row,
        column=column,
        rows=geometry.rows.cells(row),
        columns=geometry.columns.cells(column),
        sources=sources,
        patch=patch,
        is_padding=padding_mask(geometry, row, column, height, width),
        kernel=kernel,
        products=products,
        channel_sums=products.sum(axis=(1, 2)),
        bias=float(bias[channel]),
        total=float(layer_trace.output[channel, row, column]),
    )


def intermediate_maps(layer_trace: LayerTrace, channel: int) -> Float64Array:
    """Return what each source channel contributes to one output map.

    Their sum over the sources, plus the bias, is the output map.

    Returns
    -------
    Float64Array
        Array of shape (sources, rows, columns): at each position, the
        `channel_sums` of :func:`explain_convolution`.

    Raises
    ------
    UserError
        If there is no such channel.
    TypeError
        If the layer is no convolution.
    """
    layer, _, _ = convolution_parameters(layer_trace)
    require_channel(layer_trace, channel)
    return layer.contributions(layer_trace, channel)


def strongest_input_channels(terms: ConvolutionTerms, count: int) -> tuple[int, ...]:
    """Return the `count` sources with the largest absolute sums, largest first.

    By their places among the sources. Equals are ordered by index. All of them, if there are
    not more than `count`.
    """
    order = np.argsort(-np.abs(terms.channel_sums), kind="stable")
    return tuple(int(channel) for channel in order[:count])


def convolution_parameters(layer_trace: LayerTrace) -> tuple[Conv2d, FloatArray, FloatArray]:
    """Return the layer's description, its weights (out, in / groups, k, k) and its biases (out,).

    Raises
    ------
    TypeError
        If the layer is no convolution.
    """
    layer = layer_trace.layer
    if not isinstance(layer, Conv2d):
        raise TypeError(f"layer {layer.name!r} is no convolution: it is of kind {layer.kind!r}")
    return layer, *layer_trace.parameters
