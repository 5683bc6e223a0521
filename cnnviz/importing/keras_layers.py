"""What each layer of Keras becomes in a graph of ours.

https://keras.io/api/layers/ is the reference for what a layer's config means. Kernels of Keras are
(rows, columns, in, out); ours, as torch's, (out, in, rows, columns).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from cnnviz.errors import UserError
from cnnviz.importing.advice import (
    CHANNELS_AS_THEY_ARE,
    FIT_BEFORE,
    NORMALISE_BATCHES,
    ONLY_CLASSIFIERS,
    REPLACE,
    SMOOTH,
    TRAIN_WITH_RELU,
)
from cnnviz.importing.graph import NotShownError
from cnnviz.importing.keras_activations import activation, leaky_relu, prelu, relu, relu6, softmax
from cnnviz.importing.keras_config import KerasLayer
from cnnviz.importing.keras_convolutions import conv, dense, depthwise, separable
from cnnviz.importing.keras_operators import (
    ARITHMETIC,
    Operand,
    refuse_two_branches,
    scale_and_shift,
)
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import (
    Addition,
    Affine,
    Concatenation,
    Flattening,
    Identity,
    Operation,
    Padding,
    Pooling,
    PoolingKind,
)


def operations_of(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return what a layer does, one after the other; its activation is the last.

    Raises
    ------
    NotShownError
        If it cannot be shown; the message says what could be done.
    UserError
        If its weights are missing or do not fit.
    """
    check_known(layer.kind, layer.operand)
    try:
        return LAYERS[layer.kind](layer)
    except ValueError as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"layer '{quote(layer.name)}': its weights do not fit its config") from None


def check_known(kind: str, operand: Operand | None) -> None:
    """Raise NotShownError if layers of a class can be shown nowhere."""
    if kind not in LAYERS:
        raise NotShownError(ADVICE.get(kind, REPLACE))
    if kind in ARITHMETIC and operand is None:
        refuse_two_branches(kind)


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


def _pooling(kind: PoolingKind, layer: KerasLayer) -> tuple[Operation, ...]:
    kernel = layer.pair("pool_size", (2, 2))
    stride = layer.pair("strides", kernel)
    return (Pooling(kind, kernel, stride, layer.padding(kernel, stride, (1, 1))),)


def _global_pooling(kind: PoolingKind, layer: KerasLayer) -> tuple[Operation, ...]:
    pooled = Pooling(kind, None)
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
        return (Identity("Reshape"),)
    raise NotShownError(f"it makes {quote(target)} of what it gets; only flattening can be shown")


def _zero_padding(layer: KerasLayer) -> tuple[Operation, ...]:
    found = layer.config.get("padding", 1)
    rows, columns = found if isinstance(found, list | tuple) else (found, found)
    top, bottom = rows if isinstance(rows, list | tuple) else (rows, rows)
    left, right = columns if isinstance(columns, list | tuple) else (columns, columns)
    if not all(type(side) is int and side >= 0 for side in (top, left, bottom, right)):
        raise NotShownError(f"its padding is {quote(found)}")
    return (Padding((top, left, bottom, right)),)


def _arithmetic(layer: KerasLayer) -> tuple[Operation, ...]:
    """Return the sum of branches, or what an operator with a constant does to each channel."""
    if layer.operand is not None:
        return (Affine(*scale_and_shift(layer.kind, layer.operand, layer.shape[0])),)
    return (Addition(),)


def _concatenate(layer: KerasLayer) -> tuple[Operation, ...]:
    axis = layer.config.get("axis", -1)
    if len(layer.shape) == 3 and axis not in (-1, 3):
        raise NotShownError(f"it joins along axis {quote(axis)}; only channels can be joined")
    return (Concatenation(),)


def _identity(layer: KerasLayer) -> tuple[Operation, ...]:
    return (Identity(layer.kind),)


IDENTITIES = (
    "ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise",
    "Identity", "RandomBrightness", "RandomContrast", "RandomCrop", "RandomFlip", "RandomRotation",
    "RandomTranslation", "RandomZoom", "SpatialDropout2D",
)  # fmt: skip
"""Layers that do nothing once a network is trained."""

LAYERS: Mapping[str, Callable[[KerasLayer], tuple[Operation, ...]]] = {
    **dict.fromkeys(IDENTITIES, _identity),
    **dict.fromkeys(ARITHMETIC, _arithmetic),
    "Activation": activation,
    "AveragePooling2D": partial(_pooling, "average"),
    "BatchNormalization": _batch_normalisation,
    "Concatenate": _concatenate,
    "Conv2D": conv,
    "Dense": dense,
    "DepthwiseConv2D": depthwise,
    "Flatten": _flatten,
    "GlobalAveragePooling2D": partial(_global_pooling, "average"),
    "GlobalMaxPooling2D": partial(_global_pooling, "max"),
    "LeakyReLU": leaky_relu,
    "LeakyRelu": leaky_relu,
    "MaxPooling2D": partial(_pooling, "max"),
    "Normalization": _normalisation,
    "PReLU": prelu,
    "ReLU": relu,
    "Relu": relu,
    "Relu6": relu6,
    "Rescaling": _rescaling,
    "Reshape": _reshape,
    "SeparableConv2D": separable,
    "Softmax": softmax,
    "ZeroPadding2D": _zero_padding,
}
"""What is read, by the layer's class."""

ADVICE: Mapping[str, str] = {
    "ELU": SMOOTH,
    "ThresholdedReLU": TRAIN_WITH_RELU,
    "Conv2DTranspose": ONLY_CLASSIFIERS,
    "UpSampling2D": ONLY_CLASSIFIERS,
    "CenterCrop": FIT_BEFORE,
    "GetItem": CHANNELS_AS_THEY_ARE,
    "Stack": CHANNELS_AS_THEY_ARE,
    "Resizing": FIT_BEFORE,
    "Lambda": "it holds Python code, which is never run; replace it with layers",
    "LayerNormalization": NORMALISE_BATCHES,
}
"""What could be done about layers that are not read."""
