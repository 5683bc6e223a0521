"""What each layer of Keras becomes in a graph of ours.

https://keras.io/api/layers/ is the reference for what a layer's config means. Kernels of Keras are
(rows, columns, in, out); ours, as torch's, (out, in, rows, columns).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnnviz.errors import UserError
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import (
    NO_PADDING,
    Addition,
    Affine,
    Convolution,
    Dense,
    Flattening,
    FloatArray,
    Operation,
    Padding,
    Pair,
    Passing,
    Pooling,
    Rectifier,
    Sides,
    Softmax,
)
from cnnviz.layers import Shape
from cnnviz.layers.windows import same_padding


class NotShownError(Exception):
    """A layer cannot be shown; the message says what could be done."""


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
    """

    name: str
    kind: str
    config: Mapping[str, Any]
    shape: Shape
    variables: Callable[[tuple[str, ...]], Mapping[str, FloatArray]]

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


def operations_of(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return what a layer does, one after the other; its activation is the last.

    Raises
    ------
    NotShownError
        If it cannot be shown; the message says what could be done.
    UserError
        If its weights are missing or do not fit.
    """
    check_known(layer.kind)
    try:
        return LAYERS[layer.kind](layer)
    except ValueError as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"layer '{quote(layer.name)}': its weights do not fit its config") from None


def check_known(kind: str) -> None:
    """Raise NotShownError if layers of a class can be shown nowhere."""
    if kind not in LAYERS:
        raise NotShownError(ADVICE.get(kind, NO_ADVICE))


def _conv(layer: KerasLayer) -> tuple[Operation, ...]:
    names = ("kernel", "bias") if layer.flag("use_bias", default=True) else ("kernel",)
    found = layer.weights(names, 4)
    kernel = found["kernel"].transpose(3, 2, 0, 1)
    groups = int(layer.number("groups", 1))
    convolution = _convolution(layer, kernel, found.get("bias"), groups)
    return (convolution, *_activation(layer))


def _depthwise(layer: KerasLayer) -> tuple[Operation, ...]:
    names = ("depthwise_kernel", "bias")
    found = layer.weights(names if layer.flag("use_bias", default=True) else names[:1], 4)
    kernel = _depthwise_kernel(found["depthwise_kernel"])
    convolution = _convolution(layer, kernel, found.get("bias"), found["depthwise_kernel"].shape[2])
    return (convolution, *_activation(layer))


def _separable(layer: KerasLayer) -> tuple[Operation, ...]:
    names = ("depthwise_kernel", "pointwise_kernel", "bias")
    found = layer.weights(names if layer.flag("use_bias", default=True) else names[:2], 4)
    kernel = _depthwise_kernel(found["depthwise_kernel"])
    depthwise = _convolution(layer, kernel, None, found["depthwise_kernel"].shape[2])
    pointwise = found["pointwise_kernel"].transpose(3, 2, 0, 1)
    bias = _bias(found.get("bias"), len(pointwise))
    return (depthwise, Convolution(pointwise, bias), *_activation(layer))


def _depthwise_kernel(kernel: FloatArray) -> FloatArray:
    """Return (channels x multiplier, 1, rows, columns) of (rows, columns, channels, multiplier)."""
    rows, columns, channels, multiplier = kernel.shape
    return kernel.transpose(2, 3, 0, 1).reshape(channels * multiplier, 1, rows, columns)


def _convolution(
    layer: KerasLayer, kernel: FloatArray, bias: FloatArray | None, groups: int
) -> Convolution:
    stride, dilation = layer.pair("strides", (1, 1)), layer.pair("dilation_rate", (1, 1))
    size = (kernel.shape[2], kernel.shape[3])
    return Convolution(
        np.ascontiguousarray(kernel),
        _bias(bias, len(kernel)),
        stride,
        layer.padding(size, stride, dilation),
        dilation,
        groups,
    )


def _bias(bias: FloatArray | None, count: int) -> np.ndarray:
    if bias is None:
        return np.zeros(count)
    if bias.shape != (count,):
        raise UserError(f"a bias has the shape {bias.shape}, where there are {count} channels")
    return bias.astype(np.float64)


def _dense(layer: KerasLayer) -> tuple[Operation, ...]:
    names = ("kernel", "bias") if layer.flag("use_bias", default=True) else ("kernel",)
    found = layer.weights(names, 2)
    weight = np.ascontiguousarray(found["kernel"].T)
    if len(layer.shape) != 1:
        raise NotShownError("it takes maps; flatten them before it")
    return (Dense(weight, _bias(found.get("bias"), len(weight))), *_activation(layer))


def _batch_normalisation(layer: KerasLayer) -> tuple[Operation, ...]:
    axis = layer.config.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    if axis not in (-1, len(layer.shape)):
        raise NotShownError(f"it normalises along axis {quote(axis)}; only channels can be shown")
    has = {"gamma": layer.flag("scale", default=True), "beta": layer.flag("center", default=True)}
    learned = tuple(name for name, is_there in has.items() if is_there)
    found = layer.weights((*learned, "moving_mean", "moving_variance"), 1)
    mean, variance = (found[name].astype(np.float64) for name in ("moving_mean", "moving_variance"))
    if (variance < 0).any():
        raise UserError(f"layer '{quote(layer.name)}': it has a variance below 0")
    gain = found.get("gamma", 1.0) / np.sqrt(variance + layer.number("epsilon", 1e-3))
    return (Affine(gain, found.get("beta", 0.0) - mean * gain),)


def _normalisation(layer: KerasLayer) -> tuple[Operation, ...]:
    """``(x - mean) / sqrt(variance)``: what Keras measured of its data beforehand."""
    if layer.flag("invert", default=False):
        raise NotShownError("it is inverted")
    channels = layer.shape[0]
    if layer.config.get("mean") is not None:
        mean, variance = layer.config.get("mean"), layer.config.get("variance")
    else:
        found = layer.weights(("mean", "variance"), 1)
        mean, variance = found["mean"], found["variance"]
    arrays = [
        np.broadcast_to(np.asarray(each, np.float64).reshape(-1), channels)
        for each in (mean, variance)
    ]
    spread = np.maximum(np.sqrt(arrays[1]), 1e-7)  # Keras's own smallest divisor
    return (Affine(1 / spread, -arrays[0] / spread),)


def _rescaling(layer: KerasLayer) -> tuple[Operation, ...]:
    channels = layer.shape[0]
    return (
        Affine(
            np.full(channels, layer.number("scale", 1)),
            np.full(channels, layer.number("offset", 0)),
        ),
    )


def _relu(layer: KerasLayer) -> tuple[Operation, ...]:
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


def _activation(layer: KerasLayer) -> tuple[Operation, ...]:
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


def _max_pool(layer: KerasLayer) -> tuple[Operation, ...]:
    kernel = layer.pair("pool_size", (2, 2))
    stride = layer.pair("strides", kernel)
    return (Pooling("max", kernel, stride, layer.padding(kernel, stride, (1, 1))),)


def _average_pool(layer: KerasLayer) -> tuple[Operation, ...]:
    kernel = layer.pair("pool_size", (2, 2))
    stride = layer.pair("strides", kernel)
    return (Pooling("average", kernel, stride, layer.padding(kernel, stride, (1, 1))),)


def _global_average(layer: KerasLayer) -> tuple[Operation, ...]:
    pooled = Pooling("average", None)
    return (pooled,) if layer.flag("keepdims", default=False) else (pooled, Flattening())


def _global_max(layer: KerasLayer) -> tuple[Operation, ...]:
    pooled = Pooling("max", None)
    return (pooled,) if layer.flag("keepdims", default=False) else (pooled, Flattening())


def _flatten(layer: KerasLayer) -> tuple[Operation, ...]:
    return (Flattening(channels_last=True),)


def _reshape(layer: KerasLayer) -> tuple[Operation, ...]:
    target = layer.config.get("target_shape")
    count = int(np.prod(layer.shape))
    if target in ([-1], [count]):
        return (Flattening(channels_last=True),)
    channels, *rest = layer.shape
    if rest and target == [*rest, channels]:
        return (Passing("Reshape"),)
    raise NotShownError(f"it makes {quote(target)} of what it gets; only flattening can be shown")


def _zero_padding(layer: KerasLayer) -> tuple[Operation, ...]:
    found = layer.config.get("padding", 1)
    rows, columns = found if isinstance(found, list | tuple) else (found, found)
    top, bottom = rows if isinstance(rows, list | tuple) else (rows, rows)
    left, right = columns if isinstance(columns, list | tuple) else (columns, columns)
    if not all(type(side) is int and side >= 0 for side in (top, left, bottom, right)):
        raise NotShownError(f"its padding is {quote(found)}")
    return (Padding((top, left, bottom, right)),)


def _add(layer: KerasLayer) -> tuple[Operation, ...]:
    return (Addition(),)


def _passing(layer: KerasLayer) -> tuple[Operation, ...]:
    return (Passing(layer.kind),)


def _softmax(layer: KerasLayer) -> tuple[Operation, ...]:
    return (Softmax(),)


ACTIVATIONS: Mapping[str, tuple[Operation, ...]] = {
    "linear": (),
    "relu": (Rectifier(),),
    "relu6": (Rectifier(6),),
    "softmax": (Softmax(),),
    "log_softmax": (Softmax(is_logarithm=True),),
}

PASSING = (
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    "Identity", "RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomRotation",
    "RandomTranslation", "RandomZoom", "SpatialDropout2D",
)  # fmt: skip
"""Layers that do nothing once a network is trained."""

LAYERS: Mapping[str, Callable[[KerasLayer], tuple[Operation, ...]]] = {
    **dict.fromkeys(PASSING, _passing),
    "Activation": _activation,
    "Add": _add,
    "AveragePooling2D": _average_pool,
    "BatchNormalization": _batch_normalisation,
    "Conv2D": _conv,
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise,
    "Flatten": _flatten,
    "GlobalAveragePooling2D": _global_average,
    "GlobalMaxPooling2D": _global_max,
    "MaxPooling2D": _max_pool,
    "Normalization": _normalisation,
    "ReLU": _relu,
    "Rescaling": _rescaling,
    "Reshape": _reshape,
    "SeparableConv2D": _separable,
    "Softmax": _softmax,
    "ZeroPadding2D": _zero_padding,
}
"""What is read, by the layer's class."""

OTHER_ACTIVATIONS = ("ELU", "LeakyReLU", "PReLU", "ThresholdedReLU")

ADVICE: Mapping[str, str] = {
    **dict.fromkeys(OTHER_ACTIVATIONS, "train the network with ReLU or ReLU6 in its place"),
    "Concatenate": "only additions join branches; use a network with skip connections that add",
    "Multiply": "only additions join branches; use a network without attention",
    "Conv2DTranspose": "cnnviz shows classifiers, which make maps smaller",
    "UpSampling2D": "cnnviz shows classifiers, which make maps smaller",
    "Lambda": "it holds Python code, which is never run; replace it with layers",
    "LayerNormalization": "use batch normalisation, which becomes part of the convolutions",
}
"""What could be done about layers that are not read."""

NO_ADVICE = "cnnviz has no layer for it; replace it with convolutions, pooling, ReLU or additions"
