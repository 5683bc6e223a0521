"""Linear layer: every output weighs all values of a vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.errors import UserError
from cnnviz.layers.base import Index, Layer, Shape
from cnnviz.layers.layer_trace import LayerTrace, Step

LARGEST_BLOCK = 2**22
"""Weights that are there in double precision at a time: 32 MB of them."""


@dataclass(frozen=True)
class Linear(Layer):
    """A weighted sum of all features, plus a bias, for each output.

    Attributes
    ----------
    in_features, out_features
        How many values come in, and how many go out.
    """

    kind = "linear"
    noun = "linear layer"
    takes = "vector"
    adds_up = True
    optional_keys = ("out_features",)
    input_key = "in_features"

    in_features: int
    out_features: int

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means: the last has an output per class.

        Raises
        ------
        UserError
            If the number of outputs is missing, which only the last layer can leave out.
        """
        out_features = sizes.get("out_features", class_count)
        if out_features is None:
            raise UserError("'out_features' is missing")
        return cls(name, shape[0], out_features)

    def output_shape(self, shape: Shape) -> Shape:
        """Return (out_features,)."""
        return (self.out_features,)

    @property
    def parameter_shapes(self) -> Mapping[str, Shape]:
        """Weights (out, in), and one bias per output."""
        return {"weight": (self.out_features, self.in_features), "bias": (self.out_features,)}

    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return True: weights have both signs."""
        return True

    @property
    def joins_all(self) -> bool:
        """True: every output weighs all values."""
        return True

    def feeding(self, channel: int) -> range:
        """Return all values."""
        return range(self.in_features)

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return the weighted sums, plus the bias."""
        assert weight is not None
        assert bias is not None
        (values,) = inputs
        return _product(weight, values.astype(np.float64)) + bias

    def contributions(self, layer_trace: LayerTrace, channel: int) -> Float64Array:
        """Return each value times its weight for one output: (in_features,)."""
        weight, _ = layer_trace.parameters
        return np.asarray(weight[channel].astype(np.float64) * layer_trace.input)

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the weighted sums of the part."""
        (part,) = parts
        weight, _ = layer_trace.parameters
        return _product(weight, part)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return, for each output, the largest strength times weight."""
        (strength,) = strengths
        weight, _ = layer_trace.parameters
        return np.concatenate([(np.abs(rows) * strength).max(axis=1) for rows in _blocks(weight)])

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the value with the largest strength times weight."""
        (strength,) = strengths
        weights = layer_trace.parameters[0][index[0]]
        source = int((np.abs(weights) * strength).argmax())
        return Step((source,), float(weights[source]))

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[tuple[Float64Array, ...], Float64Array]:
        """Return the product with its weights, and what its bias adds."""
        weight, bias = layer_trace.parameters
        pulled = np.zeros((len(weights), self.in_features))
        for start, rows in zip(_starts(weight), _blocks(weight), strict=True):
            pulled += weights[:, start : start + len(rows)] @ rows.astype(np.float64)
        return (pulled,), weights @ bias


def _product(weight: FloatArray, values: Float64Array) -> Float64Array:
    """Return the weighted sums, in double precision."""
    return np.concatenate([rows.astype(np.float64) @ values for rows in _blocks(weight)])


def _blocks(weight: FloatArray) -> list[FloatArray]:
    """Return the rows in blocks, only one of which is there in double precision at a time."""
    count = _rows_of_block(weight)
    return [weight[start : start + count] for start in _starts(weight)]


def _starts(weight: FloatArray) -> range:
    return range(0, len(weight), _rows_of_block(weight))


def _rows_of_block(weight: FloatArray) -> int:
    return max(LARGEST_BLOCK // int(weight.shape[1]), 1)
