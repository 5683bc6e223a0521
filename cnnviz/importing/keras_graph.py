"""Sequential and Functional models of Keras, as their configs describe them (Keras 2 and 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cnnviz.errors import UserError
from cnnviz.importing.formats import ReadingOptions, picture_shape
from cnnviz.importing.graph import (
    ImportedGraph,
    Node,
    NotShownError,
    Unsupported,
    needed,
    refuse_unsupported,
)
from cnnviz.importing.keras_config import (
    DEEPEST,
    MODELS,
    KerasLayer,
    LayerEntry,
    entries_of,
    output_of,
    settings_of,
    snake_case,
)
from cnnviz.importing.keras_layers import check_known, operations_of
from cnnviz.importing.keras_weights import KerasWeights
from cnnviz.importing.limits import MOST_NODES, quote
from cnnviz.importing.operations import Convolution, Flattening, Operation, Rectifier, Softmax
from cnnviz.layers import Shape
from cnnviz.model.architecture import INPUT


def read_keras_graph(config: Any, weights: KerasWeights, options: ReadingOptions) -> ImportedGraph:
    """Return the network that a model's config and weights are.

    Raises
    ------
    UserError
        If it cannot be read or shown.
    """
    reader = _Reader(weights, options)
    reader.read_model(config, (), (), None)
    refuse_unsupported(reader.unsupported)
    if not reader.nodes:
        raise UserError("it holds no layer that computes anything")
    if len(reader.shape_of_last) != 1:
        raise UserError(
            f"its output has the shape {reader.shape_of_last}; cnnviz shows classifiers, which "
            "give one score for each class"
        )
    assert reader.input_shape is not None
    name = settings_of(config).get("name")
    return ImportedGraph(
        name=quote(name) if isinstance(name, str) else "",
        input_shape=reader.input_shape,
        nodes=needed(reader.nodes, reader.last),
        channels_last=True,
    )


class _Reader:
    """Reads models, and models within them, layer by layer."""

    def __init__(self, weights: KerasWeights, options: ReadingOptions) -> None:
        self._weights, self._options = weights, options
        self.nodes: list[Node] = []
        self.unsupported: list[Unsupported] = []
        self.input_shape: Shape | None = None
        self._shapes: dict[str, Shape | None] = {}
        self.last = INPUT
        self._seen = 0

    @property
    def shape_of_last(self) -> Shape:
        """The shape of the output."""
        return self._shapes[self.last] or ()

    def read_model(
        self, model: Any, path: tuple[str, ...], prefix: tuple[str, ...], source: str | None
    ) -> str:
        """Read a model's layers and return the node that gives its output.

        Parameters
        ----------
        model
            Its class and config.
        path, prefix
            Of the model within others: as in files, and as names.
        source
            The node that it reads; None for the outermost, which declares the picture.
        """
        if len(path) > DEEPEST:
            raise UserError(f"it holds models within models, more than {DEEPEST} deep")
        given: dict[str, str] = {}
        last = source or INPUT
        for entry in entries_of(model, path):
            self._seen += 1
            if self._seen > MOST_NODES:
                raise UserError(f"it has more than {MOST_NODES:,} layers")
            origin = "/".join((*prefix, entry.name))
            if entry.kind == "InputLayer" or (source is None and self.input_shape is None):
                if source is None:
                    self._read_input(entry, origin)
                if entry.kind == "InputLayer":
                    given[entry.name] = source or INPUT
                    continue
            inputs = [self._given(given, name, origin) for name in entry.sources] or [last]
            if entry.kind in MODELS:
                nested = {"class_name": entry.kind, "config": entry.config}
                last = self.read_model(nested, entry.path, (*prefix, entry.name), inputs[0])
            else:
                last = self._read_layer(entry, origin, tuple(inputs))
            given[entry.name] = last
        output = output_of(model)
        self.last = last if output is None else self._given(given, output, "its output")
        return self.last

    def _given(self, given: Mapping[str, str], name: str, origin: str) -> str:
        if name not in given:
            raise UserError(
                f"layer '{quote(origin)}' reads '{quote(name)}', which no layer before it gives: "
                "the graph has a cycle or is incomplete"
            )
        return given[name]

    def _read_input(self, entry: LayerEntry, origin: str) -> None:
        """Take the picture's shape from an InputLayer, or from a first layer that declares it."""
        if self.input_shape is not None:
            raise UserError("it has several inputs; cnnviz gives it one picture")
        found = entry.config.get("batch_input_shape") or entry.config.get("batch_shape")
        found = found or entry.config.get("batchInputShape") or entry.config.get("batchShape")
        if not isinstance(found, list) or not all(
            size is None or (type(size) is int and 0 < size < 2**31) for size in found
        ):
            raise UserError(
                f"layer '{quote(origin)}' does not declare the shape of the picture; save the "
                "model after it was built, with an InputLayer"
            )
        what = f"its input '{quote(origin)}'"
        found = [*found, 1] if len(found) == 3 else found  # grey, without an axis of channels
        self.input_shape = picture_shape(
            tuple(found[1:]), channels_last=True, given=self._options.input_size, what=what
        )
        self._shapes[INPUT] = self.input_shape

    def _read_layer(self, entry: LayerEntry, origin: str, inputs: tuple[str, ...]) -> str:
        shapes = [self._shapes[name] for name in inputs]
        node = f"n{len(self.nodes)}.{len(self._shapes)}"
        known = [shape for shape in shapes if shape is not None]
        layer = KerasLayer(
            entry.name,
            entry.kind,
            entry.config,
            known[0] if known else (1, 1, 1),
            lambda names: self._weights.of(entry.name, entry.path, names),
            entry.operand,
        )
        try:
            _check_order(entry.config)
            if len(known) < len(shapes):  # it reads what cannot be shown
                check_known(entry.kind, entry.operand)
                self._shapes[node] = None
                return node
            operations = operations_of(layer)
        except NotShownError as error:
            self.unsupported.append(Unsupported(quote(origin), quote(entry.kind), str(error)))
            self._shapes[node] = None
            return node
        for place, operation in enumerate(operations):
            name = node if place == 0 else f"{node}.{place}"
            suffix = _suffix(operation) if place else ""
            label = "" if _is_automatic(entry) else f"{origin}{suffix}"
            made = Node(name, operation, inputs, f"{quote(origin)}{suffix}", label)
            self._shapes[name] = made.output_shape(*(self._shapes[each] or () for each in inputs))
            self.nodes.append(made)
            inputs = (name,)
        return inputs[0]


def _suffix(operation: Operation) -> str:
    """Return what is put behind a layer's name where it becomes several."""
    if isinstance(operation, Convolution):
        return "_pointwise"
    words = {Rectifier: "_relu", Flattening: "_flatten", Softmax: "_softmax"}
    return words.get(type(operation), "")


def _is_automatic(entry: LayerEntry) -> bool:
    """Return whether Keras has made up a layer's name, such as ``conv2d_7``."""
    return re.fullmatch(rf"{snake_case(entry.kind)}(_\d+)?", entry.name) is not None


def _check_order(config: Mapping[str, Any]) -> None:
    order = config.get("data_format") or config.get("dataFormat")
    if order not in (None, "channels_last"):
        raise NotShownError("its data_format is channels_first; save the model with channels_last")
