"""Sequential and Functional models of Keras, as their configs describe them (Keras 2 and 3)."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cnnviz.errors import UserError
from cnnviz.importing.formats import ReadingOptions, picture_shape
from cnnviz.importing.graph import INPUT, ImportedGraph, Node, Unsupported, refuse_unsupported
from cnnviz.importing.keras_layers import KerasLayer, NotShownError, check_known, operations_of
from cnnviz.importing.limits import MOST_NODES, quote
from cnnviz.importing.operations import (
    Convolution,
    Flattening,
    FloatArray,
    Operation,
    Rectifier,
    Softmax,
)
from cnnviz.layers import Shape

MODELS = ("Sequential", "Functional", "Model")
"""Classes of models; the last is what Keras 2 calls functional ones."""

DEEPEST = 8
"""Models within models."""


class KerasWeights(ABC):
    """Where a model's weights are."""

    @abstractmethod
    def of(
        self, layer: str, path: tuple[str, ...], names: tuple[str, ...]
    ) -> Mapping[str, FloatArray]:
        """Return those of a layer's weights that are there.

        Parameters
        ----------
        layer
            Its name.
        path
            The parts of its place in a ``.keras`` file, its model's before its own, each made of
            its class and its number among those of that class, such as ``conv2d_1``.
        names
            What is wanted, in Keras's order.
        """


class NamedWeights(KerasWeights):
    """Weights by ``layer/variable``."""

    def __init__(self, arrays: Mapping[str, FloatArray]) -> None:
        self._arrays = arrays

    def of(
        self, layer: str, path: tuple[str, ...], names: tuple[str, ...]
    ) -> Mapping[str, FloatArray]:
        """Return a layer's weights by the last part of their names."""
        found = {}
        for name, array in self._arrays.items():
            *folders, variable = name.split("/")
            if folders and layer in (folders[-1], "/".join(folders)):
                found[variable.partition(":")[0]] = array
        if "depthwise_kernel" in names and "depthwise_kernel" not in found and "kernel" in found:
            found["depthwise_kernel"] = found["kernel"]  # as Keras 3 calls that of DepthwiseConv2D
        return found


@dataclass(frozen=True)
class _Entry:
    """One layer of a config, and which layers it reads, by name."""

    name: str
    kind: str
    config: Mapping[str, Any]
    sources: tuple[str, ...]
    path: tuple[str, ...]


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
    name = _settings(config).get("name")
    return ImportedGraph(
        name=quote(name) if isinstance(name, str) else "",
        input_shape=reader.input_shape,
        nodes=reader.needed(),
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
        self._last = INPUT
        self._seen = 0

    @property
    def shape_of_last(self) -> Shape:
        """The shape of the output."""
        return self._shapes[self._last] or ()

    def needed(self) -> tuple[Node, ...]:
        """Return the nodes that the output is computed from; the output is the last."""
        nodes = {node.name: node for node in self.nodes}
        wanted, waiting = set(), [self._last]
        while waiting:
            name = waiting.pop()
            if name in nodes and name not in wanted:
                wanted.add(name)
                waiting += nodes[name].inputs
        return tuple(node for node in self.nodes if node.name in wanted)

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
        for entry in _entries(model, path):
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
        output = _output_of(model)
        self._last = last if output is None else self._given(given, output, "its output")
        return self._last

    def _given(self, given: Mapping[str, str], name: str, origin: str) -> str:
        if name not in given:
            raise UserError(
                f"layer '{quote(origin)}' reads '{quote(name)}', which no layer before it gives: "
                "the graph has a cycle or is incomplete"
            )
        return given[name]

    def _read_input(self, entry: _Entry, origin: str) -> None:
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
        self.input_shape = picture_shape(
            tuple(found[1:]), channels_last=True, given=self._options.input_size, what=what
        )
        self._shapes[INPUT] = self.input_shape

    def _read_layer(self, entry: _Entry, origin: str, inputs: tuple[str, ...]) -> str:
        shapes = [self._shapes[name] for name in inputs]
        node = f"n{len(self.nodes)}.{len(self._shapes)}"
        known = [shape for shape in shapes if shape is not None]
        layer = KerasLayer(
            entry.name,
            entry.kind,
            entry.config,
            known[0] if known else (1, 1, 1),
            lambda names: self._weights.of(entry.name, entry.path, names),
        )
        try:
            _check_order(entry.config)
            if len(known) < len(shapes):  # it reads what cannot be shown
                check_known(entry.kind)
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


def _is_automatic(entry: _Entry) -> bool:
    """Return whether Keras has made up a layer's name, such as ``conv2d_7``."""
    return re.fullmatch(rf"{_snake_case(entry.kind)}(_\d+)?", entry.name) is not None


def _check_order(config: Mapping[str, Any]) -> None:
    order = config.get("data_format") or config.get("dataFormat")
    if order not in (None, "channels_last"):
        raise NotShownError("its data_format is channels_first; save the model with channels_last")


def _settings(model: Any) -> Mapping[str, Any]:
    """Return the config of a model; that of the oldest Sequential ones is a list."""
    found = model.get("config") if isinstance(model, Mapping) else None
    if isinstance(found, list):
        return {"layers": found}
    if not isinstance(found, Mapping):
        raise UserError("it holds no config of a model")
    return found


def _entries(model: Any, path: tuple[str, ...]) -> Iterator[_Entry]:
    """Yield a model's layers in an order in which they can be computed."""
    kind = model.get("class_name") if isinstance(model, Mapping) else None
    if kind not in MODELS:
        raise UserError(
            f"it is a {quote(kind)}; only Sequential and Functional models say what they are made "
            "of: build it as one of these"
        )
    layers = _settings(model).get("layers")
    if not isinstance(layers, list) or not layers:
        raise UserError("its config has no layers")
    numbers: Counter[str] = Counter()
    found = []
    for layer in layers:
        name, kind_of, config = _parts(layer)
        snake = _snake_case(kind_of)
        number = numbers[snake]
        numbers[snake] += 1
        part = snake if number == 0 else f"{snake}_{number}"
        sources = () if kind == "Sequential" else _sources(layer, name)
        found.append(_Entry(name, kind_of, config, sources, (*path, part)))
    yield from found if kind == "Sequential" else _sorted(found)


def _parts(layer: Any) -> tuple[str, str, Mapping[str, Any]]:
    """Return a layer's name, class and config."""
    if isinstance(layer, Mapping):
        kind, config = layer.get("class_name"), layer.get("config")
        if isinstance(config, list):
            config = {"layers": config}
        if isinstance(kind, str) and isinstance(config, Mapping):
            name = layer.get("name") or config.get("name")
            if isinstance(name, str):
                return name, kind, config
    raise UserError("a layer of its config has no class, name or config")


def _sorted(entries: list[_Entry]) -> Iterator[_Entry]:
    """Yield a functional model's layers, each after those that it reads; those of a cycle last."""
    waiting, done = list(entries), set[str]()
    while waiting:
        ready = [entry for entry in waiting if done.issuperset(entry.sources)]
        if not ready:
            yield from waiting
            return
        for entry in ready:
            done.add(entry.name)
            yield entry
        waiting = [entry for entry in waiting if entry.name not in done]


def _sources(layer: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the names of the layers that a layer of a functional model reads."""
    calls = layer.get("inbound_nodes", [])
    if not isinstance(calls, list) or len(calls) > 1:
        raise UserError(f"layer '{quote(name)}' is used several times; cnnviz shows each once")
    return tuple(_tensors(calls, 0))


def _tensors(value: Any, depth: int) -> Iterator[str]:
    """Yield the layers that a call names: tensors in Keras 3, ``[name, 0, 0, {}]`` in Keras 2."""
    if depth > DEEPEST:
        raise UserError("a layer's inbound_nodes are nested too deep")
    if isinstance(value, Mapping):
        history = (
            value.get("config", {}).get("keras_history")
            if (
                value.get("class_name") == "__keras_tensor__"
                and isinstance(value.get("config"), Mapping)
            )
            else None
        )
        if isinstance(history, list) and history and isinstance(history[0], str):
            yield history[0]
            return
        yield from _tensors(value.get("args", []), depth + 1)
        return
    if isinstance(value, list):
        if len(value) >= 3 and isinstance(value[0], str) and type(value[1]) is int:
            yield value[0]
            return
        for each in value:
            yield from _tensors(each, depth + 1)


def _output_of(model: Any) -> str | None:
    """Return the layer that gives a functional model's output; None for the last one."""
    found = _settings(model).get("output_layers", _settings(model).get("outputLayers"))
    if found is None:
        return None
    if isinstance(found, list) and found and isinstance(found[0], str):
        return found[0]
    names = (
        [each[0] for each in found if isinstance(each, list) and each]
        if (isinstance(found, list))
        else []
    )
    if len(names) != 1 or not isinstance(names[0], str):
        raise UserError(
            f"it has {len(names)} outputs; cnnviz shows classifiers, which have one: save a model "
            "with its scores alone"
        )
    return names[0]


def _snake_case(name: str) -> str:
    """Return a class's name as ``.keras`` files spell it: ``Conv2D`` is ``conv2d``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
