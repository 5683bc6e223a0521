"""Convolution: weighted sums of the cells under a window that slides over all channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from cnnviz.layers.base import (
    Float64Array,
    FloatArray,
    Index,
    Layer,
    LayerTrace,
    Shape,
    stride_of,
    strongest,
)
from cnnviz.layers.windows import WindowGeometry, windows


@dataclass(frozen=True)
class Conv2d(Layer):
    """A convolution with a square kernel over all input channels (no groups)."""

    kind = "conv"
    noun = "convolution"
    takes = "maps"
    joins_all = True
    slides = True
    required_keys = ("out_channels", "kernel_size")
    optional_keys = ("stride", "padding", "dilation")
    input_key = "in_channels"

    in_channels: int
    out_channels: int
    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means: one window step by default."""
        return cls(
            name=name,
            in_channels=shape[0],
            out_channels=sizes["out_channels"],
            kernel_size=sizes["kernel_size"],
            stride=stride_of(sizes, 1),
            padding=sizes.get("padding", 0),
            dilation=sizes.get("dilation", 1),
        )

    @property
    def window(self) -> WindowGeometry:
        """What one output cell looks at."""
        return WindowGeometry(self.kernel_size, self.stride, self.padding, self.dilation)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, both (channels, height, width)."""
        return self.window.output_shape(self.out_channels, shape)

    @property
    def parameter_shapes(self) -> Mapping[str, Shape]:
        """Weights (out, in, k, k), and one bias per output channel."""
        kernel = (self.in_channels, self.kernel_size, self.kernel_size)
        return {"weight": (self.out_channels, *kernel), "bias": (self.out_channels,)}

    def is_signed(self, input_is_signed: bool) -> bool:
        """Return True: weights have both signs."""
        return True

    def forward(
        self,
        values: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return kernels times windows, plus the bias. The kernels are not flipped."""
        assert weight is not None
        assert bias is not None
        return self._correlate(values, weight) + bias[:, None, None]

    def contributions(self, layer_trace: LayerTrace, channel: int) -> Float64Array:
        """Return each input channel's part of one output map: (in_channels, rows, columns)."""
        weight, _ = layer_trace.parameters
        patches = windows(layer_trace.input, self.window)
        maps = np.zeros(patches.shape[:3])
        kernel = weight[channel].astype(np.float64)
        for u in range(self.kernel_size):
            for v in range(self.kernel_size):
                maps += patches[..., u, v] * kernel[:, u, v, None, None]
        return maps

    def carry(self, layer_trace: LayerTrace, part: Float64Array) -> Float64Array:
        """Return the convolution of `part` without the bias."""
        weight, _ = layer_trace.parameters
        return self._correlate(part, weight)

    def strengthen(self, layer_trace: LayerTrace, strength: Float64Array) -> Float64Array:
        """Return, for each output, the largest strength times weight under its window."""
        weight, _ = layer_trace.parameters
        patches = windows(strength, self.window)
        reached = np.zeros((self.out_channels, *patches.shape[1:3]))
        # Only a small part of the maps is reached, so the rest is not computed.
        rows, columns = np.nonzero(patches.any(axis=(0, 3, 4)))
        if rows.size:
            patches = patches[:, rows, columns]
            for channel, kernel in enumerate(np.abs(weight)):
                best = (patches * kernel[:, None]).max(axis=(0, 2, 3))
                reached[channel, rows, columns] = best
        return reached

    def step_back(
        self, layer_trace: LayerTrace, strength: Float64Array, index: Index
    ) -> tuple[Index, float]:
        """Return the cell of the window with the largest strength times weight."""
        channel, row, column = index
        window, kernel = self.window, layer_trace.parameters[0][channel]
        patch = windows(strength, window)[:, row, column]
        source, u, v = strongest(patch * np.abs(kernel))
        cell = (source, window.cells(row)[u], window.cells(column)[v])
        return cell, float(kernel[source, u, v])

    def _correlate(self, maps: npt.NDArray[np.floating], weight: FloatArray) -> Float64Array:
        """Return the sums of products, without the bias: (out_channels, rows, columns)."""
        shape = self.output_shape(maps.shape)
        _, rows, columns = shape
        border, step = self.padding, self.stride
        padded = np.pad(maps.astype(np.float64), ((0, 0), (border, border), (border, border)))
        output = np.zeros(shape)
        for u in range(self.kernel_size):
            for v in range(self.kernel_size):
                top, left = u * self.dilation, v * self.dilation
                tap = padded[:, top : top + rows * step : step, left : left + columns * step : step]
                output += np.tensordot(weight[:, :, u, v].astype(np.float64), tap, axes=1)
        return output
