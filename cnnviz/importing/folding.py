"""From a file's graph to one of which every node is a layer that cnnviz has.

Each step takes a graph and returns one that computes the same: what does nothing is left out,
borders become a convolution's padding, and batch normalisations, which are a scale and a shift a
channel once a network is trained, become part of the layer before them or after them. One that has
no such neighbour becomes a convolution of its own, 1 x 1 and depthwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from cnnviz.errors import UserError
from cnnviz.importing.graph import INPUT, ImportedGraph, Node, PreparedGraph
from cnnviz.importing.operations import (
    NO_PADDING,
    Affine,
    Convolution,
    Dense,
    Flattening,
    Operation,
    Padding,
    Passing,
    Pooling,
    Rectifier,
    Sides,
    Softmax,
)
from cnnviz.layers import Shape


def prepare(graph: ImportedGraph) -> PreparedGraph:
    """Return the graph with only layers in it.

    Raises
    ------
    UserError
        If something can neither be left out nor be made part of a layer; names it.
    """
    graph = _without_passing(graph)
    graph, softmax = _without_softmax(graph)
    graph = _with_linear_end(_with_padding_folded(graph))
    graph, first = _without_first_affine(graph)
    graph = _with_channel_order(_with_affines_folded(graph))
    return PreparedGraph(
        graph, first, softmax is not None, softmax is not None and softmax.is_logarithm
    )


def shapes_of(graph: ImportedGraph) -> dict[str, Shape]:
    """Return the shape of what each node gives, and of the input; a UserError names a misfit."""
    shapes: dict[str, Shape] = {INPUT: graph.input_shape}
    for node in graph.nodes:
        shapes[node.name] = node.output_shape(*(shapes[name] for name in node.inputs))
    return shapes


def _without_passing(graph: ImportedGraph) -> ImportedGraph:
    left_out = [node for node in graph.nodes if isinstance(node.operation, Passing)]
    if not left_out:
        return graph
    kinds = {node.operation.what: 0 for node in left_out if isinstance(node.operation, Passing)}
    note = f"Left out, because it changes nothing in a trained network: {', '.join(kinds)}."
    return _without(graph, left_out, note)


def _without_softmax(graph: ImportedGraph) -> tuple[ImportedGraph, Softmax | None]:
    """Return the graph that ends in scores, and the softmax that stood at its end."""
    for node in graph.nodes[:-1]:
        if isinstance(node.operation, Softmax):
            raise UserError(
                f"layer '{node.origin}' (softmax) is not the last; only a softmax at the end can "
                "be left out"
            )
    last = graph.nodes[-1]
    if not isinstance(last.operation, Softmax):
        return graph, None
    note = "The softmax at the end was left out: scores are kept, and cnnviz makes probabilities."
    return _ending_in(_without(graph, [last], note), last.inputs[0]), last.operation


def _ending_in(graph: ImportedGraph, name: str) -> ImportedGraph:
    """Return the graph with that node last; nothing that it is computed from comes after it."""
    nodes = sorted(graph.nodes, key=lambda node: node.name == name)
    return replace(graph, nodes=tuple(nodes))


def _with_padding_folded(graph: ImportedGraph) -> ImportedGraph:
    """Make borders the padding of the convolutions (or averages that count it) that read them."""
    borders = {node.name: node for node in graph.nodes if isinstance(node.operation, Padding)}
    if not borders:
        return graph
    rectified = {node.name for node in graph.nodes if isinstance(node.operation, Rectifier)}
    nodes = []
    for node in graph.nodes:
        border = borders.get(node.inputs[0])
        if border is not None and node.name not in borders:
            node = _with_border(node, border, is_rectified=border.inputs[0] in rectified)
        nodes.append(node)
    for node in borders.values():
        if node.inputs[0] in borders:
            raise UserError(f"layer '{node.origin}' pads what is padded already; pad once")
    if graph.nodes[-1].name in borders:
        raise UserError(f"layer '{graph.nodes[-1].origin}' (padding) is the last")
    kept = replace(graph, nodes=tuple(nodes))
    return _without(kept, borders.values(), "Padding layers became the padding of what reads them.")


def _with_border(node: Node, border: Node, *, is_rectified: bool) -> Node:
    """Return the node with the border as its padding.

    Max pooling's own padding never wins; zeros never win either where nothing is below zero.
    """
    operation = node.operation
    assert isinstance(border.operation, Padding)
    if isinstance(operation, Convolution):
        return replace(
            node,
            operation=replace(operation, padding=_sum(operation.padding, border.operation.sides)),
        )
    if isinstance(operation, Pooling) and _counts_zeros(operation):
        sides = _sum(operation.padding, border.operation.sides)
        return replace(node, operation=replace(operation, padding=sides, counts_padding=True))
    if isinstance(operation, Pooling) and operation.kind == "max" and is_rectified:
        sides = _sum(operation.padding, border.operation.sides)
        return replace(node, operation=replace(operation, padding=sides))
    raise UserError(
        f"layer '{border.origin}' pads with zeros, and '{node.origin}' that reads it is no "
        "convolution; give that layer the padding"
    )


def _counts_zeros(pooling: Pooling) -> bool:
    """Return whether zeros around the maps are cells like others: in means of windows they are."""
    counts = pooling.padding == NO_PADDING or pooling.counts_padding
    return pooling.kind == "average" and pooling.kernel_size is not None and counts


def _with_linear_end(graph: ImportedGraph) -> ImportedGraph:
    """Make a last convolution that sees whole maps a linear layer on the flattened maps."""
    if len(graph.nodes) < 2:
        return graph
    *others, last, end = graph.nodes
    operation = last.operation
    if not (isinstance(operation, Convolution) and isinstance(end.operation, Flattening)):
        return graph
    shapes = shapes_of(graph)
    taken = shapes[last.inputs[0]]
    covers = operation.weight.shape[2:] == taken[1:] and operation.padding == NO_PADDING
    if not covers or operation.groups > 1 or end.inputs != (last.name,):
        return graph
    weight = operation.weight.reshape(len(operation.weight), -1)
    flat = Node(f"{last.name}.flat", Flattening(), last.inputs, end.origin)
    linear = Node(end.name, Dense(weight, operation.bias), (flat.name,), last.origin)
    note = (
        f"The last convolution ('{last.origin}') sees whole maps: it became a linear layer on "
        "their flattened values, which computes the same."
    )
    return replace(graph, nodes=(*others, flat, linear), notes=(*graph.notes, note))


def _without_first_affine(graph: ImportedGraph) -> tuple[ImportedGraph, Affine | None]:
    """Take what only scales and shifts the picture out of the graph."""
    first: Affine | None = None
    while graph.nodes:
        node, readers = graph.nodes[0], graph.readers_of()
        operation = node.operation
        if not isinstance(operation, Affine) or (operation.scale <= 0).any():
            break
        if node.inputs != (INPUT,) or readers[INPUT] != 1:
            break
        first = operation if first is None else _after(first, operation)
        note = f"'{node.origin}', which scales the picture, became the input's normalisation."
        graph = _without(graph, [node], note)
    return graph, first


def _with_affines_folded(graph: ImportedGraph) -> ImportedGraph:
    if not any(isinstance(node.operation, Affine) for node in graph.nodes):
        return graph
    readers = graph.readers_of()
    nodes: dict[str, Node] = {}
    renamed: dict[str, str] = {}
    folded = 0
    for node in graph.nodes:
        node = replace(node, inputs=tuple(renamed.get(name, name) for name in node.inputs))
        if not isinstance(node.operation, Affine):
            nodes[node.name] = node
            continue
        before = nodes.get(node.inputs[0])
        is_free = readers[node.inputs[0]] == 1
        if before is not None and is_free and isinstance(before.operation, Convolution | Dense):
            nodes[before.name] = replace(
                before, operation=_scaled(before.operation, node.operation)
            )
            renamed[node.name] = before.name
            readers[before.name] = readers[node.name]
            folded += 1
        else:
            nodes[node.name] = node
    graph = replace(graph, nodes=tuple(nodes.values()))
    note = "Batch normalisations and constant factors became part of the layers before them."
    if folded:
        graph = replace(graph, notes=(*graph.notes, note))
    return _with_affines_as_layers(graph)


def _with_affines_as_layers(graph: ImportedGraph) -> ImportedGraph:
    """Make each scale and shift that is left part of the linear layer after it, or a layer."""
    shapes = shapes_of(graph)
    nodes = {node.name: node for node in graph.nodes}
    notes = list(graph.notes)
    for node in graph.nodes:
        if not isinstance(node.operation, Affine):
            continue
        after = [each for each in nodes.values() if node.name in each.inputs]
        if len(shapes[node.name]) == 3 and not (len(after) == 1 and _absorbs(after[0].operation)):
            nodes[node.name] = replace(node, operation=_as_convolution(node.operation))
            notes.append(
                f"'{node.origin}', which scales and shifts each map, became a 1 x 1 convolution "
                "of each map by itself."
            )
            continue
        if len(after) != 1 or not _absorbs(after[0].operation):
            raise UserError(
                f"layer '{node.origin}' scales a vector that no linear layer reads by itself; "
                "leave it out, or put it behind a linear layer"
            )
        reader = after[0]
        nodes[reader.name] = replace(
            reader, operation=_absorbed(reader.operation, node.operation), inputs=node.inputs
        )
        del nodes[node.name]
        notes.append(f"'{node.origin}' became part of the layer after it.")
    return replace(graph, nodes=tuple(nodes.values()), notes=tuple(notes))


def _with_channel_order(graph: ImportedGraph) -> ImportedGraph:
    """Put the columns of linear layers that read cell after cell into our order.

    TensorFlow flattens (height, width, channels); torch, ONNX and cnnviz (channels, height,
    width). Between the flattening and the linear layer there may be what treats all values alike.
    """
    shapes = shapes_of(graph)
    orders: dict[str, Shape] = {}
    nodes = []
    for node in graph.nodes:
        found = {orders[name] for name in node.inputs if name in orders}
        operation = node.operation
        if isinstance(operation, Flattening):
            if operation.channels_last and len(shapes[node.inputs[0]]) == 3:
                orders[node.name] = shapes[node.inputs[0]]
            operation = Flattening()
        elif found and isinstance(operation, Dense):
            channels, height, width = found.pop()
            weight = operation.weight.reshape(-1, height, width, channels).transpose(0, 3, 1, 2)
            operation = replace(operation, weight=weight.reshape(len(weight), -1))
        elif found and (len(found) > 1 or not all(name in orders for name in node.inputs)):
            raise UserError(f"layer '{node.origin}' joins vectors that were flattened differently")
        elif found:
            orders[node.name] = found.pop()
        nodes.append(replace(node, operation=operation))
    return replace(graph, nodes=tuple(nodes))


def _without(graph: ImportedGraph, left_out: Iterable[Node], note: str) -> ImportedGraph:
    """Return the graph without nodes of one input; who reads them reads what they read."""
    gone: dict[str, str] = {node.name: node.inputs[0] for node in left_out}
    nodes = tuple(
        replace(node, inputs=tuple(_resolved(name, gone) for name in node.inputs))
        for node in graph.nodes
        if node.name not in gone
    )
    if not nodes:
        raise UserError("it holds no layer that computes anything")
    return replace(graph, nodes=nodes, notes=(*graph.notes, note))


def _resolved(name: str, gone: Mapping[str, str]) -> str:
    while name in gone:
        name = gone[name]
    return name


def _sum(one: Sides, other: Sides) -> Sides:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3])


def _after(first: Affine, second: Affine) -> Affine:
    """Return the one scale and shift that does what two do, one after the other."""
    return Affine(second.scale * first.scale, second.scale * first.shift + second.shift)


def _scaled(operation: Convolution | Dense, affine: Affine) -> Convolution | Dense:
    """Return the layer whose outputs are scaled and shifted: ``s (w x + b) + t``."""
    shape = (-1,) + (1,) * (operation.weight.ndim - 1)
    weight = operation.weight.astype(np.float64) * affine.scale.reshape(shape)
    bias = operation.bias * affine.scale + affine.shift
    return replace(operation, weight=weight.astype(np.float32), bias=bias)


def _absorbs(operation: Operation) -> bool:
    """Return whether a scale and a shift before a layer can become part of it.

    Not where a convolution has padding: its zeros are not shifted.
    """
    if isinstance(operation, Convolution):
        return operation.padding == NO_PADDING and operation.groups == 1
    return isinstance(operation, Dense)


def _absorbed(operation: Operation, affine: Affine) -> Operation:
    """Return the layer whose inputs are scaled and shifted first: ``w (s x + t) + b``."""
    assert isinstance(operation, Convolution | Dense)
    shape = (1, -1) + (1,) * (operation.weight.ndim - 2)
    weight = operation.weight.astype(np.float64)
    shifts = (weight * affine.shift.reshape(shape)).reshape(len(weight), -1).sum(1)
    scaled = (weight * affine.scale.reshape(shape)).astype(np.float32)
    return replace(operation, weight=scaled, bias=operation.bias + shifts)


def _as_convolution(affine: Affine) -> Convolution:
    weight = affine.scale.astype(np.float32)[:, None, None, None]
    return Convolution(weight, affine.shift, groups=len(weight))
