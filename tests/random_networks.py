"""Networks that hypothesis draws: of all kinds of layers, in chains and with branches."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

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
from cnnviz.model.trace import LayerTrace, Trace
from tests.torch_reference import build_trace


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
    """Random layers of all kinds, some of which meet in additions and concatenations."""
    shape = tuple(draw(st.tuples(st.sampled_from([1, 3]), st.integers(3, 8), st.integers(3, 8))))
    shapes = {"input": shape}
    layers: list[Layer] = []
    for index in range(draw(st.integers(1, 6))):
        source = draw(st.sampled_from(list(shapes)[-2:][index == 1 :]))
        entering, name = shapes[source], f"layer_{index}"
        kinds = ["conv", "conv", "relu", "relu6", "pool", "mean", "add", "concat", "leaky"]
        kind = draw(st.sampled_from(kinds)) if index else "conv"
        sized = [each for each, other in shapes.items() if other[1:] == entering[1:]]
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
        elif kind == "leaky":
            count = draw(st.sampled_from([0, 1, entering[0]]))
            slopes = draw(st.tuples(*[st.sampled_from([-0.5, 0.0, 0.25, 1.5])] * max(count, 1)))
            layer = LeakyReLU(name, slopes if count else slopes[0], inputs=(source,))
        elif kind == "concat":
            others = draw(st.lists(st.sampled_from(sized), min_size=1, max_size=2))
            layer = Concat(name, inputs=(source, *others))
        else:
            layer = (ReLU if kind == "relu" else ReLU6)(name, inputs=(source,))
        layers.append(layer)
        shapes[name] = layer.output_shape(layer.joined([shapes[each] for each in layer.inputs]))
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
