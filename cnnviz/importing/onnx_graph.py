"""The graph of a model of ONNX, read node by node."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import AttributeProto, TensorProto

from cnnviz.errors import UserError
from cnnviz.importing.advice import ATTENTION, MULTI_LABEL, PART_OF_SILU, REPLACE
from cnnviz.importing.formats import ReadingOptions, picture_shape
from cnnviz.importing.graph import (
    ImportedGraph,
    NotShownError,
    Unsupported,
    needed,
    refuse_unsupported,
)
from cnnviz.importing.limits import MOST_NODES, quote
from cnnviz.importing.onnx_constants import CONSTANT_OPERATORS, MOST
from cnnviz.importing.onnx_operators import ADVICE, OPERATORS, apply_operator
from cnnviz.importing.onnx_tensors import read_attributes, read_tensor
from cnnviz.importing.onnx_values import Constant, GraphBuilder, OperatorCall, Value
from cnnviz.importing.operations import Flattening
from cnnviz.model.architecture import INPUT
from cnnviz.network.limits import MAX_PARAMETERS

FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE)
BYTES = TensorProto.UINT8

MOST_CONSTANTS = MAX_PARAMETERS + MOST
"""Numbers that all constants of a graph may have together, those computed from others included."""


def real_inputs(graph: onnx.GraphProto) -> list[str]:
    """Return the names of inputs that are no constants, which old models list among them."""
    constants = {tensor.name for tensor in graph.initializer}
    return [each.name for each in graph.input if each.name not in constants]


class GraphReader:
    """Reads one graph, node by node."""

    def __init__(self, model: onnx.ModelProto, folder: Path, options: ReadingOptions) -> None:
        self._model, self._graph, self._folder = model, model.graph, folder
        self._options = options
        self._values: dict[str, Value | Constant | None] = {}
        self._builder = GraphBuilder()
        self._budget = MOST_CONSTANTS
        self._channels_last = False
        self._takes_bytes = False

    def read(self) -> ImportedGraph:
        """Return the graph."""
        graph = self._graph
        if self._model.functions:
            raise UserError("it holds functions of its own; export it with them inlined")
        if graph.sparse_initializer:
            raise UserError("it holds sparse weights; export it with dense ones")
        if len(graph.node) > MOST_NODES:
            raise UserError(f"it has {len(graph.node):,} nodes; at most {MOST_NODES:,} are read")
        if len(graph.output) != 1:
            names = ", ".join(f"'{quote(each.name)}'" for each in graph.output[:5])
            raise UserError(
                f"it has {len(graph.output)} outputs ({names}); cnnviz shows classifiers, which "
                "have one: export the network with its scores alone"
            )
        shape = self._read_input()
        for tensor in graph.initializer:
            self._set(tensor.name, self._constant(read_tensor(tensor, self._folder)))
        self._read_nodes()
        output = self._values.get(graph.output[0].name)
        if not isinstance(output, Value):
            raise UserError(
                f"its output '{quote(graph.output[0].name)}' is not computed from the picture"
            )
        if output.shape[1:] == (1, 1):  # scores that are left as maps of one cell
            output = self._builder.add(Flattening(), quote(graph.output[0].name), output)
        if len(output.shape) != 1:
            raise UserError(
                f"its output has the shape {output.file_shape}; cnnviz shows classifiers, which "
                "give one score for each class"
            )
        metadata = {entry.key: entry.value for entry in self._model.metadata_props}
        return ImportedGraph(
            name=quote(graph.name).strip(),
            input_shape=shape,
            nodes=needed(self._builder.nodes, output.node),
            channels_last=self._channels_last,
            takes_bytes=self._takes_bytes,
            classes=tuple(filter(None, metadata.get("cnnviz.classes", "").split("\n"))),
        )

    def _read_input(self) -> tuple[int, ...]:
        names = real_inputs(self._graph)
        if len(names) != 1:
            listed = ", ".join(f"'{quote(name)}'" for name in names[:5]) or "none"
            raise UserError(f"it has {len(names)} inputs ({listed}); cnnviz gives it one picture")
        entry = next(each for each in self._graph.input if each.name == names[0])
        what = f"its input '{quote(names[0])}'"
        if not entry.type.HasField("tensor_type") or (
            entry.type.tensor_type.elem_type not in (*FLOATS, BYTES)
        ):
            raise UserError(
                f"{what} takes neither decimal numbers nor bytes, as pictures are; export the "
                "network for one of them"
            )
        if not entry.type.tensor_type.HasField("shape"):
            raise UserError(f"{what} has no shape; export the network with one")
        sizes = tuple(
            size.dim_value if size.HasField("dim_value") and size.dim_value > 0 else None
            for size in entry.type.tensor_type.shape.dim
        )
        if sizes and sizes[0] not in (None, 1):
            raise UserError(
                f"{what} takes {sizes[0]} pictures at once; export it for a batch of one, or for "
                "any number"
            )
        self._takes_bytes = entry.type.tensor_type.elem_type == BYTES
        last = len(sizes) == 4 and sizes[3] in (1, 3) and sizes[1] not in (1, 3)
        self._channels_last = last
        axes = (1, *sizes[1:]) if len(sizes) == 3 else sizes[1:]  # grey, without one of channels
        shape = picture_shape(axes, channels_last=last, given=self._options.input_size, what=what)
        is_plain = len(sizes) == 3
        self._values[names[0]] = Value(INPUT, shape, channels_last=last, is_plain=is_plain)
        return shape

    def _read_nodes(self) -> None:
        unsupported = []
        for number, node in enumerate(self._graph.node):
            origin = quote(node.name or (node.output[0] if node.output else f"node {number}"))
            try:
                if (node.domain or "ai.onnx") != "ai.onnx":
                    raise NotShownError(f"it belongs to {quote(node.domain)}, not to ONNX itself")
                if any(each.type in SUBGRAPHS for each in node.attribute):
                    raise NotShownError("export the network without control flow")
                inputs = tuple(self._input(name, origin) for name in node.input)
                if any(
                    name and each is None for name, each in zip(node.input, inputs, strict=True)
                ):
                    given: Value | Constant | None = None  # it reads what cannot be shown
                    self._check_known(node.op_type)
                else:
                    given = self._apply(node, origin, inputs)
            except NotShownError as error:
                reason = self._reason_of_sigmoid(node) or str(error)
                unsupported.append(Unsupported(origin, quote(node.op_type), reason))
                given = None
            except UserError as error:
                text = str(error)
                raise UserError(
                    text if text.startswith("layer ") else f"layer '{origin}': {text}"
                ) from None
            for place, name in enumerate(node.output):
                self._set(name, given if place == 0 else None)
        refuse_unsupported(unsupported)

    def _reason_of_sigmoid(self, node: onnx.NodeProto) -> str | None:
        """Return why a sigmoid cannot be shown, which depends on what is done with its values."""
        if node.op_type not in ("Sigmoid", "HardSigmoid") or not node.output:
            return None
        if node.output[0] in [each.name for each in self._graph.output]:
            return MULTI_LABEL
        products = [
            each
            for each in self._graph.node
            if each.op_type == "Mul" and node.output[0] in each.input
        ]
        if any(node.input[0] in each.input for each in products):
            return PART_OF_SILU
        return ATTENTION if products else None

    def _check_known(self, kind: str) -> None:
        """Raise NotShownError for what could be shown nowhere."""
        known = {*OPERATORS, *CONSTANT_OPERATORS, "Shape", "Constant"}
        if kind not in known or kind in ADVICE:
            raise NotShownError(ADVICE.get(kind, REPLACE))

    def _input(self, name: str, origin: str) -> Value | Constant | None:
        if not name:
            return None
        if name not in self._values:
            raise UserError(
                f"it reads '{quote(name)}', which no node before it gives: the graph has a cycle "
                "or is incomplete"
            )
        return self._values[name]

    def _apply(
        self, node: onnx.NodeProto, origin: str, inputs: tuple[Value | Constant | None, ...]
    ) -> Value | Constant:
        attributes = read_attributes(node, self._folder)
        if node.op_type == "Constant":
            return self._constant(_constant_of(attributes))
        call = OperatorCall(node.op_type, origin, inputs, attributes, self._builder)
        given = apply_operator(call)
        return given if isinstance(given, Value) else self._constant(given)

    def _constant(self, array: Constant) -> Constant:
        """Return a constant, if not too many numbers are held already."""
        self._budget -= array.size
        if self._budget < 0:
            raise UserError(f"it holds more than {MOST_CONSTANTS:,} numbers")
        return array

    def _set(self, name: str, given: Value | Constant | None) -> None:
        if name and name in self._values:
            raise UserError(f"two nodes give '{quote(name)}': the graph is damaged")
        self._values[name] = given


SUBGRAPHS = (AttributeProto.GRAPH, AttributeProto.GRAPHS)


def _constant_of(attributes: dict[str, object]) -> Constant:
    """Return what a Constant holds, under one of several names."""
    if len(attributes) != 1:
        raise NotShownError("it must hold one constant")
    ((name, held),) = attributes.items()
    if name == "value":
        return np.asarray(held)
    if name in ("value_int", "value_ints"):
        return np.asarray(held, np.int64)
    if name in ("value_float", "value_floats"):
        return np.asarray(held, np.float32)
    raise NotShownError("only constants that are numbers can be read")
