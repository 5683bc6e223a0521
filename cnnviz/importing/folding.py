"""From a file's graph to one of which every node is a layer that cnnviz has.

Each step takes a graph and returns one that computes the same: what does nothing is left out,
borders become a convolution's padding, and batch normalisations, which are a scale and a shift a
channel once a network is trained, become part of the layer before them or after them. What has no
such neighbour becomes a convolution of its own, 1 x 1 and depthwise.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from cnnviz.errors import UserError
from cnnviz.importing.affine_folding import (
    as_convolution,
    with_affines_folded,
    without_first_affine,
)
from cnnviz.importing.endings import with_linear_end, with_two_scores
from cnnviz.importing.graph import ImportedGraph, Node, PreparedGraph, shapes_of, without
from cnnviz.importing.operations import (
    NO_PADDING,
    Affine,
    Convolution,
    Dense,
    Flattening,
    Identity,
    Operation,
    Padding,
    Pooling,
    Rectifier,
    Sides,
    Sigmoid,
    Softmax,
)
from cnnviz.layers import Shape


def prepare_graph(graph: ImportedGraph) -> PreparedGraph:
    """Return the graph with only layers in it.

    Raises
    ------
    UserError
        If something can neither be left out nor be made part of a layer; names it.
    """
    graph = _without_identities(graph)
    graph, end = _without_probabilities(graph)
    graph = with_linear_end(_with_padding_folded(graph))
    graph, first = without_first_affine(graph)
    graph = _with_channel_order(with_affines_folded(graph))
    if isinstance(end, Sigmoid):
        graph = with_two_scores(graph)
    return PreparedGraph(
        graph,
        first,
        ends_in_softmax=isinstance(end, Softmax),
        is_logarithm=isinstance(end, Softmax) and end.is_logarithm,
        ends_in_sigmoid=isinstance(end, Sigmoid),
    )


def _without_identities(graph: ImportedGraph) -> ImportedGraph:
    left_out = [node for node in graph.nodes if isinstance(node.operation, Identity)]
    if not left_out:
        return graph
    kinds = {node.operation.what: 0 for node in left_out if isinstance(node.operation, Identity)}
    note = f"Left out, because it changes nothing in a trained network: {', '.join(kinds)}."
    return without(graph, left_out, note)


def _without_probabilities(graph: ImportedGraph) -> tuple[ImportedGraph, Operation | None]:
    """Return the graph that ends in scores, and the softmax or sigmoid that stood at its end."""
    for node in graph.nodes[:-1]:
        if isinstance(node.operation, Softmax | Sigmoid):
            kind = type(node.operation).__name__.lower()
            raise UserError(
                f"layer '{node.origin}' ({kind}) is not the last; only a {kind} at the end can "
                "be left out"
            )
    last = graph.nodes[-1]
    if not isinstance(last.operation, Softmax | Sigmoid):
        return graph, None
    kind = type(last.operation).__name__.lower()
    note = f"The {kind} at the end was left out: scores are kept, and cnnviz makes probabilities."
    return _ending_in(without(graph, [last], note), last.inputs[0]), last.operation


def _ending_in(graph: ImportedGraph, name: str) -> ImportedGraph:
    """Return the graph with that node last; nothing that it is computed from comes after it."""
    nodes = sorted(graph.nodes, key=lambda node: node.name == name)
    return replace(graph, nodes=tuple(nodes))


def _with_padding_folded(graph: ImportedGraph) -> ImportedGraph:
    """Make each border the padding of what reads it, or where that takes none a layer."""
    graph = _with_borders_as_layers(graph)
    borders = {node.name: node for node in graph.nodes if isinstance(node.operation, Padding)}
    if not borders:
        return graph
    nodes = []
    for node in graph.nodes:
        border = next((borders[name] for name in node.inputs if name in borders), None)
        if border is not None:
            node = replace(node, operation=_with_border(node.operation, border.operation))
        nodes.append(node)
    kept = replace(graph, nodes=tuple(nodes))
    return without(kept, borders.values(), "Padding layers became the padding of what reads them.")


def _with_borders_as_layers(graph: ImportedGraph) -> ImportedGraph:
    """Make each border that a reader cannot take a convolution, 1 x 1 and depthwise, with padding.

    Max pooling's own padding never wins; zeros never win either where nothing is below zero.
    """
    rectified = {node.name for node in graph.nodes if isinstance(node.operation, Rectifier)}
    nodes, notes = [], list(graph.notes)
    for node in graph.nodes:
        if isinstance(node.operation, Padding) and not _is_taken(graph, node, rectified):
            channels = shapes_of(graph)[node.name][0]
            same = as_convolution(Affine(np.ones(channels), np.zeros(channels)))
            node = replace(node, operation=replace(same, padding=node.operation.sides))
            notes.append(
                f"'{node.origin}', which puts zeros around the maps, became a 1 x 1 convolution "
                "of each map by itself."
            )
        nodes.append(node)
    return replace(graph, nodes=tuple(nodes), notes=tuple(notes))


def _is_taken(graph: ImportedGraph, border: Node, rectified: Collection[str]) -> bool:
    """Return whether a border is read, and each of its readers can have it as its padding."""
    readers = [node.operation for node in graph.nodes if border.name in node.inputs]
    is_rectified = border.inputs[0] in rectified
    return bool(readers) and all(_takes_border(each, is_rectified=is_rectified) for each in readers)


def _takes_border(operation: Operation, *, is_rectified: bool) -> bool:
    """Return whether zeros around what a layer reads can be padding of its own."""
    if isinstance(operation, Pooling):
        return _counts_zeros(operation) or (operation.kind == "max" and is_rectified)
    return isinstance(operation, Convolution)


def _with_border(operation: Operation, border: Operation) -> Operation:
    """Return an operation that takes a border with it as its padding."""
    assert isinstance(border, Padding)
    assert isinstance(operation, Convolution | Pooling)
    sides = _sum(operation.padding, border.sides)
    if isinstance(operation, Pooling) and operation.kind == "average":
        return replace(operation, padding=sides, counts_padding=True)
    return replace(operation, padding=sides)


def _counts_zeros(pooling: Pooling) -> bool:
    """Return whether zeros around the maps are cells like others: in means of windows they are."""
    counts = pooling.padding == NO_PADDING or pooling.counts_padding
    return pooling.kind == "average" and pooling.kernel_size is not None and counts


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


def _sum(one: Sides, other: Sides) -> Sides:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3])
