"""Traces to test on: made by torch alone, so that nothing of ours checks itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import strategies as st
from torch import nn

from cnnviz.layers import Add, AvgPool2d, Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU, ReLU6
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.model.trace import LayerTrace, Trace

CNN_EXPLAINER = Path(__file__).parents[2] / "shared" / "data" / "cnn-explainer"

TraceBuilder = Callable[..., Trace]

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
        case ReLU():
            return nn.ReLU()
        case ReLU6():
            return nn.ReLU6()
        case MaxPool2d():
            pool = nn.MaxPool2d(layer.window.kernel_sizes, layer.window.strides)
            return Padded(pool, layer, -torch.inf) if any(layer.window.paddings) else pool
        case AvgPool2d():
            mean = nn.AvgPool2d(layer.window.kernel_sizes, layer.window.strides)
            return Padded(mean, layer) if any(layer.window.paddings) else mean
        case Add():
            return TwoSummed()
        case Flatten():
            return nn.Flatten()
        case Linear():
            return nn.Linear(layer.in_features, layer.out_features)


class TwoSummed(nn.Module):
    def forward(self, first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
        return torch.add(first, second)


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


@st.composite
def conv_layers(draw: st.DrawFn, channels: int, height: int, width: int, name: str) -> Conv2d:
    padding = draw(st.integers(0, 2))
    room = min(height, width) + 2 * padding
    kernel = draw(st.integers(1, min(4, room)))
    dilation = draw(st.integers(1, max(1, min(3, (room - 1) // max(1, kernel - 1)))))
    out = draw(st.integers(1, 4))
    return Conv2d(name, channels, out, kernel, draw(st.integers(1, 3)), padding, dilation)


@st.composite
def pool_layers(draw: st.DrawFn, height: int, width: int, name: str) -> MaxPool2d:
    kernel = draw(st.integers(1, min(3, height, width)))
    return MaxPool2d(name, kernel, draw(st.integers(1, 4)))


@st.composite
def network_traces(draw: st.DrawFn) -> Trace:
    """Up to five random layers on maps, a flatten, and one or two linear layers."""
    shape = tuple(draw(st.tuples(st.integers(1, 3), st.integers(2, 9), st.integers(2, 9))))
    layers: list[Layer] = []
    current = shape
    for index in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["conv", "relu", "pool", "mean"]))
        channels, height, width = current
        if kind == "conv":
            layer: Layer = draw(conv_layers(channels, height, width, f"conv_{index}"))
        elif kind == "relu":
            layer = ReLU(f"relu_{index}")
        else:
            layer = draw(pool_layers(height, width, f"{kind}_{index}"))
            if kind == "mean":
                layer = AvgPool2d(layer.name, layer.kernel_size, layer.stride)
        layers.append(layer)
        current = layer.output_shape(current)
    layers.append(Flatten("flatten"))
    features = int(np.prod(current))
    if draw(st.booleans()):
        layers += [Linear("hidden", features, 5), ReLU("hidden_relu")]
        features = 5
    layers.append(Linear("output", features, draw(st.integers(2, 4))))
    seed = draw(st.integers(0, 2**32 - 1))
    return build_trace(layers, shape, seed, normalised=draw(st.booleans()))


PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def any_conv_layers(draw: st.DrawFn, shape: tuple[int, ...], name: str, source: str) -> Conv2d:
    """Rectangular, padded anyhow, grouped, depthwise or with a single cell."""
    channels, height, width = shape
    kernel = draw(PAIRS)
    padding = tuple(draw(st.integers(0, 2)) for _ in range(4))
    room = (height + padding[0] + padding[2], width + padding[1] + padding[3])
    kernel = tuple(min(each, most) for each, most in zip(kernel, room, strict=True))
    dilation = tuple(
        draw(st.integers(1, max(1, min(2, (most - 1) // max(1, each - 1)))))
        for each, most in zip(kernel, room, strict=True)
    )
    groups = draw(st.sampled_from([each for each in (1, 2, 3, 4) if channels % each == 0]))
    out = groups * draw(st.integers(1, 2)) if draw(st.booleans()) else channels
    stride = draw(PAIRS)
    return Conv2d(name, channels, out, kernel, stride, padding, dilation, groups, inputs=(source,))


@st.composite
def graph_traces(draw: st.DrawFn) -> Trace:
    """Random layers of all kinds, some of which meet in additions."""
    shape = tuple(draw(st.tuples(st.sampled_from([1, 3]), st.integers(3, 8), st.integers(3, 8))))
    shapes = {"input": shape}
    layers: list[Layer] = []
    for index in range(draw(st.integers(1, 6))):
        source = draw(st.sampled_from(list(shapes)[-2:][index == 1 :]))
        entering, name = shapes[source], f"layer_{index}"
        kinds = ["conv", "conv", "relu", "relu6", "pool", "mean", "add"]
        kind = draw(st.sampled_from(kinds)) if index else "conv"
        alike = [each for each, other in shapes.items() if other == entering]
        size = tuple(min(each, most) for each, most in zip(draw(PAIRS), entering[1:], strict=True))
        padding = tuple(draw(st.integers(0, side - 1)) for side in size * 2)
        layer: Layer
        if kind == "conv":
            layer = draw(any_conv_layers(entering, name, source))
        elif kind == "pool":
            layer = MaxPool2d(name, size, draw(PAIRS), padding, inputs=(source,))
        elif kind == "mean":
            layer = AvgPool2d(
                name,
                size,
                draw(PAIRS),
                padding,
                count_include_pad=draw(st.booleans()),
                inputs=(source,),
            )
        elif kind == "add":
            layer = Add(name, inputs=(source, draw(st.sampled_from(alike))))
        else:
            layer = (ReLU if kind == "relu" else ReLU6)(name, inputs=(source,))
        layers.append(layer)
        shapes[name] = layer.output_shape(entering)
    last = layers[-1].name
    features = int(np.prod(shapes[last]))
    layers += [Flatten("flatten"), Linear("hidden", features, 4), ReLU6("gate")]
    if draw(st.booleans()):
        layers += [Linear("second", 4, 4), Add("skip", inputs=("second", "gate"))]
    layers.append(Linear("output", 4, 3))
    seed = draw(st.integers(0, 2**32 - 1))
    layers = _read_ones(layers)
    return build_trace(layers, shape, seed, normalised=draw(st.booleans()), spread=4)


def _read_ones(layers: list[Layer]) -> list[Layer]:
    """Without the layers that lead nowhere."""
    read = {layers[-1].name}
    kept = []
    for layer, before in reversed(list(zip(layers, [None, *layers], strict=False))):
        if layer.name in read:
            kept.append(layer)
            read.update(layer.inputs or (before.name if before else "input",))
    return kept[::-1]


@st.composite
def conv_traces(draw: st.DrawFn) -> LayerTrace:
    shape = tuple(draw(st.tuples(st.integers(1, 4), st.integers(1, 12), st.integers(1, 12))))
    layer = draw(conv_layers(*shape, "conv"))
    return build_trace([layer], shape, draw(st.integers(0, 2**32 - 1))).layers[0]


@st.composite
def pool_traces(draw: st.DrawFn) -> LayerTrace:
    shape = tuple(draw(st.tuples(st.integers(1, 3), st.integers(1, 12), st.integers(1, 12))))
    layer = draw(pool_layers(*shape[1:], "pool"))
    seed, levels = draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([1, 3, 1000]))
    return build_trace([layer], shape, seed, levels=levels).layers[0]


def tiny_vgg_layers(classes: int = 10) -> list[Layer]:
    return [
        Conv2d("conv_1_1", 3, 10, 3),
        ReLU("relu_1_1"),
        Conv2d("conv_1_2", 10, 10, 3),
        ReLU("relu_1_2"),
        MaxPool2d("max_pool_1", 2, 2),
        Conv2d("conv_2_1", 10, 10, 3),
        ReLU("relu_2_1"),
        Conv2d("conv_2_2", 10, 10, 3),
        ReLU("relu_2_2"),
        MaxPool2d("max_pool_2", 2, 2),
        Flatten("flatten"),
        Linear("output", 1690, classes),
    ]


@pytest.fixture(scope="session")
def make_trace() -> TraceBuilder:
    return build_trace


@pytest.fixture(scope="session")
def modules_of() -> Callable[[Trace], nn.Sequential]:
    return torch_modules


@pytest.fixture(scope="session")
def any_network() -> st.SearchStrategy[Trace]:
    return network_traces()


@pytest.fixture(scope="session")
def any_graph() -> st.SearchStrategy[Trace]:
    return graph_traces()


@pytest.fixture(scope="session")
def any_conv() -> st.SearchStrategy[LayerTrace]:
    return conv_traces()


@pytest.fixture(scope="session")
def any_pool() -> st.SearchStrategy[LayerTrace]:
    return pool_traces()


@pytest.fixture(scope="session")
def tiny_vgg() -> Trace:
    """Tiny VGG's shapes, random weights, random picture."""
    return build_trace(tiny_vgg_layers(), (3, 64, 64), seed=7)


@pytest.fixture(scope="session")
def espresso() -> tuple[Trace, dict[str, npt.NDArray[np.float32]]]:
    """CNN Explainer's weights on its espresso, and its own activations as (channels, ...)."""
    if not CNN_EXPLAINER.is_dir():
        pytest.skip("CNN Explainer's reference is not here")
    flat = np.fromfile(CNN_EXPLAINER / "group1-shard1of1.bin", "<f4")
    manifest = json.loads((CNN_EXPLAINER / "model.json").read_text())["weightsManifest"]
    tensors = {}
    for entry in manifest[0]["weights"]:
        size = int(np.prod(entry["shape"]))
        tensors[entry["name"]], flat = flat[:size].reshape(entry["shape"]), flat[size:]
    dense = tensors["output/kernel"]
    tensors["output/kernel"] = (
        dense.reshape(13, 13, 10, 10).transpose(2, 0, 1, 3).reshape(1690, 10).T
    )
    layers = tiny_vgg_layers()
    modules = nn.Sequential(*(torch_module(layer) for layer in layers))
    with torch.no_grad():
        for layer, module in zip(layers, modules, strict=True):
            if f"{layer.name}/kernel" in tensors:
                kernel = tensors[f"{layer.name}/kernel"]
                weight = kernel.transpose(3, 2, 0, 1) if kernel.ndim == 4 else kernel
                module.weight.copy_(torch.tensor(weight.copy()))
                module.bias.copy_(torch.tensor(tensors[f"{layer.name}/bias"]))
    stored = dict(np.load(CNN_EXPLAINER / "activations_espresso_1.npz"))
    picture = (stored.pop("input_uint8") / np.float32(255)).transpose(2, 0, 1)
    reference = {
        name: each.transpose(2, 0, 1) if each.ndim == 3 else each for name, each in stored.items()
    }
    classes = json.loads((CNN_EXPLAINER / "reference.json").read_text())["classes"]
    description = InputDescription(3, 64, 64, (0.0,) * 3, (1.0,) * 3)
    architecture = Architecture("tiny_vgg", description, tuple(layers), tuple(classes))
    return run(architecture, modules, picture), reference
