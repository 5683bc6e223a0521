"""From a prepared graph to a network of cnnviz: layers with names and sizes, and their weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.graph import ImportedGraph, Node, shapes_of
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import (
    Addition,
    Concatenation,
    Convolution,
    Dense,
    Flattening,
    Leak,
    Operation,
    Pooling,
    Rectifier,
)
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
    Shape,
)
from cnnviz.model.architecture import INPUT, Architecture, InputDescription
from cnnviz.network import Network
from cnnviz.network.limits import MAX_NAME_LENGTH
from cnnviz.network.validation import LAYER_NAME, TAKEN_NAMES

LAST = "output"
"""What the layer that gives the scores is called where names are made."""


@dataclass(frozen=True, eq=False)
class NamedLayer:
    """A layer of the network, and where it comes from.

    Attributes
    ----------
    weight, bias
        Its numbers; None where it has none.
    origin
        What the file calls it.
    """

    layer: Layer
    weight: FloatArray | None
    bias: Float64Array | None
    origin: str


def lower(graph: ImportedGraph) -> tuple[NamedLayer, ...]:
    """Return the layers of a prepared graph, in order.

    Parameters
    ----------
    graph
        Of nodes that are layers; see :mod:`.folding`. Those without a label get a name made of
        kind and number, such as ``conv_1``.

    Raises
    ------
    UserError
        If a node's sizes cannot be a layer's; names it.
    """
    graph = _with_sums_of_two(graph)
    shapes = shapes_of(graph)
    names = _names(graph.nodes)
    found = []
    before = INPUT
    for node in graph.nodes:
        sources = tuple(names.get(name, INPUT) for name in node.inputs)
        inputs = () if node.inputs == (before,) else sources
        sizes = _sizes(node, shapes[node.inputs[0]])
        layer = _kind(node)(names[node.name], **sizes, inputs=inputs)
        operation = node.operation
        weight, bias = None, None
        if isinstance(operation, Convolution | Dense):
            weight, bias = operation.weight, operation.bias
        found.append(NamedLayer(layer, weight, bias, node.origin))
        before = node.name
    return tuple(found)


def build_network(
    layers: Sequence[NamedLayer],
    name: str,
    input: InputDescription,  # noqa: A002  (the network's own word for it)
    classes: Sequence[str],
) -> Network:
    """Return the network with these layers and their weights.

    Raises
    ------
    UserError
        If it is no network that cnnviz shows, or a weight is no finite number.
    """
    architecture = Architecture(
        name=name, input=input, layers=tuple(each.layer for each in layers), classes=tuple(classes)
    )
    network = Network.build(architecture)
    for each in layers:
        if each.weight is None or each.bias is None:
            continue
        module = network.module.get_submodule(each.layer.name)
        for key, values in (("weight", each.weight), ("bias", each.bias)):
            if not np.isfinite(values).all() or np.abs(values).max() > np.finfo(np.float32).max:
                raise UserError(
                    f"layer '{each.origin}' has a {key} that is no finite number; train it again"
                )
            with torch.no_grad():
                module.get_parameter(key).copy_(torch.from_numpy(values.astype(np.float32)))
    return network


def _kind(node: Node) -> type[Layer]:
    kind = KINDS.get(type(node.operation))
    if kind is None:
        raise UserError(f"layer '{quote(node.origin)}' has no place in a network of cnnviz")
    return kind(node.operation)


KINDS: Mapping[type[Operation], Callable[[Any], type[Layer]]] = {
    Convolution: lambda operation: Conv2d,
    Dense: lambda operation: Linear,
    Rectifier: lambda operation: ReLU if operation.ceiling is None else ReLU6,
    Leak: lambda operation: LeakyReLU,
    Pooling: lambda operation: MaxPool2d if operation.kind == "max" else AvgPool2d,
    Addition: lambda operation: Add,
    Concatenation: lambda operation: Concat,
    Flattening: lambda operation: Flatten,
}
"""Which kind of layer each operation becomes."""


def _sizes(node: Node, shape: Shape) -> dict[str, Any]:
    """Return the sizes of a node's layer, which reads values of that shape."""
    operation = node.operation
    if isinstance(operation, Convolution):
        return {
            "in_channels": shape[0],
            "out_channels": len(operation.weight),
            "kernel_size": (operation.weight.shape[2], operation.weight.shape[3]),
            "stride": operation.stride,
            "padding": operation.padding,
            "dilation": operation.dilation,
            "groups": operation.groups,
        }
    if isinstance(operation, Dense):
        out_features, in_features = operation.weight.shape
        return {"in_features": in_features, "out_features": out_features}
    if isinstance(operation, Leak):
        return {"negative_slope": operation.negative_slope}
    if isinstance(operation, Pooling):
        return _pooling_sizes(operation, shape, node.origin)
    return {}


def _pooling_sizes(operation: Pooling, shape: Shape, origin: str) -> dict[str, Any]:
    kernel_size = operation.kernel_size or (shape[1], shape[2])
    stride = operation.stride if operation.kernel_size else kernel_size
    if operation.dilation != (1, 1):
        raise UserError(
            f"layer '{origin}' pools cells that are {operation.dilation} apart; only pooling "
            "of neighbours can be shown"
        )
    top, left, bottom, right = operation.padding
    if max(top, bottom) >= kernel_size[0] or max(left, right) >= kernel_size[1]:
        raise UserError(
            f"layer '{origin}' pools windows of nothing but padding; give it less padding"
        )
    sizes = {"kernel_size": kernel_size, "stride": stride, "padding": operation.padding}
    if operation.kind == "max":
        return sizes
    counts = operation.counts_padding or not any(operation.padding)
    return {**sizes, "count_include_pad": counts}


def _with_sums_of_two(graph: ImportedGraph) -> ImportedGraph:
    """Make a sum of several branches sums of two."""
    nodes: list[Node] = []
    for node in graph.nodes:
        inputs = node.inputs
        while isinstance(node.operation, Addition) and len(inputs) > 2:
            name = f"{node.name}.{len(inputs)}"
            nodes.append(Node(name, Addition(), inputs[:2], node.origin))
            inputs = (name, *inputs[2:])
        nodes.append(replace(node, inputs=inputs))
    return replace(graph, nodes=tuple(nodes))


def _names(nodes: Sequence[Node]) -> dict[str, str]:
    """Return each node's name in the network."""
    numbers: Counter[str] = Counter()
    kinds = Counter(_kind(node).kind for node in nodes)
    taken: set[str] = set()
    names = {}
    for node in nodes:
        kind = _kind(node).kind
        numbers[kind] += 1
        made = kind if kind == Flatten.kind and kinds[kind] == 1 else f"{kind}_{numbers[kind]}"
        if node is nodes[-1]:
            made = LAST
        name = _cleaned(node.label) or made
        stem, tries = name, 1
        while name in taken or name in TAKEN_NAMES or name == INPUT:
            tries += 1
            name = f"{stem}_{tries}"
        taken.add(name)
        names[node.name] = name
    return names


def _cleaned(label: str) -> str:
    """Return a file's name of a layer as a name of ours; empty where it cannot be."""
    name = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    is_name = LAYER_NAME.fullmatch(name) and len(name) <= MAX_NAME_LENGTH
    return name if is_name else ""
