"""What the nodes of an imported graph do, in the field's own terms, whatever file they come from.

Shapes are (channels, height, width) of a stack of maps, or (features,) of a vector; the batch axis
is left out. Each operation says its output's shape, so that a reader can resolve what depends on
sizes ("same" padding, a Reshape that is a flattening) node by node.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.errors import UserError
from cnnviz.layers import Shape

Pair = tuple[int, int]
Sides = tuple[int, int, int, int]
"""Cells of padding: (top, left, bottom, right)."""

PoolingKind = Literal["max", "average"]

NO_PADDING: Sides = (0, 0, 0, 0)


class Operation(ABC):
    """One thing that a node does."""

    @abstractmethod
    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of its output for inputs of these shapes.

        Raises
        ------
        UserError
            If the inputs do not fit.
        """


class Elementwise(Operation):
    """An operation that changes values where they are."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape that comes in."""
        return shapes[0]


@dataclass(frozen=True, eq=False)
class Convolution(Operation):
    """A convolution: `weight` is (out, in / groups, rows, columns), as torch and ONNX keep it."""

    weight: FloatArray
    bias: Float64Array
    stride: Pair = (1, 1)
    padding: Sides = NO_PADDING
    dilation: Pair = (1, 1)
    groups: int = 1

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return (out channels, rows, columns)."""
        (shape,) = shapes
        taken = self.weight.shape[1] * self.groups
        if len(shape) != 3 or shape[0] != taken:
            raise UserError(f"it takes {taken} maps, but {_written(shape)} reaches it")
        if self.weight.shape[0] % self.groups:
            raise UserError(
                f"its {self.weight.shape[0]} channels cannot be cut into {self.groups} groups"
            )
        return _slid(
            self.weight.shape[0],
            shape,
            self.weight.shape[2:],
            self.stride,
            self.padding,
            self.dilation,
        )


@dataclass(frozen=True, eq=False)
class Dense(Operation):
    """A linear layer: `weight` is (out features, in features)."""

    weight: FloatArray
    bias: Float64Array

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return (out features,)."""
        (shape,) = shapes
        if len(shape) != 1:
            raise UserError(f"it takes a vector, but {_written(shape)} reaches it")
        if shape[0] != self.weight.shape[1]:
            raise UserError(f"it takes {self.weight.shape[1]} values, but {shape[0]} reach it")
        return (self.weight.shape[0],)


@dataclass(frozen=True, eq=False)
class Affine(Elementwise):
    """``scale * x + shift`` channel by channel: a batch normalisation, or constants in a graph."""

    scale: Float64Array
    shift: Float64Array

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape that comes in."""
        (shape,) = shapes
        if len(self.scale) != shape[0]:
            raise UserError(f"it has {len(self.scale)} channels, but {_written(shape)} reaches it")
        return shape


@dataclass(frozen=True)
class Rectifier(Elementwise):
    """ReLU; with a ceiling of 6 ReLU6."""

    ceiling: Literal[6] | None = None


@dataclass(frozen=True)
class Leak(Elementwise):
    """A leaky ReLU: the slope below zero, or where they were learned one for each channel."""

    negative_slope: float | tuple[float, ...]

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape that comes in."""
        (shape,) = shapes
        slopes = self.negative_slope
        if isinstance(slopes, tuple) and len(slopes) not in (1, shape[0]):
            raise UserError(f"it has {len(slopes)} slopes, but {_written(shape)} reaches it")
        return shape


@dataclass(frozen=True)
class Pooling(Operation):
    """Max or average pooling; without a kernel size over whole maps.

    Attributes
    ----------
    counts_padding
        Of averages: whether cells of the padding count as zeros.
    """

    kind: PoolingKind
    kernel_size: Pair | None
    stride: Pair = (1, 1)
    padding: Sides = NO_PADDING
    dilation: Pair = (1, 1)
    counts_padding: bool = False

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return (channels, rows, columns)."""
        (shape,) = shapes
        if len(shape) != 3:
            raise UserError(f"it takes maps, but {_written(shape)} reaches it")
        kernel_size = self.kernel_size or (shape[1], shape[2])
        return _slid(shape[0], shape, kernel_size, self.stride, self.padding, self.dilation)


@dataclass(frozen=True)
class Addition(Operation):
    """The sum of two branches of the same shape."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape of both."""
        if len(set(shapes)) > 1:
            listed = " and ".join(map(_written, shapes))
            raise UserError(f"it adds up {listed}; only what has the same shape can be shown")
        return shapes[0]


@dataclass(frozen=True)
class Concatenation(Operation):
    """The channels of several branches, one after the other."""

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return (all channels, rows, columns)."""
        if any(len(shape) != 3 for shape in shapes):
            raise UserError("it joins vectors; only maps can be joined: do it before flattening")
        if len({shape[1:] for shape in shapes}) > 1:
            listed = " and ".join(map(_written, shapes))
            raise UserError(f"it joins maps of different sizes: {listed}")
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])


@dataclass(frozen=True)
class Flattening(Operation):
    """Maps become a vector: channel after channel, or cell after cell as TensorFlow does it."""

    channels_last: bool = False

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return (values,)."""
        return (math.prod(shapes[0]),)


@dataclass(frozen=True)
class Padding(Operation):
    """Zeros around the maps, as a node of their own."""

    sides: Sides

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return the shape with its border."""
        (shape,) = shapes
        if len(shape) != 3:
            raise UserError(f"it takes maps, but {_written(shape)} reaches it")
        top, left, bottom, right = self.sides
        return shape[0], shape[1] + top + bottom, shape[2] + left + right


@dataclass(frozen=True)
class Softmax(Elementwise):
    """Scores become probabilities, or their logarithms; cnnviz does that itself."""

    is_logarithm: bool = False


@dataclass(frozen=True)
class Sigmoid(Elementwise):
    """One score becomes the probability of the second of two classes."""


@dataclass(frozen=True)
class Identity(Elementwise):
    """What changes nothing once a network is trained: dropout, noise, Identity.

    Attributes
    ----------
    what
        What the file calls it.
    """

    what: str


def _slid(
    channels: int, shape: Shape, kernel: Shape, stride: Pair, padding: Sides, dilation: Pair
) -> Shape:
    top, left, bottom, right = padding
    sizes = (shape[1] + top + bottom, shape[2] + left + right)
    if min(*kernel, *stride, *dilation) < 1 or min(padding) < 0:
        raise UserError("its window's sizes must be 1 or more, and its padding 0 or more")
    rows, columns = (
        (size - gap * (taps - 1) - 1) // step + 1
        for size, taps, step, gap in zip(sizes, kernel, stride, dilation, strict=True)
    )
    if min(rows, columns) < 1:
        raise UserError(
            f"its window of {_written(kernel)} does not fit into the {_written(sizes)} cells that "
            "reach it"
        )
    return channels, rows, columns


def _written(shape: Shape) -> str:
    return " x ".join(map(str, shape))
