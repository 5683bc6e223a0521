"""Scales and shifts of channels, such as trained batch normalisations, made part of layers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnnviz.errors import UserError
from cnnviz.importing.graph import ImportedGraph, Node, shapes_of, without
from cnnviz.importing.operations import NO_PADDING, Affine, Convolution, Dense, Operation
from cnnviz.model.architecture import INPUT


def without_first_affine(graph: ImportedGraph) -> tuple[ImportedGraph, Affine | None]:
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
        graph = without(graph, [node], note)
    return graph, first


def with_affines_folded(graph: ImportedGraph) -> ImportedGraph:
    """Make each scale and shift part of the layer before it or after it, or else a layer."""
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
            nodes[node.name] = replace(node, operation=as_convolution(node.operation))
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


def as_convolution(affine: Affine) -> Convolution:
    """Return the convolution of each map by itself that scales and shifts it so."""
    weight = affine.scale.astype(np.float32)[:, None, None, None]
    return Convolution(weight, affine.shift, groups=len(weight))
