"""The network as it is trained, and how it becomes the plain network that is kept.

While it learns, each convolution is followed by a batch normalisation, and dropout may stand
before linear layers. Both vanish afterwards: a batch normalisation with fixed statistics is a
scale and a shift per channel, so it is folded into the convolution's weights exactly.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import torch
from torch import nn
from torch.nn import functional as F

from cnnviz.layers import Conv2d, Linear
from cnnviz.model.architecture import INPUT, Architecture
from cnnviz.network.modules import padded
from cnnviz.network.network import Network, torch_graph, torch_layer


class NormalisedConv2d(nn.Module):
    """A convolution without bias, and batch normalisation of its output.

    Attributes
    ----------
    kernels
        (out channels, in channels / groups x kernel rows x columns): one row per output channel,
        because the optimiser of kernels (Muon) works on matrices.
    """

    def __init__(self, layer: Conv2d) -> None:
        super().__init__()
        self.layer = layer
        fan_in = layer.in_channels // layer.groups * layer.window.cell_count
        self.kernels = nn.Parameter(torch.empty(layer.out_channels, fan_in))
        nn.init.kaiming_normal_(self.kernels, nonlinearity="relu")
        self.norm = nn.BatchNorm2d(layer.out_channels)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the normalised maps."""
        layer = self.layer
        maps = F.conv2d(
            padded(values, layer.window),
            self._weight(),
            stride=layer.window.strides,
            dilation=layer.window.dilations,
            groups=layer.groups,
        )
        normalised: torch.Tensor = self.norm(maps)
        return normalised

    def _weight(self) -> torch.Tensor:
        """Return the kernels as (out, in / groups, kernel size, kernel size)."""
        return self.kernels.reshape(self.layer.parameter_shapes["weight"])

    def folded(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the float64 weight and bias of the one convolution that does the same.

        ``norm(x * w) = x * (w g) + (beta - mean g)`` with ``g = gamma / sqrt(var + eps)``.
        """
        norm = self.norm
        assert norm.running_var is not None
        assert norm.running_mean is not None
        gain = norm.weight.double() / torch.sqrt(norm.running_var.double() + norm.eps)
        weight = self._weight().double() * gain[:, None, None, None]
        return weight, norm.bias.double() - norm.running_mean.double() * gain


def trainable_module(architecture: Architecture, dropout: float) -> nn.Sequential:
    """Return the module to train; its children have the layers' names.

    Weights are drawn from torch's global generator. It takes normalised pictures and returns
    logits.
    """
    children: OrderedDict[str, nn.Module] = OrderedDict()
    for layer in architecture.layers:
        module = NormalisedConv2d(layer) if isinstance(layer, Conv2d) else torch_layer(layer)
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0, 0.01)
            nn.init.zeros_(module.bias)
            module = nn.Sequential(nn.Dropout(dropout), module)
        children[layer.name] = module
    return torch_graph(architecture, children)


def fold(module: nn.Sequential, architecture: Architecture) -> Network:
    """Return the plain network that computes what the trained module computes in eval mode.

    The input's normalisation ``(x - mean) / std`` is folded into the first convolution if that
    has no padding: the network then takes pictures in 0..1. With padding it stays in the
    network's input description, because zeros around the picture would no longer mean the
    mean colour.
    """
    first = architecture.layers[0]
    reads_alone = architecture.readers_of(INPUT) == (first.name,)
    if (
        isinstance(first, Conv2d)
        and first.joins_all
        and reads_alone
        and not any(first.window.paddings)
    ):
        plain_input = replace(
            architecture.input,
            mean=(0.0,) * architecture.input.channels,
            std=(1.0,) * architecture.input.channels,
        )
        network = Network.build(replace(architecture, input=plain_input))
    else:
        network = Network.build(architecture)
    for layer in architecture.layers:
        trained, plain = module.get_submodule(layer.name), network.module.get_submodule(layer.name)
        if isinstance(trained, NormalisedConv2d):
            weight, bias = trained.folded()
            if layer is first and network.architecture != architecture:
                weight, bias = _with_normalisation(weight, bias, architecture)
            _copy(weight, bias, plain)
        elif isinstance(layer, Linear):
            linear = trained.get_submodule("1")
            _copy(linear.get_parameter("weight"), linear.get_parameter("bias"), plain)
    return network


def _with_normalisation(
    weight: torch.Tensor, bias: torch.Tensor, architecture: Architecture
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the weight and bias that take x where the given ones take ``(x - mean) / std``."""
    mean = torch.tensor(architecture.input.mean, dtype=torch.float64)[None, :, None, None]
    std = torch.tensor(architecture.input.std, dtype=torch.float64)[None, :, None, None]
    weight = weight / std
    return weight, bias - (weight * mean).sum((1, 2, 3))


@torch.no_grad()
def _copy(weight: torch.Tensor, bias: torch.Tensor, module: nn.Module) -> None:
    module.get_parameter("weight").copy_(weight)
    module.get_parameter("bias").copy_(bias)
