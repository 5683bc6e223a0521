"""ONNX: graphs as torch, Keras, scikit-learn's friends and many others export them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.formats import ModelFormat, NetworkFile, ReadingOptions, Reference
from cnnviz.importing.graph import ImportedGraph
from cnnviz.importing.onnx_graph import GraphReader, real_inputs
from cnnviz.importing.onnx_tensors import read_tensor
from cnnviz.importing.onnx_wire import check_structure, is_onnx

PROBABILITIES = ("Softmax", "LogSoftmax", "Sigmoid")
"""Operators that make probabilities of scores, or their logarithms: at the end alone."""


class OnnxFormat(ModelFormat):
    """Open Neural Network Exchange, https://onnx.ai: one message, weights in it or beside it."""

    name = "ONNX"

    def recognises(self, file: NetworkFile) -> bool:
        """Return whether the content is a model of ONNX."""
        return file.head[:1] == b"\x08" and is_onnx(memoryview(file.content))

    def read(self, file: NetworkFile, options: ReadingOptions) -> ImportedGraph:
        """Return the graph in a model."""
        return GraphReader(load_model(file), file.path.parent, options).read()

    def parts(self, file: NetworkFile) -> Iterable[Path]:
        """Return the files that hold its external data."""
        graph = load_model(file).graph
        named = {e.value for t in graph.initializer for e in t.external_data if e.key == "location"}
        return [file.path.parent / name for name in sorted(named)]

    def reference(self, file: NetworkFile, values: FloatArray) -> Reference | None:
        """Return what onnx's own evaluator computes."""
        from onnx.reference import ReferenceEvaluator  # takes a second to import

        model = load_model(file)
        for tensor in model.graph.initializer:
            read_tensor(tensor, file.path.parent)
        _in_the_evaluators_words(model)
        scores = _before_probabilities(model.graph)
        if scores is not None:
            model.graph.output.append(onnx.ValueInfoProto(name=scores))
        (name,) = real_inputs(model.graph)
        declared = next(each for each in model.graph.input if each.name == name).type.tensor_type
        kind = onnx.helper.tensor_dtype_to_np_dtype(declared.elem_type)
        if len(declared.shape.dim) == 3:  # grey, without an axis of channels
            values = values[:, 0]
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            found = ReferenceEvaluator(model).run(None, {name: values.astype(kind)})
        outputs: list[Any] = [np.asarray(each).reshape(-1) for each in found]
        return Reference(*outputs)


def load_model(file: NetworkFile) -> onnx.ModelProto:
    """Return the message in a file, its size checked before."""
    content = file.content
    check_structure(memoryview(content))
    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except DecodeError:
        raise UserError("it is a damaged or cut off ONNX model") from None
    _check_texts(model)
    return model


def _check_texts(message: Message) -> None:
    """Refuse texts that are no UTF-8, which the library gives as bytes."""
    for field, value in message.ListFields():
        entries = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        if field.type == FieldDescriptor.TYPE_STRING:
            if not all(isinstance(each, str) for each in entries):
                raise UserError("it is a damaged ONNX model: a name in it is no text")
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            for each in entries:
                _check_texts(each)


def _in_the_evaluators_words(model: onnx.ModelProto) -> None:
    """Write what onnx's evaluator does not know, or gets wrong, in a way that it understands.

    It moves a batch normalisation's mean and variance of before opset 14 by the momentum towards
    those of the input, as in training; with a momentum of 1 they stay. Before opset 9 it asks for
    an attribute that opset 7 did away with. Before opset 13 a softmax was over axis 1 if not told.
    Maxima by steps of 1 it makes larger than it is where sizes are rounded up, though nothing is
    left to round: GoogLeNet's.
    """
    opset = max((each.version for each in model.opset_import if not each.domain), default=1)
    statistics = {"momentum": 1.0, "is_test": 1} if opset < 9 else {"momentum": 1.0}
    for node in model.graph.node:
        if node.op_type == "BatchNormalization":
            _set_attributes(node, statistics)
        is_softmax = node.op_type in ("Softmax", "LogSoftmax")
        if is_softmax and opset < 13 and all(each.name != "axis" for each in node.attribute):
            _set_attributes(node, {"axis": 1})
        if node.op_type == "MaxPool" and _steps(node) == {1}:
            _set_attributes(node, {"ceil_mode": 0})


def _before_probabilities(graph: onnx.GraphProto) -> str | None:
    """Return what goes into the softmax or sigmoid at the end; None if there is none."""
    makers = {name: node for node in graph.node for name in node.output if name}
    node = makers.get(graph.output[0].name)
    while node is not None and node.op_type not in PROBABILITIES:
        node = makers.get(node.input[0]) if node.input else None
    return None if node is None else node.input[0]


def _steps(node: onnx.NodeProto) -> set[int]:
    """Return by how many rows and columns a window moves on."""
    return {1}.union(*(each.ints for each in node.attribute if each.name == "strides"))


def _set_attributes(node: onnx.NodeProto, values: Mapping[str, float]) -> None:
    kept = [each for each in node.attribute if each.name not in values]
    del node.attribute[:]
    node.attribute.extend([*kept, *(onnx.helper.make_attribute(*each) for each in values.items())])
