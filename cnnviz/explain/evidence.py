"""What speaks for a class, and against it, by place: contributions folded back into a map.

A score is the sum of a bias and, over all cells of the maps that are flattened, of value times
weight (see :func:`cnnviz.explain.flattening.effective_weights`). Summed over the channels alone
that is one number for each place: ``e[i, j] = sum over c of x[c, i, j] w[c, i, j]``. So the map
and the bias add up to the score, exactly. For one linear layer behind the maps it is the
gradient of the score times the input, summed over channels (Shrikumar et al., "Not Just a Black
Box", 2016); with global average pooling it is a class activation map (Zhou et al., 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.explain.fields import ReceptiveGeometry, receptive_geometry
from cnnviz.explain.flattening import effective_weights, flatten_layer
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the places of the last maps add to one class's score.

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

    values: npt.NDArray[np.float64]
    bias: float
    top: float
    left: float
    bottom: float
    right: float


def class_evidence(trace: Trace, class_index: int) -> Evidence:
    """Return what the places of the maps that are flattened add to a class's score.

    Raises
    ------
    UserError
        If the network has no flatten layer.
    """
    flatten = flatten_layer(trace)
    weights, biases = effective_weights(trace)
    contributions = weights[class_index] * flatten.output
    values = contributions.reshape(flatten.input.shape).sum(axis=0)
    source = trace.architecture.source_of(flatten.name)
    fields = ReceptiveGeometry(1, 1, 0)
    if source != INPUT:
        fields = receptive_geometry(trace.architecture, source)
    first = fields.start + (fields.size - fields.jump) / 2
    rows, columns = values.shape
    return Evidence(
        values,
        float(biases[class_index]),
        top=first,
        left=first,
        bottom=first + rows * fields.jump,
        right=first + columns * fields.jump,
    )
