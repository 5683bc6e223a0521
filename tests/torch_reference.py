"""Traces to test on: made by torch alone, so that nothing of ours checks itself."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
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
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.model.trace import LayerTrace, Trace

torch.set_num_threads(1)


class Padded(nn.Module):
    """A module on maps with zeros (or another number) around them, as torch pads."""

    def __init__(self, module: nn.Module, layer: Layer, fill: float = 0.0) -> None:
        super().__init__()
        self.module, self.fill = module, fill
        top, left, bottom, right = layer.window.paddings
        self.edges = (left, right, top, bottom)
        self.leaves_out_padding = not getattr(layer, "count_include_pad", True)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        def run(maps: torch.Tensor) -> torch.Tensor:
            return self.module(nn.functional.pad(maps, self.edges, value=self.fill))

        means = run(values)
        return means / run(torch.ones_like(values)) if self.leaves_out_padding else means


def torch_module(layer: Layer) -> nn.Module:
    match layer:
        case Conv2d():
            window = layer.window
            top, left, bottom, right = window.paddings
            is_even = (top, left) == (bottom, right)
            made = nn.Conv2d(
                layer.in_channels,
                layer.out_channels,
                window.kernel_sizes,
                window.strides,
                (top, left) if is_even else 0,
                window.dilations,
                layer.groups,
            )
            return made if is_even else Padded(made, layer)
        case MaxPool2d():
            pool = nn.MaxPool2d(layer.window.kernel_sizes, layer.window.strides)
            return Padded(pool, layer, -torch.inf) if any(layer.window.paddings) else pool
        case AvgPool2d():
            mean = nn.AvgPool2d(layer.window.kernel_sizes, layer.window.strides)
            return Padded(mean, layer) if any(layer.window.paddings) else mean
        case Linear():
            return nn.Linear(layer.in_features, layer.out_features)
        case LeakyReLU(negative_slope=tuple() as slopes):
            return Sloped(slopes)
        case LeakyReLU():
            return nn.LeakyReLU(layer.negative_slope)
    made: type[nn.Module] = {
        ReLU: nn.ReLU,
        ReLU6: nn.ReLU6,
        Add: TwoSummed,
        Concat: Stacked,
        Flatten: nn.Flatten,
    }[type(layer)]
    return made()


class Sloped(nn.Module):
    """PReLU whose slopes are no parameters."""

    def __init__(self, slopes: tuple[float, ...]) -> None:
        super().__init__()
        self.slopes = slopes

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return nn.functional.prelu(values, torch.tensor(self.slopes, dtype=values.dtype))


class TwoSummed(nn.Module):
    def forward(self, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        return torch.add(first, second)


class Stacked(nn.Module):
    def forward(self, *branches: torch.Tensor) -> torch.Tensor:
        return torch.hstack(branches)


class Graph(nn.Sequential):
    """A network of random layers, run by names, whatever order ours uses."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__(*map(torch_module, architecture.layers))
        self.sources = [architecture.sources_of(layer.name) for layer in architecture.layers]
        self.names = [layer.name for layer in architecture.layers]

    def outputs(self, values: torch.Tensor, name: str = "input") -> dict[str, torch.Tensor]:
        """What every layer behind `name` gives, if that one gives `values`."""
        found = {name: values}
        first = 0 if name == "input" else self.names.index(name) + 1
        for own, sources, module in list(zip(self.names, self.sources, self, strict=True))[first:]:
            found[own] = module(*(found[source] for source in sources))
        return found

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return self.outputs(values)[self.names[-1]]


def in_torch(architecture: Architecture) -> nn.Sequential:
    if not any(layer.inputs for layer in architecture.layers):
        return nn.Sequential(*map(torch_module, architecture.layers))
    return Graph(architecture)


def torch_modules(trace: Trace) -> nn.Sequential:
    """The network that made a trace, in float64."""
    modules = in_torch(trace.architecture).double()
    with torch.no_grad():
        for module, entry in zip(modules, trace.layers, strict=True):
            if entry.weight is not None:
                weight, bias = module.parameters()
                weight.copy_(torch.tensor(entry.weight))
                bias.copy_(torch.tensor(entry.bias))
    return modules


def run(architecture: Architecture, modules: nn.Module, picture: npt.NDArray[np.float32]) -> Trace:
    mean = np.array(architecture.input.mean, np.float32)[:, None, None]
    std = np.array(architecture.input.std, np.float32)[:, None, None]
    found = {"input": torch.tensor((picture - mean) / std)[None]}
    layers = []
    with torch.no_grad():
        for layer, module in zip(architecture.layers, modules, strict=True):
            inputs = [found[source] for source in architecture.sources_of(layer.name)]
            found[layer.name] = output = module(*inputs)
            weight, bias = [each.numpy() for each in module.parameters()] or (None, None)
            read = tuple(each[0].numpy() for each in inputs)
            layers.append(LayerTrace(layer, weight, bias, read, output[0].numpy()))
    logits = output[0]
    photo = np.zeros((*picture.shape[1:], 3), np.uint8)
    probabilities = torch.softmax(logits, 0).numpy()
    return Trace(architecture, picture, photo, tuple(layers), logits.numpy(), probabilities)


def build_trace(
    layers: list[Layer],
    shape: tuple[int, int, int],
    seed: int = 0,
    picture: npt.NDArray[np.float32] | None = None,
    *,
    normalised: bool = False,
    levels: int = 10,
    spread: float = 1.0,
) -> Trace:
    """Run random weights on a random picture of few levels, so that values tie.

    With a `spread` values are so large that ReLU6 holds some at 6.
    """
    rng = np.random.default_rng(seed)
    channels, height, width = shape
    mean, std = ((0.5,), (0.25,)) if normalised else ((0.0,), (1.0,))
    description = InputDescription(channels, height, width, mean * channels, std * channels)
    last = layers[-1]
    count = last.out_features if isinstance(last, Linear) else 2
    classes = tuple(f"class {index}" for index in range(count))
    architecture = Architecture("random", description, tuple(layers), classes)
    if picture is None:
        picture = (rng.integers(0, levels + 1, shape) * spread / levels).astype(np.float32)
    modules = in_torch(architecture)
    with torch.no_grad():
        for parameter in modules.parameters():
            parameter.copy_(torch.tensor(rng.normal(0, 0.5, parameter.shape)))
    return run(architecture, modules, picture)
