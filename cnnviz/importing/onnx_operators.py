"""What each operator of ONNX becomes in a graph of ours.

https://onnx.ai/onnx/operators/ is the reference for attributes and their defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from cnnviz.errors import UserError
from cnnviz.importing import onnx_arithmetic, onnx_reshaping, onnx_windows
from cnnviz.importing.advice import (
    FIT_BEFORE,
    NORMALISE_BATCHES,
    ONLY_CLASSIFIERS,
    PART_OF_GELU,
    REPLACE,
    SMOOTH,
    TRAIN_WITH_RELU,
)
from cnnviz.importing.graph import NotShownError
from cnnviz.importing.onnx_constants import fold
from cnnviz.importing.onnx_values import Constant, OperatorCall, Value

OPERATORS: Mapping[str, Callable[[OperatorCall], Value]] = {
    "Add": onnx_arithmetic.add,
    "AveragePool": onnx_windows.average_pool,
    "BatchNormalization": onnx_arithmetic.batch_normalisation,
    "Cast": onnx_arithmetic.identity,
    "Clip": onnx_arithmetic.clip,
    "Concat": onnx_reshaping.concat,
    "Conv": onnx_windows.conv,
    "Div": onnx_arithmetic.divide,
    "Dropout": onnx_arithmetic.dropout,
    "Flatten": onnx_reshaping.flatten,
    "Gemm": onnx_arithmetic.gemm,
    "GlobalAveragePool": onnx_windows.global_average,
    "GlobalMaxPool": onnx_windows.global_max,
    "Identity": onnx_arithmetic.identity,
    "LeakyRelu": onnx_arithmetic.leaky_relu,
    "LogSoftmax": onnx_arithmetic.softmax,
    "MatMul": onnx_arithmetic.matmul,
    "MaxPool": onnx_windows.max_pool,
    "Mul": onnx_arithmetic.multiply,
    "PRelu": onnx_arithmetic.prelu,
    "Pad": onnx_windows.pad,
    "ReduceMax": onnx_windows.reduce_max,
    "ReduceMean": onnx_windows.reduce_mean,
    "Relu": onnx_arithmetic.relu,
    "Reshape": onnx_reshaping.reshape,
    "Sigmoid": onnx_arithmetic.sigmoid,
    "Softmax": onnx_arithmetic.softmax,
    "Squeeze": onnx_reshaping.squeeze,
    "Sub": onnx_arithmetic.subtract,
    "Sum": onnx_arithmetic.add,
    "Transpose": onnx_reshaping.transpose,
    "Unsqueeze": onnx_reshaping.unsqueeze,
}
"""What is read, by the operator's name."""

WITHOUT_CHANNELS = (
    "Add", "Cast", "Div", "Dropout", "Flatten", "Identity", "Mul", "Reshape", "Sub", "Unsqueeze",
)  # fmt: skip
"""What may be done to a grey picture that has no axis of channels."""

SMOOTH_ACTIVATIONS = (
    "Celu", "Elu", "Exp", "Gelu", "HardSwish", "Mish", "Selu", "Sigmoid", "Softplus",
    "Softsign", "Tanh",
)  # fmt: skip

ADVICE: Mapping[str, str] = {
    **dict.fromkeys(SMOOTH_ACTIVATIONS, SMOOTH),
    **dict.fromkeys(("HardSigmoid", "ThresholdedRelu"), TRAIN_WITH_RELU),
    "Erf": PART_OF_GELU,
    "ConvTranspose": ONLY_CLASSIFIERS,
    "Resize": f"{ONLY_CLASSIFIERS}; if it resizes the picture, {FIT_BEFORE}",
    "Upsample": f"{ONLY_CLASSIFIERS}; if it resizes the picture, {FIT_BEFORE}",
    "If": "export the network without control flow",
    "Loop": "export the network without control flow",
    "Scan": "export the network without control flow",
    "QLinearConv": "export the network before it is quantised",
    "ConvInteger": "export the network before it is quantised",
    "QuantizeLinear": "export the network before it is quantised",
    "DequantizeLinear": "export the network before it is quantised",
    "LayerNormalization": NORMALISE_BATCHES,
    "InstanceNormalization": NORMALISE_BATCHES,
    "GroupNormalization": NORMALISE_BATCHES,
    "LRN": "leave it out and train the network again",
}
"""What could be done about operators that are not read."""


def apply_operator(call: OperatorCall) -> Value | Constant:
    """Return what a node gives.

    Raises
    ------
    NotShownError
        If it cannot be shown; the message says what could be done.
    UserError
        If its inputs do not fit.
    """
    if call.inputs and call.kind == "Shape" and isinstance(call.inputs[0], Value):
        start, end = call.attributes.get("start", 0), call.attributes.get("end")
        return np.array(call.inputs[0].file_shape[start:end], np.int64)
    constants = [each for each in call.inputs if each is not None]
    if constants and not any(isinstance(each, Value) for each in constants):
        folded = fold(
            call.kind, [each for each in constants if isinstance(each, np.ndarray)], call.attributes
        )
        if folded is not None:
            return folded
    operator = OPERATORS.get(call.kind)
    if operator is None:
        raise NotShownError(ADVICE.get(call.kind, REPLACE))
    is_plain = any(isinstance(each, Value) and each.is_plain for each in call.inputs)
    if is_plain and call.kind not in WITHOUT_CHANNELS:
        raise NotShownError("its input must be (batch, channels, height, width)")
    try:
        return operator(call)
    except (ValueError, TypeError, IndexError) as error:
        if isinstance(error, UserError):
            raise
        raise NotShownError(f"its inputs or attributes do not fit ({error})") from None
