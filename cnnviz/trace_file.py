"""Traces as files: safetensors, which holds numbers only, with the architecture as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import numpy as np
import safetensors
from safetensors.numpy import save_file

from cnnviz.architecture import Architecture, InputDescription, Layer
from cnnviz.traces import LayerTrace, Trace

LAYERS = {kind.kind: kind for kind in get_args(Layer)}
METADATA_KEY = "architecture"


def save_trace(trace: Trace, path: Path) -> None:
    """Write a trace to a file."""
    arrays = {
        "picture": trace.picture,
        "photo": trace.photo,
        "input": trace.layers[0].input,
        "probabilities": trace.probabilities,
    }
    for layer in trace.layers:
        arrays[f"{layer.name}.output"] = layer.output
        if layer.weight is not None and layer.bias is not None:
            arrays[f"{layer.name}.weight"] = layer.weight
            arrays[f"{layer.name}.bias"] = layer.bias
    architecture = asdict(trace.architecture)
    architecture["layers"] = [
        {"kind": layer.kind, **asdict(layer)} for layer in trace.architecture.layers
    ]
    plain = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    save_file(plain, path, {METADATA_KEY: json.dumps(architecture)})


def load_trace(path: Path) -> Trace:
    """Return the trace that :func:`save_trace` wrote; its arrays are read-only.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError, safetensors.SafetensorError
        If it is no whole trace file.
    """
    with safetensors.safe_open(path, framework="np") as file:
        architecture = _architecture(json.loads(file.metadata()[METADATA_KEY]))
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    for array in arrays.values():
        array.setflags(write=False)
    layers: list[LayerTrace] = []
    for layer in architecture.layers:
        layers.append(
            LayerTrace(
                layer=layer,
                weight=arrays.get(f"{layer.name}.weight"),
                bias=arrays.get(f"{layer.name}.bias"),
                input=layers[-1].output if layers else arrays["input"],
                output=arrays[f"{layer.name}.output"],
            )
        )
    return Trace(
        architecture=architecture,
        picture=arrays["picture"],
        photo=arrays["photo"],
        layers=tuple(layers),
        logits=layers[-1].output,
        probabilities=arrays["probabilities"],
    )


def _architecture(table: dict[str, Any]) -> Architecture:
    described = table["input"]
    layers = [{**layer} for layer in table["layers"]]
    return Architecture(
        name=table["name"],
        input=InputDescription(
            **{**described, "mean": tuple(described["mean"]), "std": tuple(described["std"])}
        ),
        layers=tuple(LAYERS[layer.pop("kind")](**layer) for layer in layers),
        classes=tuple(table["classes"]),
    )
