"""Networks with one pooling layer, for tests of the films of pooling."""

from __future__ import annotations

import numpy as np

from cnnviz.layers import Flatten, Layer, Linear
from cnnviz.layers.pool import Pool2d
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from tests.conftest import fixed_network


def pooled(
    pool: Pool2d, size: tuple[int, int, int], *before: Layer, after: tuple[Layer, ...] = ()
) -> Trace:
    """Return what a network with one pooling does with noise."""
    layers = (*before, pool, *after)
    shape: tuple[int, ...] = size
    for layer in layers:
        shape = layer.output_shape(shape)
    features = int(np.prod(shape))
    network = fixed_network(
        (*layers, Flatten("flatten"), Linear("output", features, 2)), ("cat", "dog"), size
    )
    return trace(np.random.default_rng(2).random((40, 40)).astype(np.float32), network)
