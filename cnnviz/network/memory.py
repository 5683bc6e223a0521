"""How much memory it takes to run a network, estimated before any is taken."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cnnviz.errors import UserError
from cnnviz.layers import Layer, Shape

MAX_MEMORY = 3 * 2**30
"""Bytes that running a network may take."""

SINGLE, DOUBLE = 4, 8
"""Bytes of a number as it is kept, and as it is computed with."""


def check_memory(layers: Sequence[Layer], shapes: Mapping[str, Shape]) -> None:
    """Refuse a network that would take more memory than `MAX_MEMORY`.

    Parameters
    ----------
    layers
        The network's.
    shapes
        Of each layer's output, by its name, and of the picture.

    Raises
    ------
    UserError
        With the figure.
    """
    needed = memory_to_run(layers, shapes)
    if needed > MAX_MEMORY:
        raise UserError(
            f"running the network takes about {needed / 2**30:.1f} GiB of memory; at most "
            f"{MAX_MEMORY / 2**30:.0f} GiB are allowed: give it smaller kernels or fewer features"
        )


def memory_to_run(layers: Sequence[Layer], shapes: Mapping[str, Shape]) -> int:
    """Return the bytes that a trace takes at its peak.

    All weights are there as they are kept, in the trace, and as the trace is handed on; so are all
    features, in the trace and as it is handed on. One layer at a time computes in double precision,
    in which a convolution lays out each window that it looks at, as torch's ``unfold`` does.
    """
    weights = sum(layer.parameter_count for layer in layers)
    features = sum(map(math.prod, shapes.values()))
    largest = max(_working_memory(layer, shapes) for layer in layers)
    return (3 * weights + 2 * features) * SINGLE + largest


def _working_memory(layer: Layer, shapes: Mapping[str, Shape]) -> int:
    output = math.prod(shapes[layer.name])
    values = output
    if layer.slides and layer.parameter_shapes:
        _, height, width = shapes[layer.name]
        values += math.prod(layer.parameter_shapes["weight"][1:]) * height * width
    return (values + layer.parameter_count) * DOUBLE
