"""Ends of classifiers without a linear layer, such as a mean of each of the last maps.

What cnnviz shows ends in a linear layer. These ends are written as one, which computes the same.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.importing.graph import ImportedGraph, Node, shapes_of
from cnnviz.importing.operations import NO_PADDING, Convolution, Dense, Flattening, Pooling
from cnnviz.model.architecture import INPUT
from cnnviz.network.limits import MAX_CLASSES


def with_linear_end(graph: ImportedGraph) -> ImportedGraph:
    """Return the graph with a linear layer at its end, if one computes the same."""
    if len(graph.nodes) < 2 or not isinstance(graph.nodes[-1].operation, Flattening):
        return graph
    for ending in (_whole_convolution, _mean_of_convolution, _mean_of_maps):
        ended = ending(graph)
        if ended is not None:
            return ended
    return graph


def with_two_scores(graph: ImportedGraph) -> ImportedGraph:
    """Return the graph with a score for each of two classes in place of the one of a sigmoid.

    The softmax of -z/2 and z/2 is the sigmoid of z, and what speaks for one of the classes speaks
    as much against the other.
    """
    *others, last = graph.nodes
    operation = last.operation
    if not isinstance(operation, Dense) or len(operation.weight) != 1:
        return graph
    halves = np.array([[-0.5], [0.5]], np.float32)
    dense = Dense(halves * operation.weight, halves[:, 0] * operation.bias)
    note = (
        f"The one score of '{last.origin}' became two, minus and plus a half of it: their softmax "
        "is its sigmoid, the probability of the second class."
    )
    return _ending_in(graph, (*others, replace(last, operation=dense)), note)


def _whole_convolution(graph: ImportedGraph) -> ImportedGraph | None:
    """Make a last convolution that sees whole maps a linear layer on the flattened maps."""
    *others, last, end = graph.nodes
    operation = last.operation
    if not isinstance(operation, Convolution) or end.inputs != (last.name,):
        return None
    taken = shapes_of(graph)[last.inputs[0]]
    covers = operation.weight.shape[2:] == taken[1:] and operation.padding == NO_PADDING
    if not covers or operation.groups > 1:
        return None
    note = (
        f"The last convolution ('{last.origin}') sees whole maps: it became a linear layer on "
        "their flattened values, which computes the same."
    )
    flat = Node(f"{last.name}.flat", Flattening(), last.inputs, end.origin)
    return _ending_in(graph, (*others, flat, _as_linear(last, operation, flat, end)), note)


def _mean_of_convolution(graph: ImportedGraph) -> ImportedGraph | None:
    """Take the means before a last convolution of 1 x 1, which is then a linear layer."""
    if len(graph.nodes) < 3:
        return None
    *others, last, pool, end = graph.nodes
    if not _is_mean_of_maps(graph, pool) or end.inputs != (pool.name,):
        return None
    operation = last.operation
    if not isinstance(operation, Convolution) or pool.inputs != (last.name,):
        return None
    is_pointwise = operation.weight.shape[2:] == (1, 1) and operation.padding == NO_PADDING
    if not is_pointwise or operation.groups > 1 or operation.stride != (1, 1):
        return None
    note = (
        f"The means of what the last convolution ('{last.origin}') gives are a linear layer on the "
        "means of what it reads, and became that."
    )
    mean = replace(pool, inputs=last.inputs)
    flat = replace(end, name=f"{end.name}.flat", inputs=(mean.name,))
    return _ending_in(graph, (*others, mean, flat, _as_linear(last, operation, flat, end)), note)


def _mean_of_maps(graph: ImportedGraph) -> ImportedGraph | None:
    """Add a linear layer of ones and zeros to scores that are the means of maps."""
    pool, end = graph.nodes[-2:]
    count = shapes_of(graph)[end.name][0]
    if end.inputs != (pool.name,) or not _is_mean_of_maps(graph, pool) or count > MAX_CLASSES:
        return None
    note = (
        f"The scores are the means of the last maps ('{pool.origin}'): a linear layer that hands "
        "each of them on, with weights 1 and 0, was added to show them."
    )
    linear = Node(
        f"{end.name}.scores",
        Dense(np.eye(count, dtype=np.float32), np.zeros(count)),
        (end.name,),
        end.origin,
    )
    return _ending_in(graph, (*graph.nodes, linear), note)


def _is_mean_of_maps(graph: ImportedGraph, node: Node) -> bool:
    operation = node.operation
    if not isinstance(operation, Pooling) or operation.kind != "average" or INPUT in node.inputs:
        return False
    return shapes_of(graph)[node.name][1:] == (1, 1) and operation.padding == NO_PADDING


def _as_linear(last: Node, operation: Convolution, flat: Node, end: Node) -> Node:
    """Return a convolution as the linear layer on what `flat` gives, in the place of `end`."""
    weight = operation.weight.reshape(len(operation.weight), -1)
    return Node(end.name, Dense(weight, operation.bias), (flat.name,), last.origin, last.label)


def _ending_in(graph: ImportedGraph, nodes: tuple[Node, ...], note: str) -> ImportedGraph:
    return replace(graph, nodes=nodes, notes=(*graph.notes, note))
