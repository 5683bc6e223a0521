"""PyTorch: a ``state_dict`` as ``torch.save`` writes it; all that could run code is refused."""

from __future__ import annotations

import io
import pickle
import warnings
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import torch

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.described import described_graph
from cnnviz.importing.formats import ModelFormat, NetworkFile, ReadingOptions
from cnnviz.importing.graph import ImportedGraph
from cnnviz.importing.limits import LARGEST_FILE, count_of, quote

EXPORT = (
    "import an ONNX model of it (torch.onnx.export), or its state_dict "
    "(torch.save(model.state_dict(), 'net.pt')) with --like"
)
PICKLES = tuple(bytes([0x80, protocol]) for protocol in (2, 3, 4, 5))
"""How pickles begin that are no zip: those of torch before 1.6, and whatever else Python wrote."""

STATES = ("state_dict", "model_state_dict", "model", "net", "params")
"""Under which names checkpoints keep the state_dict among other things."""


class TorchFormat(ModelFormat):
    """A zip with a pickle of names and shapes, and the numbers beside it."""

    name = "PyTorch state_dict"
    needs_description = True

    def recognises(self, file: NetworkFile) -> bool:
        """Return whether it is anything that torch writes, or a pickle of anybody's."""
        members = file.members
        is_zip = "data.pkl" in members or "constants.pkl" in members or _is_exported(members)
        return is_zip or file.head.startswith(PICKLES)

    def read(self, file: NetworkFile, options: ReadingOptions) -> ImportedGraph:
        """Return the described network with the weights in the file."""
        members = file.members
        if not members:
            raise UserError(
                "it is a pickle, as torch before 1.6 and other programs write it; such files can "
                f"run code and are not read: {EXPORT}"
            )
        if _is_exported(members):
            raise UserError(f"it is an exported program of torch (.pt2), not its weights: {EXPORT}")
        if "constants.pkl" in members or any(name.startswith("code/") for name in members):
            raise UserError(f"it is a TorchScript model, which is code, not its weights: {EXPORT}")
        return described_graph(_load(file), options, is_ordered=True)


def _is_exported(members: tuple[str, ...]) -> bool:
    """Return whether a zip is what ``torch.export.save`` writes."""
    marks = ("archive_format", "serialized_exported_program.json", "models/model.json")
    return any(name in members for name in marks)


def _load(file: NetworkFile) -> dict[str, FloatArray]:
    """Return the tensors of a state_dict by name."""
    with zipfile.ZipFile(file.path) as archive:
        declared = sum(entry.file_size for entry in archive.infolist())
    if declared > LARGEST_FILE or declared > 2 * file.path.stat().st_size + 2**20:
        raise UserError(
            f"it declares {declared:,} bytes, but has {file.path.stat().st_size:,}: torch does not "
            "pack its files, so it is made to fill memory or larger than what is read"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            held = torch.load(io.BytesIO(file.content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise UserError(
            f"it holds more than weights ({_named_by(error)}), such as a whole model, which could "
            f"run code: {EXPORT}"
        ) from None
    except Exception as error:  # torch raises many kinds of errors for damaged files
        reason = quote(" ".join(str(error).split()))
        raise UserError(f"it is a damaged or cut off file of torch ({reason})") from None
    return {name: _array(name, tensor) for name, tensor in _state_of(held).items()}


def _named_by(error: Exception) -> str:
    """Return which of a pickle's globals torch refuses."""
    words = str(error).split()
    for before, word in pairwise(words):
        if before.lower() == "global" and "." in word:
            return quote(word)
    return "objects of other kinds"


def _state_of(held: Any) -> Mapping[str, torch.Tensor]:
    """Return the state_dict in what was loaded, which may keep it among other things."""
    for _ in range(3):
        if isinstance(held, Mapping) and held and all(isinstance(key, str) for key in held):
            if all(isinstance(value, torch.Tensor) for value in held.values()):
                return held
            inner = next((held[key] for key in STATES if isinstance(held.get(key), Mapping)), None)
            if inner is not None:
                held = inner
                continue
        break
    raise UserError(f"it holds no state_dict, which is tensors by name: {EXPORT}")


def _array(name: str, tensor: torch.Tensor) -> FloatArray:
    """Return a tensor's numbers; one that declares more than it holds is refused."""
    what = f"tensor '{quote(name)}'"
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_complex():
        raise UserError(f"{what} is sparse, quantised or complex; save plain numbers")
    count = count_of(list(tensor.shape), what)
    if tensor.device.type != "cpu" or count > tensor.untyped_storage().nbytes():
        raise UserError(f"{what} declares {count:,} numbers, but holds fewer")
    found: FloatArray = tensor.detach().to(torch.float32).contiguous().numpy()
    return found
