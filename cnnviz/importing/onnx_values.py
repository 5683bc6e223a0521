"""What flows through an ONNX graph while it is read: constants, and what nodes give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.importing.graph import Node, NotShownError
from cnnviz.importing.operations import Operation
from cnnviz.layers import Shape


@dataclass(frozen=True)
class Value:
    """What a node of the imported graph gives.

    Attributes
    ----------
    node
        Its name.
    shape
        (channels, height, width), or (features,), without the batch axis.
    channels_last
        Whether the file has these maps as (height, width, channels).
    ones
        How many axes of one cell the file has behind those of `shape`.
    is_plain
        Whether the file has a grey picture as (height, width), without an axis of channels.
    """

    node: str
    shape: Shape
    channels_last: bool = False
    ones: int = 0
    is_plain: bool = False

    @property
    def file_shape(self) -> tuple[int, ...]:
        """The shape in the file, for a batch of one."""
        if self.is_plain:
            return 1, *self.shape[1:]
        if self.channels_last:
            channels, height, width = self.shape
            return 1, height, width, channels
        return 1, *self.shape, *(1,) * self.ones


Constant = npt.NDArray[Any]


@dataclass(eq=False)
class GraphBuilder:
    """Nodes of the imported graph as they come."""

    nodes: list[Node] = field(default_factory=list)

    def add(self, operation: Operation, origin: str, *inputs: Value) -> Value:
        """Add a node and return what it gives; a UserError names it where it does not fit."""
        name = f"n{len(self.nodes)}"
        node = Node(name, operation, tuple(value.node for value in inputs), origin)
        shape = node.output_shape(*(value.shape for value in inputs))
        self.nodes.append(node)
        before, has_maps = inputs[0], len(shape) == 3
        return Value(
            name,
            shape,
            channels_last=before.channels_last and has_maps,
            ones=before.ones,
            is_plain=before.is_plain and has_maps,
        )


@dataclass(frozen=True, eq=False)
class OperatorCall:
    """One node of a file with its inputs.

    Attributes
    ----------
    kind, origin
        The operator, and what the file calls this node.
    inputs
        Values and constants; None where an optional one is left out.
    attributes
        By name.
    builder
        Takes the nodes that this one becomes.
    """

    kind: str
    origin: str
    inputs: tuple[Value | Constant | None, ...]
    attributes: Mapping[str, Any]
    builder: GraphBuilder

    def add(self, operation: Operation, *inputs: Value) -> Value:
        """Add a node to the imported graph."""
        return self.builder.add(operation, self.origin, *inputs)

    def value(self, index: int = 0) -> Value:
        """Return an input that the network computes."""
        found = self.inputs[index] if index < len(self.inputs) else None
        if not isinstance(found, Value):
            raise NotShownError(f"its input {index} is a constant, where maps are expected")
        return found

    def maps(self) -> Value:
        """Return the first input, which must be maps with channels first."""
        found = self.value()
        if found.channels_last or len(found.shape) != 3:
            raise NotShownError("its input must be (batch, channels, height, width)")
        return found

    def constant(self, index: int) -> Constant | None:
        """Return an input that must be known beforehand; None where it is left out."""
        found = self.inputs[index] if index < len(self.inputs) else None
        if isinstance(found, Value):
            raise NotShownError(
                f"its input {index} is computed from the picture; export it as a constant"
            )
        return found

    def weights(self, index: int, rank: int) -> FloatArray:
        """Return weights of that many axes."""
        found = self.constant(index)
        if found is None or found.ndim != rank or found.dtype.kind != "f":
            raise NotShownError(f"its weights must be numbers on {rank} axes")
        return found.astype(np.float32, copy=False)

    def vector(self, index: int, length: int, default: float) -> Float64Array:
        """Return one number for each channel."""
        found = self.constant(index)
        if found is None:
            return np.full(length, default)
        if found.size != length or found.dtype.kind != "f":
            raise NotShownError(f"its input {index} must be {length} numbers")
        return found.reshape(-1).astype(np.float64)

    def integers(self, name: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """Return an attribute that is a list of whole numbers as long as `default`."""
        found = self.attributes.get(name)
        if found is None:
            return default
        if not isinstance(found, list) or len(found) != len(default):
            raise NotShownError(
                f"its {name} must be {len(default)} whole numbers: maps have rows and columns"
            )
        return tuple(int(number) for number in found)
