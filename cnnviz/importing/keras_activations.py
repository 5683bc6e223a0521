"""Activations of Keras."""

from __future__ import annotations

from collections.abc import Mapping

from cnnviz.importing.graph import NotShownError
from cnnviz.importing.keras_config import KerasLayer
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import Operation, Rectifier, Softmax


def relu(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return ReLU or ReLU6."""
    ceiling, slope, least = (
        layer.config.get(key) for key in ("max_value", "negative_slope", "threshold")
    )
    if slope or least:
        raise NotShownError("it lets negative values through, or begins elsewhere; use plain ReLU")
    if ceiling is None:
        return (Rectifier(),)
    if ceiling == 6:
        return (Rectifier(6),)
    raise NotShownError(f"it ends at {quote(ceiling)}; only ReLU and ReLU6 can be shown")


def activation(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return the activation that a layer's config names."""
    found = layer.config.get("activation")
    if isinstance(found, dict):  # an object rather than a name
        found = found.get("config", {}).get("name") or found.get("class_name")
    word = "linear" if found is None else str(found).lower()
    made = ACTIVATIONS.get(word)
    if made is None:
        raise NotShownError(
            f"its activation is {quote(found)}; train the network with ReLU or ReLU6 in its place"
            + (", and a softmax over two classes at its end" if word == "sigmoid" else "")
        )
    return made


def softmax(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return the softmax over classes."""
    return (Softmax(),)


ACTIVATIONS: Mapping[str, tuple[Operation, ...]] = {
    "linear": (),
    "relu": (Rectifier(),),
    "relu6": (Rectifier(6),),
    "softmax": (Softmax(),),
    "log_softmax": (Softmax(is_logarithm=True),),
}
