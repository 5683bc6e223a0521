"""The kinds of layers: one object for each says all that makes it what it is.

A new kind is a subclass of :class:`Layer` in a file of its own and one line in `KINDS`, its torch
module in ``network/network.py``, its arithmetic in ``cli/value_report.py`` and its captions.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnnviz.layers.add import Add
from cnnviz.layers.avg_pool import AvgPool2d
from cnnviz.layers.base import Layer, Shape
from cnnviz.layers.concat import Concat
from cnnviz.layers.conv import Conv2d
from cnnviz.layers.flatten import Flatten
from cnnviz.layers.layer_trace import LayerTrace
from cnnviz.layers.leaky_relu import LeakyReLU
from cnnviz.layers.linear import Linear
from cnnviz.layers.max_pool import MaxPool2d
from cnnviz.layers.relu import ReLU
from cnnviz.layers.relu6 import ReLU6

KINDS: Mapping[str, type[Layer]] = MappingProxyType(
    {
        each.kind: each
        for each in (
            *(Conv2d, ReLU, ReLU6, LeakyReLU, MaxPool2d, AvgPool2d),
            *(Add, Concat, Flatten, Linear),
        )
    }
)
"""Every kind of layer, by the word that descriptions use."""

__all__ = [
    "KINDS",
    "Add",
    "AvgPool2d",
    "Concat",
    "Conv2d",
    "Flatten",
    "Layer",
    "LayerTrace",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "ReLU",
    "ReLU6",
    "Shape",
]
