"""A network as it was read from a file: nodes in an order in which they can be computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cnnviz.errors import UserError
from cnnviz.importing.operations import Affine, Operation
from cnnviz.layers import Shape
from cnnviz.model.architecture import INPUT

LISTED = 5
"""Layers that cannot be shown are named one by one, so many of them."""


@dataclass(frozen=True, eq=False)
class Node:
    """One operation on what other nodes give.

    Attributes
    ----------
    name
        Unique in its graph: what others read it by.
    operation
        What it does.
    inputs
        The names of the nodes that it reads, or `INPUT`.
    origin
        What the file calls it.
    label
        What people call it, if they have given it a name; such a name is kept.
    """

    name: str
    operation: Operation
    inputs: tuple[str, ...]
    origin: str
    label: str = ""

    def output_shape(self, *shapes: Shape) -> Shape:
        """Return its output's shape; a UserError names it."""
        try:
            return self.operation.output_shape(*shapes)
        except UserError as error:
            raise UserError(f"layer '{self.origin}': {error}") from None


@dataclass(frozen=True, eq=False)
class ImportedGraph:
    """What a reader found in a file.

    Attributes
    ----------
    name
        What the file calls the network; empty where it says nothing.
    input_shape
        (channels, height, width) of the picture.
    nodes
        In an order in which each reads only those before it; the last gives the scores.
    channels_last
        Whether the file's network takes (height, width, channels).
    takes_bytes
        Whether it takes whole numbers from 0 to 255, as files of pictures hold them.
    classes
        Class names that the file holds; none where it says nothing.
    notes
        What was left out or changed, a sentence each.
    """

    name: str
    input_shape: Shape
    nodes: tuple[Node, ...]
    channels_last: bool = False
    takes_bytes: bool = False
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def readers_of(self) -> Counter[str]:
        """Return how many times each node is read."""
        return Counter(name for node in self.nodes for name in node.inputs)


@dataclass(frozen=True, eq=False)
class PreparedGraph:
    """A graph whose every node is a layer, and what happens to a picture before the first.

    Attributes
    ----------
    graph
        Without anything that cnnviz has no layer for.
    first
        ``scale * x + shift`` of what the file's network takes, channel by channel; None where it
        takes it as it is.
    ends_in_softmax
        Whether the file's network gives probabilities rather than scores.
    is_logarithm
        Whether it gives their logarithms.
    ends_in_sigmoid
        Whether it gives one probability, that of the second of two classes.
    """

    graph: ImportedGraph
    first: Affine | None
    ends_in_softmax: bool
    is_logarithm: bool
    ends_in_sigmoid: bool


class NotShownError(Exception):
    """A layer or node of a file cannot be shown; the message says what could be done."""


@dataclass(frozen=True)
class Unsupported:
    """A layer that cannot be shown.

    Attributes
    ----------
    origin, kind
        What the file calls it, and what kind of layer it says that it is.
    advice
        What could be done.
    """

    origin: str
    kind: str
    advice: str


def refuse_unsupported(found: Sequence[Unsupported]) -> None:
    """Raise a UserError that names all layers that cannot be shown, if there are any."""
    if not found:
        return
    layers: dict[str, list[str]] = {}
    for each in found[:LISTED]:
        layers.setdefault(each.advice, []).append(f"'{each.origin}' ({each.kind})")
    listed = "; ".join(f"{', '.join(names)}: {advice}" for advice, names in layers.items())
    more = f"; and {len(found) - LISTED} more" if len(found) > LISTED else ""
    noun = "layer" if len(found) == 1 else "layers"
    raise UserError(f"{len(found)} {noun} cannot be shown: {listed}{more}")


def needed(nodes: Sequence[Node], last: str) -> tuple[Node, ...]:
    """Return the nodes from which the one called `last` is computed, itself included, in order."""
    by_name = {node.name: node for node in nodes}
    wanted, waiting = set(), [last]
    while waiting:
        name = waiting.pop()
        if name in by_name and name not in wanted:
            wanted.add(name)
            waiting += by_name[name].inputs
    return tuple(node for node in nodes if node.name in wanted)


def shapes_of(graph: ImportedGraph) -> dict[str, Shape]:
    """Return the shape of what each node gives, and of the input; a UserError names a misfit."""
    shapes: dict[str, Shape] = {INPUT: graph.input_shape}
    for node in graph.nodes:
        shapes[node.name] = node.output_shape(*(shapes[name] for name in node.inputs))
    return shapes


def without(graph: ImportedGraph, left_out: Iterable[Node], note: str) -> ImportedGraph:
    """Return the graph without nodes of one input; who reads them reads what they read.

    Raises
    ------
    UserError
        If no other node is left.
    """
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
