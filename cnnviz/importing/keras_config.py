"""What a config of Keras 2 or 3 says: a model's layers, which each reads, and their settings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.graph import NotShownError
from cnnviz.importing.keras_operators import CONSTANT, Operand, kind_of_operator, operand_of
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import NO_PADDING, Pair, Sides
from cnnviz.layers import Shape
from cnnviz.layers.windows import same_padding

MODELS = ("Sequential", "Functional", "Model")
"""Classes of models; the last is what Keras 2 calls functional ones."""

DEEPEST = 8
"""Models within models."""


@dataclass(frozen=True)
class LayerEntry:
    """One layer of a config, which layers it reads, by name, and an operator's constant."""

    name: str
    kind: str
    config: Mapping[str, Any]
    sources: tuple[str, ...]
    path: tuple[str, ...]
    operand: Operand | None = None


def settings_of(model: Any) -> Mapping[str, Any]:
    """Return the config of a model; that of the oldest Sequential ones is a list."""
    found = model.get("config") if isinstance(model, Mapping) else None
    if isinstance(found, list):
        return {"layers": found}
    if not isinstance(found, Mapping):
        raise UserError("it holds no config of a model")
    return found


def entries_of(model: Any, path: tuple[str, ...]) -> Iterator[LayerEntry]:
    """Yield a model's layers in an order in which they can be computed."""
    kind = model.get("class_name") if isinstance(model, Mapping) else None
    if kind not in MODELS:
        raise UserError(
            f"it is a {quote(kind)}; only Sequential and Functional models say what they are made "
            "of: build it as one of these"
        )
    layers = settings_of(model).get("layers")
    if not isinstance(layers, list) or not layers:
        raise UserError("its config has no layers")
    numbers: Counter[str] = Counter()
    found = []
    for layer in layers:
        name, kind_of, config = _parts(layer)
        snake = snake_case(kind_of)
        number = numbers[snake]
        numbers[snake] += 1
        part = snake if number == 0 else f"{snake}_{number}"
        sources = () if kind == "Sequential" else _sources(layer, name)
        kind_of = kind_of_operator(kind_of, config)
        operand = operand_of(kind_of, layer.get("inbound_nodes"))
        found.append(LayerEntry(name, kind_of, config, sources, (*path, part), operand))
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


def _sorted(entries: list[LayerEntry]) -> Iterator[LayerEntry]:
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
            if value[0] != CONSTANT:
                yield value[0]
            if len(value) > 3 and isinstance(value[3], Mapping):  # an operator's second argument
                yield from _tensors(value[3].get("y"), depth + 1)
            return
        for each in value:
            yield from _tensors(each, depth + 1)


def output_of(model: Any) -> str | None:
    """Return the layer that gives a functional model's output; None for the last one."""
    found = settings_of(model).get("output_layers", settings_of(model).get("outputLayers"))
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


def snake_case(name: str) -> str:
    """Return a class's name as ``.keras`` files spell it: ``Conv2D`` is ``conv2d``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


@dataclass(frozen=True, eq=False)
class KerasLayer:
    """One layer as a config describes it.

    Attributes
    ----------
    name, kind
        Its own name, and its class.
    config
        Its settings.
    shape
        What reaches it: (channels, height, width) or (features,).
    variables
        Returns those of its weights that are asked for, by name; the names are in Keras's order.
    operand
        The constant of an operator.
    """

    name: str
    kind: str
    config: Mapping[str, Any]
    shape: Shape
    variables: Callable[[tuple[str, ...]], Mapping[str, FloatArray]]
    operand: Operand | None = None

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a setting that is true or false."""
        found = self.config.get(key, default)
        return default if found is None else bool(found)

    def number(self, key: str, default: float) -> float:
        """Return a setting that is a number."""
        found = self.config.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise NotShownError(f"its {key} is {quote(found)}, no number")
        return float(found)

    def pair(self, key: str, default: Pair | None = None) -> Pair:
        """Return a setting that is one whole number, or (rows, columns)."""
        found = self.config.get(key)
        if found is None and default is not None:
            return default
        numbers = found if isinstance(found, list | tuple) else (found, found)
        if len(numbers) != 2 or not all(type(each) is int and each >= 1 for each in numbers):
            raise NotShownError(f"its {key} is {quote(found)}; it must be two whole numbers")
        return numbers[0], numbers[1]

    def padding(self, kernel: Pair, stride: Pair, dilation: Pair) -> Sides:
        """Return the padding (top, left, bottom, right)."""
        found = self.config.get("padding", "valid")
        if found == "same":
            return same_padding(self.shape, kernel, stride, dilation)
        if found != "valid":
            raise NotShownError(f"its padding is {quote(found)}; only valid and same can be shown")
        return NO_PADDING

    def weights(self, names: tuple[str, ...], rank: int) -> Mapping[str, FloatArray]:
        """Return its weights, the first of which must have that many axes."""
        found = self.variables(names)
        for name in names:
            if name not in found:
                raise UserError(f"layer '{quote(self.name)}': its weight '{name}' is missing")
        if found[names[0]].ndim != rank:
            raise UserError(
                f"layer '{quote(self.name)}': its weight '{names[0]}' has the shape "
                f"{found[names[0]].shape}, which is none of a {self.kind}"
            )
        return found
