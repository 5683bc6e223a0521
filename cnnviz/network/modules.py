"""Modules that torch has not: padding that differs from side to side, joins, and graphs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

import torch
from torch import nn
from torch.nn import functional as F

from cnnviz.layers import AvgPool2d, Conv2d, MaxPool2d
from cnnviz.layers.windows import WindowGeometry
from cnnviz.model.architecture import INPUT


class PaddedConv2d(nn.Conv2d):
    """A convolution with padding of its own at each side."""

    def __init__(self, layer: Conv2d) -> None:
        window = layer.window
        super().__init__(
            layer.in_channels,
            layer.out_channels,
            window.kernel_sizes,
            stride=window.strides,
            dilation=window.dilations,
            groups=layer.groups,
        )
        self.window = window
        self.is_depthwise = layer.keeps_channels

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the maps."""
        maps = padded(values, self.window)
        # Torch has no fast way for groups in double precision; tap by tap is 30 times as fast.
        if self.is_depthwise and maps.dtype is torch.float64:
            return self._tap_by_tap(maps)
        return super().forward(maps)

    def _tap_by_tap(self, maps: torch.Tensor) -> torch.Tensor:
        (down, across), (gap_down, gap_across) = self.window.strides, self.window.dilations
        _, rows, columns = self.window.changed(padding=0).output_shape(1, tuple(maps.shape))
        assert self.bias is not None
        bias = self.bias[:, None, None]
        output = bias.expand(len(maps), self.out_channels, rows, columns).clone()
        for u in range(self.window.rows.kernel_size):
            for v in range(self.window.columns.kernel_size):
                top, left = u * gap_down, v * gap_across
                seen = maps[
                    ..., top : top + rows * down : down, left : left + columns * across : across
                ]
                output.addcmul_(self.weight[:, 0, u, v][:, None, None], seen)
        return output


class PaddedMaxPool2d(nn.MaxPool2d):
    """Max pooling with padding, which never wins, of its own at each side."""

    def __init__(self, layer: MaxPool2d) -> None:
        super().__init__(layer.window.kernel_sizes, layer.window.strides)
        self.window = layer.window

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the maps."""
        maps: torch.Tensor = super().forward(padded(values, self.window, -torch.inf))
        return maps


class PaddedAvgPool2d(nn.AvgPool2d):
    """Average pooling with padding of its own at each side, which counts or does not."""

    def __init__(self, layer: AvgPool2d) -> None:
        super().__init__(layer.window.kernel_sizes, layer.window.strides)
        self.window = layer.window
        self.counts_padding = layer.count_include_pad

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the maps."""
        means: torch.Tensor = super().forward(padded(values, self.window))
        if not self.counts_padding:
            means = means / super().forward(padded(torch.ones_like(values), self.window))
        return means


class ChannelLeakyReLU(nn.Module):
    """A leaky ReLU with a slope for each channel, which training leaves as they are."""

    def __init__(self, slopes: Sequence[float]) -> None:
        super().__init__()
        self.register_buffer("slopes", torch.tensor(slopes, dtype=torch.float64), persistent=False)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the values, those below zero times their channel's slope."""
        slopes = self.get_buffer("slopes").to(values.dtype)
        return torch.where(
            values > 0, values, values * slopes.reshape(-1, *(1,) * (values.ndim - 2))
        )


class Sum(nn.Module):
    """The sum of two tensors."""

    def forward(self, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        """Return it."""
        return first + second


class Joined(nn.Module):
    """The channels of several tensors, one after the other."""

    def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
        """Return them."""
        return torch.cat(tensors, dim=1)


class LayerGraph(nn.Sequential):
    """Modules in order, each of which reads the outputs of some before it.

    Parameters
    ----------
    layers
        The modules, by name.
    sources
        For each of them the names of those whose outputs it reads, or ``"input"``.
    """

    def __init__(
        self, layers: OrderedDict[str, nn.Module], sources: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__(layers)
        self.sources = {name: tuple(sources[name]) for name in layers}
        self._last_reader = {source: name for name in layers for source in sources[name]}

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the output of the last one; what nobody reads any more is let go."""
        outputs = {INPUT: values}
        for name, module in self.named_children():
            values = module(*(outputs[source] for source in self.sources[name]))
            for source in self.sources[name]:
                if self._last_reader[source] == name:
                    outputs.pop(source, None)
            outputs[name] = values
        return values


def padded(values: torch.Tensor, window: WindowGeometry, fill: float = 0.0) -> torch.Tensor:
    """Return maps (..., height, width) within their border of padding."""
    top, left, bottom, right = window.paddings
    if not any(window.paddings):
        return values
    return F.pad(values, (left, right, top, bottom), value=fill)
