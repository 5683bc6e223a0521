"""What a network is made of, as plain data: no torch, no weights.

Sizes follow the conventions of ``torch.nn``: a feature map has shape (channels, height,
width), rows count downwards, and all indices start at 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

Shape = tuple[int, ...]
"""(channels, height, width) of a stack of feature maps, or (features,) of a vector."""

INPUT = "input"
"""What the first layer receives, where a layer's name is expected: no layer is called so."""


def sliding_output_size(size: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """Return how many positions a window of `kernel` cells takes along `size` cells.

    ``floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1``, as in the
    documentation of ``torch.nn.Conv2d``. Zero or less means that the window does not fit.
    """
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@dataclass(frozen=True)
class Conv2d:
    """A convolution with a square kernel over all input channels (no groups)."""

    kind: ClassVar[str] = "conv"
    name: str
    in_channels: int
    out_channels: int
    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, both (channels, height, width)."""
        height, width = (
            sliding_output_size(size, self.kernel_size, self.stride, self.padding, self.dilation)
            for size in shape[1:]
        )
        return (self.out_channels, height, width)

    @property
    def parameter_count(self) -> int:
        """Weights plus one bias per output channel."""
        return self.out_channels * (self.in_channels * self.kernel_size**2 + 1)


@dataclass(frozen=True)
class ReLU:
    """``max(0, x)`` on every value."""

    kind: ClassVar[str] = "relu"
    parameter_count: ClassVar[int] = 0
    name: str

    def output_shape(self, shape: Shape) -> Shape:
        """Return `shape`: every value keeps its place."""
        return shape


@dataclass(frozen=True)
class MaxPool2d:
    """The largest value of each square window, channel by channel, no padding."""

    kind: ClassVar[str] = "max_pool"
    parameter_count: ClassVar[int] = 0
    name: str
    kernel_size: int
    stride: int

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, both (channels, height, width)."""
        height, width = (
            sliding_output_size(size, self.kernel_size, self.stride, 0, 1) for size in shape[1:]
        )
        return (shape[0], height, width)


@dataclass(frozen=True)
class Flatten:
    """All maps as one vector: index = (channel x height + row) x width + column."""

    kind: ClassVar[str] = "flatten"
    parameter_count: ClassVar[int] = 0
    name: str

    def output_shape(self, shape: Shape) -> Shape:
        """Return (features,) for an input of `shape` (channels, height, width)."""
        features = 1
        for size in shape:
            features *= size
        return (features,)


@dataclass(frozen=True)
class Linear:
    """A weighted sum of all features, plus a bias, for each output."""

    kind: ClassVar[str] = "linear"
    name: str
    in_features: int
    out_features: int

    def output_shape(self, shape: Shape) -> Shape:
        """Return (out_features,)."""
        return (self.out_features,)

    @property
    def parameter_count(self) -> int:
        """Weights plus one bias per output."""
        return self.out_features * (self.in_features + 1)


Layer = Conv2d | ReLU | MaxPool2d | Flatten | Linear


@dataclass(frozen=True)
class InputDescription:
    """The picture a network wants: its size, and how values in 0..1 are normalised.

    The first layer receives ``(value - mean) / std`` per channel. Networks trained by
    cnnviz have this folded into the first convolution where that is exact (no padding):
    mean 0 and std 1.
    """

    channels: int
    height: int
    width: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @property
    def shape(self) -> Shape:
        """(channels, height, width)."""
        return (self.channels, self.height, self.width)

    @property
    def is_normalised(self) -> bool:
        """Whether the first layer sees anything other than the values in 0..1."""
        return any(self.mean) or any(value != 1 for value in self.std)


@dataclass(frozen=True)
class Architecture:
    """A feed-forward network: an input, layers in order, and the classes of the last scores.

    Attributes
    ----------
    classes
        By these a class is asked for, and found in files.
    names
        What the classes are called in films, by language (``"zh"``), in the order of `classes`.
        Where a language has none, `classes` are shown.
    """

    name: str
    input: InputDescription
    layers: tuple[Layer, ...]
    classes: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def class_names(self, language: str) -> tuple[str, ...]:
        """Return what the classes are called in a language, in the order of the scores."""
        return self.names.get(language, self.classes)

    def shapes(self) -> Iterator[tuple[Layer, Shape, Shape]]:
        """Yield each layer with the shapes of its input and its output."""
        shape = self.input.shape
        for layer in self.layers:
            output = layer.output_shape(shape)
            yield layer, shape, output
            shape = output

    @property
    def parameter_count(self) -> int:
        """All weights and biases."""
        return sum(layer.parameter_count for layer in self.layers)
