"""How much of every later value comes from one pixel, exactly.

For one picture every ReLU either passes a value or holds it, and every max pooling window has
one winner. With these gates as they are, the network is a weighted sum of its input: a
pixel's value times the weights along an open way, summed over all open ways that lead to
a cell, is the pixel's *own part* of that cell's value. The own parts of all pixels, and
what the biases add, make up the value. For a score this is gradient times input
(Shrikumar et al., "Not Just a Black Box: Learning Important Features Through Propagating
Activation Differences", 2016).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.explain.places import require_input_pixel
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.cropped_maps import CroppedMaps


def own_parts(trace: Trace, row: int, column: int) -> Iterator[Float64Array]:
    """Give one pixel's own part of every layer's output, in the order of the layers.

    The pixel counts with all its channels, and with the values that the first layer
    receives (after normalisation, if there is any).

    Yields
    ------
    numpy.ndarray
        Of the shape of that layer's output. The last one holds the own parts of the logits,
        (classes,).

    Raises
    ------
    UserError
        If the picture has no such pixel.
    """
    require_input_pixel(trace, row, column)
    first = trace.layers[0].input
    part = np.zeros(first.shape)
    part[:, row, column] = first[:, row, column]
    parts = {INPUT: CroppedMaps.of(part)}
    for layer_trace in trace.layers:
        sources = trace.architecture.sources_of(layer_trace.name)
        entering = [parts[source].whole for source in sources]
        part = layer_trace.layer.carry(layer_trace, *entering)
        parts[layer_trace.name] = CroppedMaps.of(part)
        yield part
