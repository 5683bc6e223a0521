"""TensorFlow.js layers models: ``model.json`` with the layers, and shards with their weights."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.formats import ModelFormat, NetworkFile, ReadingOptions
from cnnviz.importing.graph import ImportedGraph
from cnnviz.importing.keras_graph import read_keras_graph
from cnnviz.importing.keras_weights import NamedWeights
from cnnviz.importing.limits import LARGEST_FILE, LARGEST_TEXT, count_of, quote

TYPES: Mapping[str, str] = {
    "float32": "<f4",
    "float16": "<f2",
    "uint8": "<u1",
    "uint16": "<u2",
    "int32": "<i4",
    "bool": "<u1",
}
"""How values lie in shards, without gaps, in the manifest's order."""


class TensorFlowJsFormat(ModelFormat):
    """What ``tensorflowjs_converter`` and ``model.save`` of TensorFlow.js write.

    https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts says what is in it.
    """

    name = "TensorFlow.js layers model"

    def recognises(self, file: NetworkFile) -> bool:
        """Return whether the content is JSON with a topology and a manifest of weights."""
        start = file.head.lstrip(b" \t\r\n\xef\xbb\xbf")
        if not start.startswith(b"{") or file.path.stat().st_size > LARGEST_TEXT:
            return False
        content = file.content
        return b'"modelTopology"' in content or b'"weightsManifest"' in content

    def read(self, file: NetworkFile, options: ReadingOptions) -> ImportedGraph:
        """Return the network in a ``model.json`` and its shards."""
        model = parse_json(file.content, "it")
        if model.get("format") == "graph-model":
            raise UserError(
                "it is a graph model of TensorFlow.js, whose operations are fused; convert the "
                "Keras model with --output_format=tfjs_layers_model, or import that (.keras, .h5)"
            )
        topology = model.get("modelTopology")
        if not isinstance(topology, dict):
            raise UserError("it has no modelTopology")
        config = topology.get("model_config", topology)
        weights = dict(_read_manifest(model.get("weightsManifest"), file.path.parent))
        return read_keras_graph(config, NamedWeights(weights), options)

    def parts(self, file: NetworkFile) -> Iterable[Path]:
        """Return the shards."""
        manifest = parse_json(file.content, "it").get("weightsManifest", [])
        return [_shard(file.path.parent, path) for group in manifest for path in group["paths"]]


def parse_json(content: bytes, what: str) -> dict[str, Any]:
    """Return the object that a JSON text is.

    Raises
    ------
    UserError
        If it is not JSON, or no object.
    """
    if len(content) > LARGEST_TEXT:
        raise UserError(f"{what} has {len(content):,} bytes; at most {LARGEST_TEXT:,} are read")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{what} is not JSON: {quote(str(error))}") from None
    if not isinstance(found, dict):
        raise UserError(f"{what} is no JSON object")
    return found


def _read_manifest(manifest: Any, folder: Path) -> Iterator[tuple[str, FloatArray]]:
    """Yield the weights of all groups of a manifest, by name."""
    if not isinstance(manifest, list) or not all(isinstance(group, dict) for group in manifest):
        raise UserError("its weightsManifest is no list of groups")
    names: set[str] = set()
    left = LARGEST_FILE
    for group in manifest:
        paths, entries = group.get("paths"), group.get("weights")
        if not isinstance(paths, list) or not isinstance(entries, list):
            raise UserError("a group of its weightsManifest has no paths or no weights")
        sizes = [_size_of(entry) for entry in entries]
        left -= sum(sizes)
        if left < 0:
            raise UserError(f"it declares more than {LARGEST_FILE:,} bytes of weights")
        content = _joined_shards([_shard(folder, path) for path in paths], sum(sizes))
        start = 0
        for entry, size in zip(entries, sizes, strict=True):
            name = entry["name"]
            if name in names:
                raise UserError(f"it declares the weight '{quote(name)}' twice")
            names.add(name)
            yield name, _values(entry, content[start : start + size])
            start += size


def _size_of(entry: Any) -> int:
    """Return the bytes that a weight takes in the shards."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise UserError("a weight in its weightsManifest has no name")
    what = f"weight '{quote(entry['name'])}'"
    if not isinstance(entry.get("shape"), list):
        raise UserError(f"{what} has no shape")
    return count_of(entry["shape"], what) * _stored_type(entry).itemsize


def _stored_type(entry: Mapping[str, Any]) -> np.dtype[Any]:
    what = f"weight '{quote(entry['name'])}'"
    kind = entry.get("dtype")
    if "quantization" in entry:
        if not isinstance(entry["quantization"], dict):
            raise UserError(f"{what} has no valid quantization")
        kind = entry["quantization"].get("dtype")
    if not isinstance(kind, str) or kind not in TYPES:
        raise UserError(f"{what} is of type {quote(kind)}; known are {', '.join(TYPES)}")
    return np.dtype(TYPES[kind])


def _values(entry: Mapping[str, Any], content: bytes) -> FloatArray:
    """Return a weight's values: what is quantised is ``min + scale * q``."""
    stored: npt.NDArray[Any] = np.frombuffer(content, _stored_type(entry))
    values = stored.astype(np.float32)
    quantised = entry.get("quantization")
    if quantised and "scale" in quantised:
        scale, least = quantised.get("scale"), quantised.get("min")
        for number in (scale, least):
            is_number = isinstance(number, int | float) and not isinstance(number, bool)
            if not is_number or not math.isfinite(number):
                raise UserError(f"weight '{quote(entry['name'])}' has no valid quantization")
        values = (stored.astype(np.float64) * scale + least).astype(np.float32)
    return values.reshape(entry["shape"])


def _shard(folder: Path, path: Any) -> Path:
    """Return a shard's file, which must lie in the folder of model.json."""
    root = Path(os.path.realpath(folder))
    if not isinstance(path, str) or not path or os.path.isabs(path):
        raise UserError(f"its shard {quote(path)} is no name of a file beside it")
    try:
        shard = Path(os.path.realpath(root / path))
        is_file = shard.is_file()
    except (OSError, ValueError):
        raise UserError(f"its shard {quote(path)} is no name of a file beside it") from None
    if not shard.is_relative_to(root):
        raise UserError(
            f"its shard '{quote(path)}' lies outside of its folder; only files beside it are read"
        )
    if not is_file:
        raise UserError(f"its shard '{quote(path)}' is missing; put it beside it")
    return shard


def _joined_shards(shards: list[Path], size: int) -> bytes:
    """Return the content of a group's shards, which must have exactly the bytes it declares."""
    there = sum(shard.stat().st_size for shard in shards)
    if there != size:
        names = ", ".join(f"'{quote(shard.name)}'" for shard in shards[:3]) or "no shards"
        raise UserError(
            f"it declares {size:,} bytes of weights, but {names} hold {there:,}: a shard is cut "
            "off or belongs to another model"
        )
    try:
        return b"".join(shard.read_bytes() for shard in shards)
    except OSError as error:
        raise UserError(f"cannot read a shard: {error.strerror}") from None
