"""Where a cell lands in the flattened vector, and what it adds to each class's score.

The order is that of ``torch.nn.Flatten``: channel by channel, row by row,
``index = (channel x height + row) x width + column``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import Float64Array, FloatArray, IntArray
from cnnviz.errors import UserError
from cnnviz.explain.places import require_channel
from cnnviz.layers import Flatten, Linear, Shape
from cnnviz.model.trace import LayerTrace, Trace


@dataclass(frozen=True)
class IndexTerms:
    """The arithmetic of one index: ``(channel x height + row) x width + column = index``.

    Attributes
    ----------
    channel, row, column
        Of the cell, from 0.
    height, width
        Of the maps.
    index
        Of its value in the vector, from 0.
    """

    channel: int
    height: int
    row: int
    width: int
    column: int
    index: int

    @property
    def in_whole_maps(self) -> int:
        """How many cells the maps before its own have."""
        return self.channel * self.height * self.width

    @property
    def in_whole_rows(self) -> int:
        """How many cells the rows before its own have, in its own map."""
        return self.row * self.width


@dataclass(frozen=True, eq=False)
class ScoreTerms:
    """One output of a linear layer, or one class's score, taken apart.

    Attributes
    ----------
    inputs
        The values that are weighted, (features,).
    weights
        Their weights for this output, (features,).
    contributions
        inputs x weights, (features,).
    bias
        What is added to their sum.
    total
        The output, as the network computed it in float32; the sum differs by rounding only.
    """

    inputs: FloatArray
    weights: Float64Array
    contributions: Float64Array
    bias: float
    total: float

    def strongest(self, count: int) -> tuple[int, ...]:
        """Return the `count` features that contribute most, by absolute value, largest first."""
        order = np.argsort(-np.abs(self.contributions), kind="stable")
        return tuple(int(index) for index in order[:count])


def flat_index(shape: Shape, channel: int, row: int, column: int) -> IndexTerms:
    """Return where a cell of maps of `shape` (channels, height, width) lands.

    Parameters
    ----------
    shape
        (channels, height, width) of the maps.
    channel, row, column
        Of the cell, from 0.

    Raises
    ------
    IndexError
        If there is no such cell.
    """
    channels, height, width = shape
    if not (0 <= channel < channels and 0 <= row < height and 0 <= column < width):
        raise IndexError(f"no cell ({channel}, {row}, {column}) in maps of shape {shape}")
    index = (channel * height + row) * width + column
    return IndexTerms(channel, height, row, width, column, index)


def unflatten(shape: Shape, index: int) -> tuple[int, int, int]:
    """Return the (channel, row, column) that lands at `index`.

    Raises
    ------
    IndexError
        If there is no such index.
    """
    channels, height, width = shape
    if not 0 <= index < channels * height * width:
        raise IndexError(f"no index {index} in a vector of {channels * height * width} features")
    rest, column = divmod(index, width)
    channel, row = divmod(rest, height)
    return channel, row, column


def flat_indices(shape: Shape, rows: Sequence[int], columns: Sequence[int]) -> IntArray:
    """Return where these rows and columns of every channel land.

    Parameters
    ----------
    shape
        (channels, height, width) of the maps.
    rows, columns
        Counted from 0; not checked.

    Returns
    -------
    numpy.ndarray
        Array of shape (channels, len(rows), len(columns)).
    """
    indices = np.arange(np.prod(shape)).reshape(shape)
    return indices[np.ix_(range(shape[0]), rows, columns)]


def flatten_layer(trace: Trace) -> LayerTrace:
    """Return the layer that turns maps into a vector.

    Raises
    ------
    UserError
        If the network has none.
    """
    for layer_trace in trace.layers:
        if isinstance(layer_trace.layer, Flatten):
            return layer_trace
    raise UserError(f'the network "{trace.architecture.name}" has no {Flatten.noun}')


def explain_linear(layer_trace: LayerTrace, output: int) -> ScoreTerms:
    """Return the terms of one output of a linear layer.

    Raises
    ------
    UserError
        If there is no such output.
    TypeError
        If the layer is not linear.
    """
    weight, bias = linear_parameters(layer_trace)
    require_channel(layer_trace, output)
    return ScoreTerms(
        inputs=layer_trace.input,
        weights=weight[output].astype(np.float64),
        contributions=layer_trace.layer.contributions(layer_trace, output),
        bias=float(bias[output]),
        total=float(layer_trace.output[output]),
    )


def explain_score(trace: Trace, class_index: int) -> ScoreTerms:
    """Return what every flattened cell adds to one class's score.

    The `weights` are :func:`effective_weights`: where one linear layer follows the
    flattening, simply that layer's.

    Raises
    ------
    UserError
        If the network has no flatten layer.
    IndexError
        If there is no such class.
    """
    features = flatten_layer(trace).output
    (weights,), (bias,) = effective_weights(trace, [class_index])
    return ScoreTerms(
        inputs=features,
        weights=weights,
        contributions=weights * features,
        bias=float(bias),
        total=float(trace.logits[class_index]),
    )


def effective_weights(
    trace: Trace, classes: Sequence[int] | None = None
) -> tuple[Float64Array, Float64Array]:
    """Return one weight per class and flattened cell, and one bias per class.

    The layers after the flattening are linear layers and ReLUs. For this picture each
    ReLU either passes a value or stops it, so together they are one weighted sum: the
    product of the weights along every way that is open, summed over the ways. It is exact:
    ``weights @ features + biases`` are the logits.

    Parameters
    ----------
    classes
        Those asked for, in that order; all of them by default. Few cost less.

    Returns
    -------
    weights
        Array of shape (classes, features).
    biases
        Array of shape (classes,).

    Raises
    ------
    UserError
        If the network has no flatten layer.
    """
    return weights_on(trace, flatten_layer(trace).name, classes)


def weights_on(
    trace: Trace, name: str, classes: Sequence[int] | None = None
) -> tuple[Float64Array, Float64Array]:
    """Return one weight per class and value of one layer's output, and one bias per class.

    As for :func:`effective_weights`, but of any layer that all ways to the scores lead through,
    from which on they lead through layers that weights can be pulled back through.

    Returns
    -------
    weights
        Array of shape (classes, *output).
    biases
        Array of shape (classes,).
    """
    rows = list(range(len(trace.logits)) if classes is None else classes)
    on = {trace.layers[-1].name: np.eye(len(trace.logits))[rows]}
    biases = np.zeros(len(rows))
    for layer_trace in reversed(trace.layers):
        if layer_trace.name == name:
            break
        if layer_trace.name not in on:
            continue
        entering, added = layer_trace.layer.pull_back(layer_trace, on.pop(layer_trace.name))
        biases += added
        for source, weights in zip(
            trace.architecture.sources_of(layer_trace.name), entering, strict=True
        ):
            on[source] = on[source] + weights if source in on else weights
    return on[name], biases


def linear_parameters(layer_trace: LayerTrace) -> tuple[FloatArray, FloatArray]:
    """Return the layer's weights (out, in) and its biases (out,).

    Raises
    ------
    TypeError
        If the layer is not linear.
    """
    if not isinstance(layer_trace.layer, Linear):
        raise TypeError(f"layer {layer_trace.name!r} is not linear: it is {layer_trace.kind!r}")
    return layer_trace.parameters
