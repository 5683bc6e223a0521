"""How much of every later value comes from one pixel, exactly.

For one picture every ReLU either passes a value or stops it, and every pooling window has
one winner. With these gates as they are, the network is a weighted sum of its input: a
pixel's value times the weights along an open way, summed over all open ways that lead to
a cell, is the pixel's *own part* of that cell's value. The own parts of all pixels, and
what the biases add, make up the value. For a score this is gradient times input
(Shrikumar et al., "Not Just a Black Box: Learning Important Features Through Propagating
Activation Differences", 2016).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cnnviz.explain.convolution import convolution_parameters
from cnnviz.explain.flattening import linear_parameters
from cnnviz.explain.places import require_input_pixel
from cnnviz.explain.pooling import winning_cells
from cnnviz.explain.windows import WindowGeometry
from cnnviz.model.architecture import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.trace import LayerTrace, Trace

Float64Array = npt.NDArray[np.float64]


def own_parts(trace: Trace, row: int, column: int) -> tuple[Float64Array, ...]:
    """Return one pixel's own part of every layer's output, in the order of the layers.

    The pixel counts with all its channels, and with the values that the first layer
    receives (after normalisation, if there is any).

    Returns
    -------
    tuple of numpy.ndarray
        Each of the shape of that layer's output. The last one holds the own parts of the
        logits, (classes,).

    Raises
    ------
    UserError
        If the picture has no such pixel.
    """
    require_input_pixel(trace, row, column)
    first = trace.layers[0].input
    part = np.zeros(first.shape)
    part[:, row, column] = first[:, row, column]
    parts = []
    for layer_trace in trace.layers:
        part = _carry(layer_trace, part)
        parts.append(part)
    return tuple(parts)


def _carry(layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
    """Return what is left of `part` of a layer's input in its output."""
    match layer_trace.layer:
        case Conv2d():
            return _correlate(layer_trace, part)
        case ReLU():
            return np.where(layer_trace.input > 0, part, 0)
        case MaxPool2d():
            rows, columns = winning_cells(layer_trace)
            channels = np.arange(len(part))[:, None, None]
            return np.asarray(part[channels, rows, columns])
        case Flatten():
            return part.reshape(-1)
        case Linear():
            weight, _ = linear_parameters(layer_trace)
            return np.asarray(weight @ part)


def _correlate(layer_trace: LayerTrace, maps: Float64Array) -> Float64Array:
    """Return the convolution of `maps` without its bias: (out_channels, rows, columns)."""
    layer, weight, _ = convolution_parameters(layer_trace)
    geometry = WindowGeometry.of(layer)
    _, rows, columns = layer_trace.output.shape
    border, step = geometry.padding, geometry.stride
    padded = np.pad(maps, ((0, 0), (border, border), (border, border)))
    output = np.zeros(layer_trace.output.shape)
    for u in range(geometry.kernel_size):
        for v in range(geometry.kernel_size):
            top, left = u * geometry.dilation, v * geometry.dilation
            tap = padded[:, top : top + rows * step : step, left : left + columns * step : step]
            output += np.tensordot(weight[:, :, u, v].astype(np.float64), tap, axes=1)
    return output
