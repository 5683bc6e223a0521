"""Convolution: weighted sums of the cells under a window that slides over channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.layers.base import Index, Shape, stride_of, strongest
from cnnviz.layers.layer_trace import LayerTrace, Step
from cnnviz.layers.windowed import SAME, SAME_LOWER, WindowedLayer, described_padding
from cnnviz.layers.windows import Padding, Pair, WindowGeometry, windows


@dataclass(frozen=True, init=False)
class Conv2d(WindowedLayer):
    """A convolution over all input channels, or in `groups` that each see their own part.

    With as many groups as channels it is depthwise: each channel has a kernel of its own, and
    none is mixed with another.

    Parameters
    ----------
    kernel_size, stride, dilation
        One number, or (rows, columns).
    padding
        One number, (rows, columns), or (top, left, bottom, right); always of zeros.
    groups
        Divides both numbers of channels. Group g makes the g-th part of the output channels
        from the g-th part of the input's.
    """

    kind = "conv"
    noun = "convolution"
    adds_up = True
    required_keys = ("out_channels", "kernel_size")
    optional_keys = ("stride", "padding", "dilation", "groups")
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"padding": (SAME, SAME_LOWER)}
    input_key = "in_channels"

    in_channels: int
    out_channels: int
    groups: int

    def __init__(
        self,
        name: str,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Padding = 0,
        dilation: Pair = 1,
        groups: int = 1,
        *,
        inputs: tuple[str, ...] = (),
    ) -> None:
        window = WindowGeometry(kernel_size, stride, padding, dilation)
        self._set(name=name, inputs=inputs, geometry=window)
        self._set(in_channels=in_channels, out_channels=out_channels, groups=groups)

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means: one window step by default."""
        kernel_size, stride = sizes["kernel_size"], stride_of(sizes, 1)
        return cls(
            name=name,
            in_channels=shape[0],
            out_channels=sizes["out_channels"],
            kernel_size=kernel_size,
            stride=stride,
            padding=described_padding(sizes, shape, kernel_size, stride),
            dilation=sizes.get("dilation", 1),
            groups=sizes.get("groups", 1),
        )

    def conflict(self) -> str | None:
        """Return which number of channels cannot be cut into its groups."""
        for key in ("in_channels", "out_channels"):
            if getattr(self, key) % self.groups:
                return f"{key} is {getattr(self, key)}, which {self.groups} groups do not divide"
        return None

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, both (channels, height, width)."""
        return self.window.output_shape(self.out_channels, shape)

    @property
    def parameter_shapes(self) -> Mapping[str, Shape]:
        """Weights (out, in / groups, k, k), and one bias per output channel."""
        kernel = (self.in_channels // self.groups, *self.window.kernel_sizes)
        return {"weight": (self.out_channels, *kernel), "bias": (self.out_channels,)}

    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return True: weights have both signs."""
        return True

    @property
    def joins_all(self) -> bool:
        """Whether each output is made from all channels: there is one group."""
        return self.groups == 1

    @property
    def keeps_channels(self) -> bool:
        """Whether it is depthwise: several channels, each made from the one of its number."""
        return self.groups == self.in_channels == self.out_channels and not self.joins_all

    def feeding(self, channel: int) -> range:
        """Return the channels of the input that one output channel's group sees."""
        size = self.in_channels // self.groups
        group = channel // (self.out_channels // self.groups)
        return range(group * size, (group + 1) * size)

    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return kernels times windows, plus the bias. The kernels are not flipped."""
        assert weight is not None
        assert bias is not None
        (values,) = inputs
        return self._correlate(values, weight) + bias[:, None, None]

    def contributions(self, layer_trace: LayerTrace, channel: int) -> Float64Array:
        """Return each source channel's part of one output map: (sources, rows, columns)."""
        weight, _ = layer_trace.parameters
        feeding = self.feeding(channel)
        patches = windows(layer_trace.input[feeding.start : feeding.stop], self.window)
        maps = np.zeros(patches.shape[:3])
        kernel = weight[channel].astype(np.float64)
        for u, v in np.ndindex(self.window.kernel_sizes):
            maps += patches[..., u, v] * kernel[:, u, v, None, None]
        return maps

    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return the convolution of the part without the bias."""
        (part,) = parts
        weight, _ = layer_trace.parameters
        return self._correlate(part, weight)

    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return, for each output, the largest strength times weight under its window."""
        (strength,) = strengths
        weight, _ = layer_trace.parameters
        patches = windows(strength, self.window)
        reached = np.zeros((self.out_channels, *patches.shape[1:3]))
        # Only a small part of the maps is reached, so the rest is not computed.
        rows, columns = np.nonzero(patches.any(axis=(0, 3, 4)))
        if rows.size:
            patches = patches[:, rows, columns]
            for channel, kernel in enumerate(np.abs(weight)):
                feeding = self.feeding(channel)
                seen = patches[feeding.start : feeding.stop]
                reached[channel, rows, columns] = (seen * kernel[:, None]).max(axis=(0, 2, 3))
        return reached

    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the cell of the window with the largest strength times weight."""
        (strength,) = strengths
        channel, row, column = index
        window, kernel = self.window, layer_trace.parameters[0][channel]
        feeding = self.feeding(channel)
        patch = windows(strength[feeding.start : feeding.stop], window)[:, row, column]
        source, u, v = strongest(patch * np.abs(kernel))
        cell = (feeding[source], window.rows.cells(row)[u], window.columns.cells(column)[v])
        return Step(cell, float(kernel[source, u, v]))

    def flows(self, layer_trace: LayerTrace, channels: Sequence[int]) -> Float64Array:
        """Return the sums of the absolute contributions: (channels, sources)."""
        if self.window.cell_count > 1 or not self.joins_all:
            return super().flows(layer_trace, channels)
        # Of a single cell's window |w x| is |w| |x|: no map has to be made for it.
        weight, _ = layer_trace.parameters
        seen = np.abs(windows(layer_trace.input, self.window))
        sums = seen.sum(axis=(1, 2, 3, 4), dtype=np.float64)
        return np.asarray(np.abs(weight[list(channels), :, 0, 0]) * sums)

    def _correlate(self, maps: npt.NDArray[np.floating], weight: FloatArray) -> Float64Array:
        """Return the sums of products, without the bias: (out_channels, rows, columns)."""
        shape = self.output_shape(maps.shape)
        _, rows, columns = shape
        (down, across), (gap_down, gap_across) = self.window.strides, self.window.dilations
        padded = self.window.pad(maps.astype(np.float64))
        kernels = weight.astype(np.float64)
        output = np.zeros((self.groups, self.out_channels // self.groups, rows, columns))
        for u, v in np.ndindex(self.window.kernel_sizes):
            top, left = u * gap_down, v * gap_across
            tap = padded[:, top : top + rows * down : down, left : left + columns * across : across]
            grouped = tap.reshape(self.groups, -1, rows * columns)
            taps = kernels[:, :, u, v].reshape(self.groups, -1, grouped.shape[1])
            output += (taps @ grouped).reshape(output.shape)
        return output.reshape(shape)
