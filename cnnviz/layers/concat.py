"""Concatenation: the maps of several branches one after the other, every value as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.layers.base import Index, Shape
from cnnviz.layers.elementwise import ElementwiseLayer
from cnnviz.layers.layer_trace import LayerTrace, Step


@dataclass(frozen=True)
class Concat(ElementwiseLayer):
    """The channels of several layers as one stack: nothing is added, and nothing is mixed.

    So branches with different windows meet (Szegedy et al., "Going Deeper with Convolutions",
    CVPR 2015), or each layer keeps what all before it found (Huang et al., "Densely Connected
    Convolutional Networks", CVPR 2017).
    """

    kind = "concat"
    noun = "concatenation"
    takes = "maps"
    input_counts = range(2, 256)

    @classmethod
    def joined(cls, shapes: Sequence[Shape]) -> Shape | None:
        """Return the shape of all maps together; None where they have different sizes."""
        if any(len(shape) != 3 for shape in shapes) or len({shape[1:] for shape in shapes}) > 1:
            return None
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])

    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return whether one of the branches is."""
        return input_is_signed

    @property
    def keeps_channels(self) -> bool:
        """False: the channels of all branches but the first get other numbers."""
        return False

    def fed_by(self, channel: int, counts: Sequence[int]) -> list[tuple[int, int]]:
        """Return the one branch that has this channel, and its number there."""
        for branch, count in enumerate(counts):
            if channel < count:
                return [(branch, channel)]
            channel -= count
        raise IndexError(f"no channel {channel + sum(counts)} in {sum(counts)}")

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return all maps in one stack."""
        return np.concatenate([each.astype(np.float64) for each in inputs])

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the parts in one stack."""
        return self.forward(*parts)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return the strengths in one stack."""
        return self.forward(*strengths)

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the same place in the branch that has the channel, with weight 1."""
        channel, *place = index
        ((branch, own),) = self.fed_by(channel, [len(each) for each in strengths])
        return Step((own, *place), 1.0, branch)

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[tuple[Float64Array, ...], Float64Array]:
        """Return each branch's part of the weights; nothing is added."""
        ends = np.cumsum([len(each) for each in layer_trace.inputs])[:-1]
        return tuple(np.split(weights, ends, axis=1)), np.zeros(len(weights))
