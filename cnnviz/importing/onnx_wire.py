"""A look at a protobuf file before it is parsed: whether it is ONNX, and how much there is in it.

A parsed message takes many times the bytes of the file, except for tensors' values; so what is not
values is counted first, and refused where it is more than any network needs. Field numbers are
those of onnx.proto; the encoding is described at https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnviz.errors import UserError

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
"""Wire types; what is left of the eight are groups, which ONNX does not use."""

LARGEST_STRUCTURE = 16 * 2**20
"""Bytes of everything but tensors' values: a network of a thousand nodes has less than one MiB."""

MOST_FIELDS = 250_000
"""Fields of all messages that are looked into."""


@dataclass(frozen=True)
class Message:
    """Which fields of a message hold messages to look into, and which hold a tensor's values."""

    fields: Mapping[int, Message] = field(default_factory=dict)
    values: frozenset[int] = frozenset()


TENSOR = Message(values=frozenset({4, 9, 10}))  # float_data, raw_data, double_data
ATTRIBUTE = Message({5: TENSOR})
NODE = Message({5: ATTRIBUTE})
GRAPH = Message({1: NODE, 5: TENSOR})
MODEL = Message({7: GRAPH})


def is_onnx(content: memoryview) -> bool:
    """Return whether bytes are a model of ONNX: IR version first, and somewhere a graph."""
    if not content or content[0] != 1 << 3 | VARINT:  # every exporter writes fields in order
        return False
    try:
        kinds = {(number, kind) for number, kind, _, _ in _fields(content, Counter())}
    except UserError:
        return False
    return {(1, VARINT), (7, LENGTH)} <= kinds


def check_structure(content: memoryview) -> None:
    """Raise a UserError if a model is damaged or holds too much besides tensors' values."""
    size = len(content) - _size_of_values(content, MODEL, Counter())
    if size > LARGEST_STRUCTURE:
        raise UserError(
            f"it holds {size:,} bytes besides its weights; at most {LARGEST_STRUCTURE:,} are read"
        )


def _size_of_values(content: memoryview, message: Message, seen: Counter[str]) -> int:
    size = 0
    for number, kind, start, end in _fields(content, seen):
        if kind != LENGTH:
            continue
        if number in message.values:
            size += end - start
        elif number in message.fields:
            size += _size_of_values(content[start:end], message.fields[number], seen)
    return size


def _fields(content: memoryview, seen: Counter[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield each field's number, wire type, and where its value begins and ends.

    `seen` counts the fields of all messages, of which there may be only so many.
    """
    position = 0
    while position < len(content):
        seen["fields"] += 1
        if seen["fields"] > MOST_FIELDS:
            raise UserError(f"it has more than {MOST_FIELDS:,} fields besides its weights")
        key, position = _varint(content, position)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            _, end = _varint(content, position)
        elif kind == LENGTH:
            length, position = _varint(content, position)
            end = position + length
        elif kind in (FIXED32, FIXED64):
            end = position + (4 if kind == FIXED32 else 8)
        else:
            raise UserError("it is damaged: no message of protobuf")
        if number == 0 or end > len(content):
            raise UserError("it is damaged or cut off: a field ends beyond the file")
        yield number, kind, position, end
        position = end


def _varint(content: memoryview, position: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(content):
            break
        byte: Any = content[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
    raise UserError("it is damaged or cut off: a number has no end")
