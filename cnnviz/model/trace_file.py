"""Traces as bytes: safetensors, which holds numbers only, with the architecture as JSON.

Outputs that follow from what is read without any weight or window (ReLU, additions, the vector) are
not kept but made again: in a large network they are half of all.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save

from cnnviz.layers import KINDS, Layer, Shape
from cnnviz.model.architecture import INPUT, Architecture, InputDescription
from cnnviz.model.trace import LayerTrace, Trace

METADATA_KEY = "architecture"

DTYPES = {"F32": "<f4", "U8": "u1"}
"""What safetensors calls the kinds of numbers in a trace, and what NumPy does."""


def trace_bytes(trace: Trace) -> bytes:
    """Return a trace as the content of a file."""
    arrays = {
        "picture": trace.picture,
        "photo": trace.photo,
        "input": trace.layers[0].input,
        "probabilities": trace.probabilities,
    }
    for layer in trace.layers:
        if not _is_made_again(layer.layer):
            arrays[f"{layer.name}.output"] = layer.output
        if layer.weight is not None and layer.bias is not None:
            arrays[f"{layer.name}.weight"] = layer.weight
            arrays[f"{layer.name}.bias"] = layer.bias
    architecture = asdict(trace.architecture)
    architecture["layers"] = [
        {"kind": layer.kind, "name": layer.name, "inputs": layer.inputs, "sizes": layer.sizes()}
        for layer in trace.architecture.layers
    ]
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return save(plain, {METADATA_KEY: json.dumps(architecture)})


def trace_from_bytes(content: bytes) -> Trace:
    """Return the trace that :func:`trace_bytes` wrote down; its arrays are read-only."""
    header_end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:header_end])
    architecture = _architecture(json.loads(header.pop("__metadata__")[METADATA_KEY]))
    arrays = {name: _array(content, header_end, entry) for name, entry in header.items()}
    layers: list[LayerTrace] = []
    outputs = {INPUT: arrays["input"]}
    for layer in architecture.layers:
        inputs = tuple(outputs[each] for each in architecture.sources_of(layer.name))
        if _is_made_again(layer):
            output = layer.forward(*inputs).astype(np.float32)
            output.setflags(write=False)
        else:
            output = arrays[f"{layer.name}.output"]
        outputs[layer.name] = output
        weight, bias = (arrays.get(f"{layer.name}.{what}") for what in ("weight", "bias"))
        layers.append(LayerTrace(layer, weight, bias, inputs, output))
    return Trace(
        architecture=architecture,
        picture=arrays["picture"],
        photo=arrays["photo"],
        layers=tuple(layers),
        logits=layers[-1].output,
        probabilities=arrays["probabilities"],
    )


def _array(content: bytes, header_end: int, entry: dict[str, Any]) -> npt.NDArray[Any]:
    """Return one array of the content, not copied: of large networks that would be much."""
    kind, shape = np.dtype(DTYPES[entry["dtype"]]), entry["shape"]
    first = header_end + entry["data_offsets"][0]
    return np.frombuffer(content, kind, math.prod(shape), first).reshape(shape)


def _is_made_again(layer: Layer) -> bool:
    return not layer.parameter_shapes and not layer.slides


def _architecture(table: dict[str, Any]) -> Architecture:
    described = table["input"]
    description = InputDescription(
        **{**described, "mean": tuple(described["mean"]), "std": tuple(described["std"])}
    )
    return Architecture(
        name=table["name"],
        input=description,
        layers=_layers(table["layers"], description.shape),
        classes=tuple(table["classes"]),
        names={language: tuple(names) for language, names in table.get("names", {}).items()},
    )


def _layers(tables: list[dict[str, Any]], shape: Shape) -> tuple[Layer, ...]:
    layers: list[Layer] = []
    shapes = {INPUT: shape}
    before = INPUT
    for table in tables:
        name, inputs = table["name"], tuple(table["inputs"])
        sizes = {
            key: tuple(value) if isinstance(value, list) else value
            for key, value in table["sizes"].items()
        }
        kind, read = KINDS[table["kind"]], [shapes[each] for each in inputs or (before,)]
        entering = kind.joined(read) or read[0]
        layer = kind.described(name, sizes, entering, None).reading(*inputs)
        shapes[name] = layer.output_shape(entering)
        layers.append(layer)
        before = name
    return tuple(layers)
