"""What parts of its input add to a value, calculated once more in another way than scenes do.

Contributions are found by sending values forward through the layers that follow (scenes pull
weights back), a pixel's own part by sending the pixel alone through the network with its gates
as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.auditing.lookups import class_index, value_at
from cnnviz.auditing.passing_on import passed_on
from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Quantity
from cnnviz.layers import Flatten
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import LayerTrace, Trace


def contribution_of(quantity: Quantity, trace: Trace) -> float | None:
    """Return what one flattened cell adds to a score, or all of the number's sign together.

    Without an index and without a layer it is what some cells add, whichever they are: the
    trace does not decide that.
    """
    output = class_index(quantity, trace)
    if output is None:
        return None
    flat = next(each for each in trace.layers if isinstance(each.layer, Flatten))
    cells = np.asarray(flat.output, np.float64)
    if quantity.index is not None:
        alone = np.zeros_like(cells)
        alone[quantity.index] = cells[quantity.index]
        return float(_scores_of(trace, flat, alone)[output])
    if quantity.layer is None:
        return None
    contributions = _scores_of_each(trace, flat, cells)[:, output]
    if quantity.value == 0:  # of one sign there are none
        sums = (contributions[contributions > 0].sum(), contributions[contributions < 0].sum())
        return float(min(sums, key=abs))
    is_same_sign = contributions > 0 if quantity.value > 0 else contributions < 0
    return float(contributions[is_same_sign].sum())


class PixelParts:
    """What of every value in the network comes from one pixel of the picture.

    Parameters
    ----------
    trace
        What the network did.
    pixel
        (row, column).
    """

    def __init__(self, trace: Trace, pixel: Pixel) -> None:
        self._trace = trace
        self._pixel = pixel

    @cached_property
    def of_layers(self) -> Mapping[str, Float64Array]:
        """The parts of each layer's outputs."""
        row, column = self._pixel
        first = self._trace.layers[0].input
        part = np.zeros(first.shape)
        part[:, row, column] = first[:, row, column]
        found = {INPUT: part}
        for layer_trace in self._trace.layers:
            sources = self._trace.architecture.sources_of(layer_trace.name)
            entering = [found[source] for source in sources]
            found[layer_trace.name] = passed_on(layer_trace, *entering)
        return found


def own_part_of(quantity: Quantity, trace: Trace, parts: PixelParts | None) -> float | None:
    """Return what of a value or a score comes from one pixel of the picture."""
    if parts is None:
        return None
    if quantity.layer is None:
        output = class_index(quantity, trace)
        scores = parts.of_layers[trace.layers[-1].name]
        return None if output is None else float(scores[output])
    return value_at(quantity, parts.of_layers[quantity.layer])


def _scores_of(trace: Trace, flat: LayerTrace, part: Float64Array) -> Float64Array:
    """Send a part of the flattened values, or several, through the layers that follow."""
    found = {flat.name: part}
    for layer_trace in trace.layers[trace.layers.index(flat) + 1 :]:
        sources = trace.architecture.sources_of(layer_trace.name)
        found[layer_trace.name] = passed_on(layer_trace, *(found[each] for each in sources))
    return found[trace.layers[-1].name]


def _scores_of_each(trace: Trace, flat: LayerTrace, cells: Float64Array) -> Float64Array:
    """Send each of the flattened values alone through the layers that follow: (values, scores).

    Until the first linear layer a vector stands for the matrix that has it on its diagonal, which
    would be large.
    """
    found = {flat.name: cells}
    for layer_trace in trace.layers[trace.layers.index(flat) + 1 :]:
        entering = [found[each] for each in trace.architecture.sources_of(layer_trace.name)]
        if layer_trace.weight is not None and entering[0].ndim == 1:
            weight = layer_trace.weight.astype(np.float64)
            found[layer_trace.name] = entering[0][:, np.newaxis] * weight.T
            continue
        if len({each.ndim for each in entering}) > 1:
            entering = [np.diag(each) if each.ndim == 1 else each for each in entering]
        found[layer_trace.name] = passed_on(layer_trace, *entering)
    scores = found[trace.layers[-1].name]
    return np.diag(scores) if scores.ndim == 1 else scores
