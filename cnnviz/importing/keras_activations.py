"""Activations of Keras."""

from __future__ import annotations

from collections.abc import Mapping

from cnnviz.importing.advice import MULTI_LABEL, SMOOTH, TRAIN_WITH_RELU
from cnnviz.importing.graph import NotShownError
from cnnviz.importing.keras_config import KerasLayer
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import Leak, Operation, Rectifier, Sigmoid, Softmax


def relu(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return ReLU or ReLU6."""
    ceiling, slope, least = (
        layer.config.get(key) for key in ("max_value", "negative_slope", "threshold")
    )
    if least or (slope and ceiling is not None):
        raise NotShownError("it begins elsewhere, or leaks below a ceiling; use plain ReLU")
    if slope:
        return (Leak(layer.number("negative_slope", 0)),)
    if ceiling is None:
        return (Rectifier(),)
    if ceiling == 6:
        return (Rectifier(6),)
    raise NotShownError(f"it ends at {quote(ceiling)}; only ReLU and ReLU6 can be shown")


def relu6(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return ReLU6."""
    return (Rectifier(6),)


def leaky_relu(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return a leaky ReLU; Keras 2 called its slope alpha."""
    return (Leak(layer.number("negative_slope", layer.number("alpha", 0.3))),)


def prelu(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return a leaky ReLU whose slopes were learned: one for each channel."""
    slopes = layer.weights(("alpha",), len(layer.shape))["alpha"]
    is_shared = slopes.ndim == 3 and slopes.shape[:2] == (1, 1)
    if not (is_shared or slopes.size == 1):
        raise NotShownError("it has a slope for each place; share them: shared_axes=[1, 2]")
    return (Leak(tuple(slopes.reshape(-1).astype(float).tolist())),)


def activation(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return the activation that a layer's config names."""
    found = layer.config.get("activation")
    if isinstance(found, dict):  # an object rather than a name
        found = found.get("config", {}).get("name") or found.get("class_name")
    word = "linear" if found is None else str(found).lower()
    count = layer.config.get("units") if layer.kind == "Dense" else layer.shape[0]
    if word == "sigmoid" and count == 1 and len(layer.shape) == 1:
        return (Sigmoid(),)
    made = ACTIVATIONS.get(word)
    if made is None:
        reason = SMOOTH if word in SMOOTH_ACTIVATIONS else TRAIN_WITH_RELU
        reason += f"; over classes {MULTI_LABEL}" if word == "sigmoid" else ""
        raise NotShownError(f"its activation is {quote(found)}: {reason}")
    return made


def softmax(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return the softmax over classes."""
    return (Softmax(),)


SMOOTH_ACTIVATIONS = (
    "elu", "exponential", "gelu", "hard_silu", "hard_swish", "mish", "selu", "sigmoid", "silu",
    "softplus", "softsign", "swish", "tanh",
)  # fmt: skip
"""Those that bend everywhere, or in a part of their range."""

ACTIVATIONS: Mapping[str, tuple[Operation, ...]] = {
    "linear": (),
    "relu": (Rectifier(),),
    "relu6": (Rectifier(6),),
    "leaky_relu": (Leak(0.2),),
    "softmax": (Softmax(),),
    "log_softmax": (Softmax(is_logarithm=True),),
}
