"""From a prepared graph to a network of cnnviz: layers with names and sizes, and their weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.graph import ImportedGraph, Node, shapes_of
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import Addition, Convolution, Dense, Flattening, Pooling, Rectifier
from cnnviz.layers import (
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    ReLU6,
    Shape,
)
from cnnviz.model.architecture import INPUT, Architecture, InputDescription
from cnnviz.model.architecture import INPUT as PICTURE
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
        sources = tuple(names.get(name, PICTURE) for name in node.inputs)
        inputs = () if node.inputs == (before,) else sources
        layer = _layer(node, names[node.name], shapes[node.inputs[0]], inputs)
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


def _layer(node: Node, name: str, shape: Shape, inputs: tuple[str, ...]) -> Layer:
    operation = node.operation
    if isinstance(operation, Convolution):
        return Conv2d(
            name,
            in_channels=shape[0],
            out_channels=len(operation.weight),
            kernel_size=(operation.weight.shape[2], operation.weight.shape[3]),
            stride=operation.stride,
            padding=operation.padding,
            dilation=operation.dilation,
            groups=operation.groups,
            inputs=inputs,
        )
    if isinstance(operation, Dense):
        out_features, in_features = operation.weight.shape
        return Linear(name, in_features=in_features, out_features=out_features, inputs=inputs)
    if isinstance(operation, Rectifier):
        return (
            ReLU(name, inputs=inputs) if operation.ceiling is None else ReLU6(name, inputs=inputs)
        )
    if isinstance(operation, Pooling):
        return _pooling(node, operation, name, shape, inputs)
    if isinstance(operation, Addition):
        return Add(name, inputs=inputs)
    if isinstance(operation, Flattening):
        return Flatten(name, inputs=inputs)
    raise TypeError(f"no layer is known for {type(operation).__name__}")


def _pooling(
    node: Node, operation: Pooling, name: str, shape: Shape, inputs: tuple[str, ...]
) -> Layer:
    kernel_size = operation.kernel_size or (shape[1], shape[2])
    stride = operation.stride if operation.kernel_size else kernel_size
    if operation.dilation != (1, 1):
        raise UserError(
            f"layer '{node.origin}' pools cells that are {operation.dilation} apart; only pooling "
            "of neighbours can be shown"
        )
    top, left, bottom, right = operation.padding
    if max(top, bottom) >= kernel_size[0] or max(left, right) >= kernel_size[1]:
        raise UserError(
            f"layer '{node.origin}' pools windows of nothing but padding; give it less padding"
        )
    if operation.kind == "max":
        return MaxPool2d(name, kernel_size, stride, operation.padding, inputs=inputs)
    counts = operation.counts_padding or not any(operation.padding)
    return AvgPool2d(
        name, kernel_size, stride, operation.padding, count_include_pad=counts, inputs=inputs
    )


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
    kinds = Counter(_kind(node) for node in nodes)
    taken: set[str] = set()
    names = {}
    for node in nodes:
        kind = _kind(node)
        numbers[kind] += 1
        made = kind if kind == "flatten" and kinds[kind] == 1 else f"{kind}_{numbers[kind]}"
        if node is nodes[-1]:
            made = LAST
        name = _cleaned(node.label) or made
        stem, tries = name, 1
        while name in taken or name in TAKEN_NAMES or name == PICTURE:
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


def _kind(node: Node) -> str:
    operation = node.operation
    if isinstance(operation, Pooling):
        return "max_pool" if operation.kind == "max" else "avg_pool"
    if isinstance(operation, Rectifier):
        return "relu" if operation.ceiling is None else "relu6"
    words = {Convolution: "conv", Dense: "linear", Addition: "add", Flattening: "flatten"}
    word = words.get(type(operation))
    if word is None:
        raise UserError(f"layer '{quote(node.origin)}' has no place in a network of cnnviz")
    return word
