"""Weights files: safetensors that describe their network completely.

The file's metadata has one key, ``cnnviz``, whose value is JSON::

    {"version": 1, "name": ..., "input": {"channels", "height", "width"}, "layers": [...],
     "classes": [...], "mean": [...], "std": [...], "names": {"zh": [...]}}

with `name`, `input` and `layers` as in a network description (:mod:`.descriptions`); `names`, what
the classes are called in other languages, is there only if there are any. Tensors are float32 and
named as in torch's ``state_dict``: ``conv_1_1.weight``, ``conv_1_1.bias`` and so on.
One metadata key, because safetensors keeps no order of keys: the same network gives the same
bytes. Safetensors holds numbers only; a pickle, which can run code, is never loaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import save as safetensors_bytes

from cnnviz.errors import UserError
from cnnviz.model.architecture import Architecture
from cnnviz.network.descriptions import description_table, parse_architecture
from cnnviz.network.efficientnet import load_efficientnet
from cnnviz.network.files import write_together
from cnnviz.network.network import Network
from cnnviz.weights import named_weights, weights_file

FORMAT_VERSION = 1
METADATA_KEY = "cnnviz"
MAX_HEADER_BYTES = 1_000_000
IMPORT_FIRST = "import it with 'cnnviz weights import', which writes a file that can be loaded"
PICKLE_SIGNATURES = (b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
"""The first bytes of torch's zip files and of pickles of protocols 2 to 5."""


PACKAGED: Mapping[str, Callable[[Path], Network]] = {"efficientnet_lite0": load_efficientnet}
"""How networks are read whose files, in packages of others, do not describe themselves."""


def save_network(network: Network, path: str | Path) -> None:
    """Write a network's weights file; it appears under its name only when it is whole.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    write_together({Path(path): weights_bytes(network)})


def weights_bytes(network: Network) -> bytes:
    """Return the content of a network's weights file."""
    architecture = network.architecture
    metadata: dict[str, Any] = {
        "version": FORMAT_VERSION,
        **description_table(architecture),
        "classes": architecture.classes,
        "mean": architecture.input.mean,
        "std": architecture.input.std,
    }
    if architecture.names:
        metadata["names"] = architecture.names
    tensors = {name: value.contiguous() for name, value in network.module.state_dict().items()}
    return safetensors_bytes(tensors, {METADATA_KEY: json.dumps(metadata, ensure_ascii=False)})


def load_network(path: str | Path | None = None) -> Network:
    """Read a weights file.

    Parameters
    ----------
    path
        A ``.safetensors`` file made by cnnviz, or the name of a network that comes with it, such
        as ``"lenet_5"``; None for its Tiny VGG.

    Raises
    ------
    UserError
        If the file is not a whole and valid weights file; names the file and the reason.
    """
    named = named_weights(path)
    path = weights_file(path)
    if named is not None and named.package is not None:
        return PACKAGED[named.name](path)
    try:
        _check_is_safetensors(path)
        with safetensors.safe_open(path, framework="pt") as file:
            network = Network.build(_read_architecture(file.metadata()))
            _load_tensors(network, file)
    except (UserError, safetensors.SafetensorError) as error:
        raise UserError(f"cannot load weights file '{path}': {error}") from None
    except OSError as error:
        raise UserError(f"cannot load weights file '{path}': {error.strerror or error}") from None
    return network


def _check_is_safetensors(path: Path) -> None:
    """Say in plain words what a file is that is no safetensors file."""
    if path.is_dir():
        raise UserError("it is a folder")
    if path.exists() and not path.is_file():
        raise UserError("it is not an ordinary file")
    with path.open("rb") as file:
        start = file.read(9)
    if not start:
        raise UserError("it is empty")
    if start[8:] != b"{":
        if start.startswith(PICKLE_SIGNATURES):
            raise UserError(
                "it is a pickle (a torch .pt file or a zip), which can run code and is never "
                f"loaded; {IMPORT_FIRST}"
            )
        raise UserError(f"it is not a safetensors file; {IMPORT_FIRST}")
    header_bytes = int.from_bytes(start[:8], "little")
    if header_bytes > MAX_HEADER_BYTES:
        raise UserError(
            f"its header claims {header_bytes:,} bytes; at most {MAX_HEADER_BYTES:,} are allowed"
        )


def _read_architecture(metadata: dict[str, str] | None) -> Architecture:
    """Return the architecture that a file's metadata describes."""
    if not metadata or METADATA_KEY not in metadata:
        raise UserError(f"it does not say which network its tensors belong to; {IMPORT_FIRST}")
    try:
        table = json.loads(metadata[METADATA_KEY])
    except (ValueError, RecursionError) as error:
        raise UserError(f"its description is not JSON: {error}") from None
    if not isinstance(table, dict):
        raise UserError("its description is not a JSON object")
    version = table.pop("version", None)
    if version != FORMAT_VERSION:
        raise UserError(
            f"it has format version {version!r}; this cnnviz reads version {FORMAT_VERSION}"
        )
    classes = _pop_list(table, "classes", str)
    mean = _pop_list(table, "mean", float)
    std = _pop_list(table, "std", float)
    names = _pop_names(table)
    return replace(parse_architecture(table, classes, mean, std), names=names)


def _pop_list(table: dict[str, Any], key: str, kind: type[str] | type[float]) -> list[Any]:
    values = table.pop(key, None)
    if not isinstance(values, list) or not all(type(value) is kind for value in values):
        words = "names" if kind is str else "decimal numbers"
        raise UserError(f"{key} is {values!r}; it must be a list of {words}")
    return values


def _pop_names(table: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the class names by language, of which files from before have none."""
    names = table.pop("names", {})
    if not isinstance(names, dict):
        raise UserError(f"names is {names!r}; it must be an object of lists, by language")
    return {language: tuple(_pop_list(dict(names), language, str)) for language in names}


def _load_tensors(network: Network, file: Any) -> None:
    """Fill the network's parameters from an open safetensors file, if they match exactly."""
    names = set(file.keys())
    parameters = dict(network.module.named_parameters())
    if missing := sorted(parameters.keys() - names):
        raise UserError(f"tensor {missing[0]!r} is missing")
    if surplus := sorted(names - parameters.keys()):
        raise UserError(f"tensor {surplus[0]!r} belongs to no layer")
    for name, parameter in parameters.items():
        stored = file.get_slice(name)
        if stored.get_dtype() != "F32":
            raise UserError(f"tensor {name!r} is of type {stored.get_dtype()}; it must be F32")
        if tuple(stored.get_shape()) != tuple(parameter.shape):
            raise UserError(
                f"tensor {name!r} has shape {tuple(stored.get_shape())}; "
                f"the layer needs {tuple(parameter.shape)}"
            )
        values = file.get_tensor(name)
        if not torch.isfinite(values).all():
            raise UserError(f"tensor {name!r} contains values that are not finite numbers")
        with torch.no_grad():
            parameter.copy_(values)
