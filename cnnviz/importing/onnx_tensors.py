"""The constants of an ONNX model: what they declare is compared with what there is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, numpy_helper

from cnnviz.errors import UserError
from cnnviz.importing.limits import LARGEST_FILE, count_of, quote

ITEM_SIZES: Mapping[int, int] = {
    TensorProto.FLOAT: 4,
    TensorProto.DOUBLE: 8,
    TensorProto.FLOAT16: 2,
    TensorProto.BFLOAT16: 2,
    TensorProto.INT64: 8,
    TensorProto.INT32: 4,
    TensorProto.INT8: 1,
    TensorProto.UINT8: 1,
    TensorProto.BOOL: 1,
}
"""Bytes of each type of number that is read."""

LISTS: Mapping[int, str] = {
    TensorProto.FLOAT: "float_data",
    TensorProto.DOUBLE: "double_data",
    TensorProto.INT64: "int64_data",
}
"""Where values are that are not in `raw_data`; all other types keep them in `int32_data`."""


def read_tensor(tensor: TensorProto, folder: Path) -> npt.NDArray[Any]:
    """Return a constant's values; those in another file are read into the message first.

    Parameters
    ----------
    tensor
        The message. What it holds of another file is put into it.
    folder
        Where the model lies; other files must lie in it.

    Raises
    ------
    UserError
        If it is of a type or size that is not read, or holds more or less than it declares.
    """
    what = f"tensor '{quote(tensor.name)}'"
    if tensor.data_type not in ITEM_SIZES:
        kind = (
            TensorProto.DataType.Name(tensor.data_type)
            if tensor.data_type in (TensorProto.DataType.values())
            else tensor.data_type
        )
        raise UserError(f"{what} is of type {kind}; only numbers can be read")
    count = count_of(list(tensor.dims), what)
    size = count * ITEM_SIZES[tensor.data_type]
    if tensor.data_location == TensorProto.EXTERNAL:
        _read_external(tensor, size, what, folder)
    if tensor.HasField("raw_data"):
        if len(tensor.raw_data) != size:
            raise UserError(f"{what} declares {size:,} bytes, but holds {len(tensor.raw_data):,}")
    else:
        held = len(getattr(tensor, LISTS.get(tensor.data_type, "int32_data")))
        if held != count:
            raise UserError(f"{what} declares {count:,} numbers, but holds {held:,}")
    return np.asarray(numpy_helper.to_array(tensor))


def _read_external(tensor: TensorProto, size: int, what: str, folder: Path) -> None:
    """Put the values of another file into the message."""
    entries = {entry.key: entry.value for entry in tensor.external_data}
    location = entries.get("location", "")
    path = _inside(folder, location, what)
    try:
        offset, length = int(entries.get("offset", 0)), int(entries.get("length", size))
    except ValueError:
        raise UserError(f"{what} lies at no number of bytes in '{quote(location)}'") from None
    there = path.stat().st_size
    if length != size or offset < 0:
        raise UserError(f"{what} declares {size:,} bytes, but {length:,} in '{quote(location)}'")
    if offset + size > there:
        raise UserError(
            f"{what} ends at byte {offset + size:,} of '{quote(location)}', which has {there:,}"
        )
    try:
        with path.open("rb") as file:
            file.seek(offset)
            tensor.raw_data = file.read(size)
    except OSError as error:
        raise UserError(f"cannot read '{quote(location)}': {error.strerror}") from None
    del tensor.external_data[:]
    tensor.data_location = TensorProto.DEFAULT


def _inside(folder: Path, location: str, what: str) -> Path:
    """Return the file of that name in the model's folder."""
    root = Path(os.path.realpath(folder))
    try:
        path = Path(os.path.realpath(root / location))
        is_file = path.is_file()
    except (OSError, ValueError):
        raise UserError(f"{what} names the file '{quote(location)}', which is no name") from None
    if not location or os.path.isabs(location) or not path.is_relative_to(root):
        raise UserError(
            f"{what} lies in '{quote(location)}', outside of the model's folder; "
            "only files beside the model are read"
        )
    if not is_file:
        raise UserError(
            f"{what} lies in '{quote(location)}', which is missing; put it beside the model"
        )
    if path.stat().st_size > LARGEST_FILE:
        raise UserError(f"'{quote(location)}' has more than {LARGEST_FILE:,} bytes")
    return path


def read_attributes(node: onnx.NodeProto, folder: Path) -> dict[str, Any]:
    """Return a node's attributes by name: numbers, lists of them, text, or arrays."""
    found: dict[str, Any] = {}
    for attribute in node.attribute:
        kind = attribute.type
        if kind == onnx.AttributeProto.TENSOR:
            found[attribute.name] = read_tensor(attribute.t, folder)
        elif kind == onnx.AttributeProto.FLOAT:
            found[attribute.name] = attribute.f
        elif kind == onnx.AttributeProto.INT:
            found[attribute.name] = attribute.i
        elif kind == onnx.AttributeProto.STRING:
            found[attribute.name] = attribute.s.decode("utf-8", "replace")
        elif kind == onnx.AttributeProto.INTS:
            found[attribute.name] = list(attribute.ints)
        elif kind == onnx.AttributeProto.FLOATS:
            found[attribute.name] = list(attribute.floats)
    return found
