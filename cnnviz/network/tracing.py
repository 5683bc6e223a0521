"""What a network computes from a picture, layer by layer."""

from __future__ import annotations

import copy
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.layers import Layer
from cnnviz.model.architecture import INPUT
from cnnviz.model.picture_use import WHITE, Colour
from cnnviz.model.trace import LayerTrace, Trace
from cnnviz.network.network import Network
from cnnviz.network.picture import load_picture

Number = TypeVar("Number", np.float32, np.uint8)


def trace(
    image: object,
    network: Network,
    crop: tuple[int, int, int, int] | None = None,
    background: Colour = WHITE,
) -> Trace:
    """Let a network look at a picture and keep everything it computes.

    Each layer's output is computed in double precision from its float32 input and rounded to
    float32. So the same picture gives the same numbers on every machine, however many
    threads torch uses, and they agree with plain float32 to about six digits.

    Parameters
    ----------
    image, crop, background
        As in :func:`cnnviz.network.picture.load_picture`.
    network
        The network.

    Returns
    -------
    Trace
        Its arrays are contiguous and read-only.

    Raises
    ------
    UserError
        If the picture cannot be read, the crop does not lie inside it, or the network's
        weights are so large that its scores are no numbers.
    """
    picture = load_picture(image, network.input, crop, background)
    outputs = {INPUT: _normalise(picture.values, network)}
    layers = []
    for layer, module in zip(network.layers, network.module, strict=True):
        sources = network.architecture.sources_of(layer.name)
        entry = _trace_layer(layer, module, *(outputs[source] for source in sources))
        layers.append(entry)
        outputs[layer.name] = entry.output
    values = layers[-1].output
    if not np.isfinite(values).all():
        raise UserError(f"the scores of network {network.name!r} are not finite numbers")
    return Trace(
        architecture=network.architecture,
        picture=_read_only(picture.values),
        photo=_read_only(picture.photo),
        layers=tuple(layers),
        logits=values,
        probabilities=_read_only(softmax(values)),
    )


def softmax(logits: FloatArray) -> FloatArray:
    """Return ``exp(z) / sum(exp(z))``, computed from ``z - max(z)`` so that nothing overflows."""
    exponentials = np.exp(logits.astype(np.float64) - logits.max())
    probabilities: FloatArray = (exponentials / exponentials.sum()).astype(np.float32)
    return probabilities


def _trace_layer(layer: Layer, module: torch.nn.Module, *inputs: FloatArray) -> LayerTrace:
    parameters = {name: _as_array(value.clone()) for name, value in module.named_parameters()}
    # Of large networks only one layer's weights at a time are there in double precision.
    double = copy.deepcopy(module).double()
    with torch.no_grad():
        output = double(*(torch.tensor(each, dtype=torch.float64)[None] for each in inputs))[0]
    return LayerTrace(
        layer=layer,
        weight=parameters.get("weight"),
        bias=parameters.get("bias"),
        inputs=inputs,
        output=_as_array(output),
    )


def _normalise(values: FloatArray, network: Network) -> FloatArray:
    """Return the picture as the first layer sees it."""
    if not network.input.is_normalised:
        return _read_only(values)
    mean = np.array(network.input.mean)[:, np.newaxis, np.newaxis]
    std = np.array(network.input.std)[:, np.newaxis, np.newaxis]
    return _read_only(((values - mean) / std).astype(np.float32))


def _as_array(tensor: torch.Tensor) -> FloatArray:
    return _read_only(tensor.detach().float().contiguous().numpy())


def _read_only(array: npt.NDArray[Number]) -> npt.NDArray[Number]:
    array.setflags(write=False)
    return array
