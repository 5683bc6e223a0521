"""What all kinds of pooling share: square windows, channel by channel, without padding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cnnviz.layers.base import Layer, Shape, stride_of
from cnnviz.layers.windows import WindowGeometry


@dataclass(frozen=True)
class Pool2d(Layer):
    """One value for each square window of each channel; no padding."""

    takes = "maps"
    slides = True
    pools = True
    required_keys = ("kernel_size",)
    optional_keys = ("stride",)

    kernel_size: int
    stride: int

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means: windows side by side by default."""
        kernel_size: int = sizes["kernel_size"]
        return cls(name, kernel_size, stride_of(sizes, kernel_size))

    @property
    def window(self) -> WindowGeometry:
        """What one output cell looks at."""
        return WindowGeometry(self.kernel_size, self.stride)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, both (channels, height, width)."""
        return self.window.output_shape(shape[0], shape)

    def is_signed(self, input_is_signed: bool) -> bool:
        """Return what the input is: pooling keeps the signs of what feeds it."""
        return input_is_signed
