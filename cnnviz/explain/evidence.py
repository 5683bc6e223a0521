"""What speaks for a class, and against it, by place: contributions folded back into a map.

A score is the sum of a bias and, over all cells of the maps that are flattened, of value times
weight (see :func:`cnnviz.explain.flattening.effective_weights`). Summed over the channels alone
that is one number for each place: ``e[i, j] = sum over c of x[c, i, j] w[c, i, j]``. So the map
and the bias add up to the score, exactly. For one linear layer behind the maps it is the
gradient of the score times the input, summed over channels (Shrikumar et al., "Not Just a Black
Box", 2016). Where average pooling comes before the flattening, the places are those of the
maps that it reads; of global pooling this is the class activation map (Zhou et al., 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.arrays import Float64Array
from cnnviz.explain.fields import ReceptiveGeometry, receptive_geometry
from cnnviz.explain.flattening import effective_weights, flatten_layer
from cnnviz.layers import AvgPool2d
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the places of the last maps (before average pooling) add to one class's score.

    Attributes
    ----------
    values
        float64 of shape (rows, columns): above zero for the class, below zero against it.
    bias
        What the score has beside them: ``values.sum() + bias`` is the score.
    top, left, bottom, right
        Where the map lies on the picture, in its pixels: each cell covers a square around the
        middle of its receptive field, as wide as the fields are apart. Maps whose windows left
        over a margin end before the picture does.
    """

    values: Float64Array
    bias: float
    top: float
    left: float
    bottom: float
    right: float


def class_evidence(trace: Trace, class_index: int) -> Evidence:
    """Return what the places of the maps that are flattened add to a class's score.

    Of maps that only average pooling has made smaller before that: of those before it.

    Raises
    ------
    UserError
        If the network has no flatten layer.
    """
    weights, (bias,) = effective_weights(trace, [class_index])
    layer = flatten_layer(trace)
    on_maps = weights.reshape(1, *layer.input.shape)
    source = trace.architecture.source_of(layer.name)
    while source != INPUT and isinstance(trace[source].layer, AvgPool2d):
        layer = trace[source]
        (on_maps,), _ = layer.layer.pull_back(layer, on_maps)
        source = trace.architecture.source_of(source)
    values = (on_maps[0] * layer.input).sum(axis=0)
    (top, bottom), (left, right) = (
        _extent(trace, source, axis, count) for axis, count in enumerate(values.shape)
    )
    return Evidence(values, float(bias), top, left, bottom, right)


def _extent(trace: Trace, source: str, axis: int, count: int) -> tuple[float, float]:
    """Return where `count` cells of a layer begin and end on the picture, along one axis."""
    fields = ReceptiveGeometry(1, 1, 0)
    if source != INPUT:
        fields = receptive_geometry(trace.architecture, source, axis)
    first = fields.start + (fields.size - fields.jump) / 2
    return first, first + count * fields.jump
