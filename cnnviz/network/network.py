"""A network: its architecture and the torch module that computes it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import nn

from cnnviz.layers import (
    Add,
    AvgPool2d,
    Concat,
    Conv2d,
    Flatten,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    ReLU,
    ReLU6,
)
from cnnviz.layers.tables import entry_for
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.network.modules import (
    ChannelLeakyReLU,
    Joined,
    LayerGraph,
    PaddedAvgPool2d,
    PaddedConv2d,
    PaddedMaxPool2d,
    Sum,
)
from cnnviz.network.validation import check_architecture


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A feed-forward classifier.

    Attributes
    ----------
    architecture
        Its layers, input description and class names.
    module
        Its named children are the architecture's layers, in order, on the CPU, float32. It
        takes normalised pictures (batch, channels, height, width) and returns logits (batch,
        classes).
    """

    architecture: Architecture
    module: nn.Sequential

    @classmethod
    def build(cls, architecture: Architecture) -> Network:
        """Return a network of that architecture, its weights drawn from torch's generator.

        Raises
        ------
        UserError
            If the architecture does not fit together.
        """
        check_architecture(architecture)
        layers = OrderedDict((layer.name, torch_layer(layer)) for layer in architecture.layers)
        return cls(architecture, torch_graph(architecture, layers).eval())

    @property
    def name(self) -> str:
        """The network's name."""
        return self.architecture.name

    @property
    def input(self) -> InputDescription:
        """The picture it wants."""
        return self.architecture.input

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Its layers' descriptions, in order."""
        return self.architecture.layers

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names, in the order of the logits."""
        return self.architecture.classes

    @property
    def parameter_count(self) -> int:
        """All weights and biases."""
        return self.architecture.parameter_count

    def __repr__(self) -> str:
        """Return what it is called and how large it is."""
        return (
            f"<Network {self.name}: {len(self.layers)} layers, {len(self.classes)} classes, "
            f"{self.parameter_count:,} parameters>"
        )


def torch_graph(architecture: Architecture, layers: OrderedDict[str, nn.Module]) -> nn.Sequential:
    """Return the module that runs `layers`, by name and in order, as the architecture says."""
    if architecture.is_chain:
        return nn.Sequential(layers)
    return LayerGraph(layers, {name: architecture.sources_of(name) for name in layers})


def torch_layer(layer: Layer) -> nn.Module:
    """Return the torch module of one layer.

    Raises
    ------
    TypeError
        If there is none for layers of its kind.
    """
    return entry_for(layer, MODULES, "torch module")(layer)


MODULES: Mapping[type[Layer], Callable[[Any], nn.Module]] = {
    Conv2d: PaddedConv2d,
    ReLU: lambda layer: nn.ReLU(),
    ReLU6: lambda layer: nn.ReLU6(),
    LeakyReLU: lambda layer: ChannelLeakyReLU(np.atleast_1d(layer.negative_slope).tolist()),
    MaxPool2d: PaddedMaxPool2d,
    AvgPool2d: PaddedAvgPool2d,
    Add: lambda layer: Sum(),
    Concat: lambda layer: Joined(),
    Flatten: lambda layer: nn.Flatten(),
    Linear: lambda layer: nn.Linear(layer.in_features, layer.out_features),
}
"""How each kind of layer is made in torch."""
