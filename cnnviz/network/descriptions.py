"""Network descriptions: an architecture as a table, in TOML files and in weights files.

A description says what cannot be computed. ``in_channels`` and ``in_features`` follow from the
layer before; the last linear layer has one output per class. A layer reads the one before it, or
those that its ``inputs`` name: ``inputs = ["add_1"]``, of an addition two, of a concatenation two
or more. Sizes of windows are one number or ``[rows, columns]``, paddings also
``[top, left, bottom, right]``.
``descriptions/tiny_vgg.toml`` is an example of a chain; which keys a layer has its kind says
(:mod:`cnnviz.layers`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from cnnviz.errors import UserError
from cnnviz.layers import KINDS, Layer, Shape
from cnnviz.model.architecture import INPUT, Architecture, InputDescription
from cnnviz.network.limits import MAX_SIZE
from cnnviz.network.validation import check_architecture
from cnnviz.system.toml_files import parse_toml, read_toml

Table = Mapping[str, Any]

Size = int | float | str | tuple[int, ...] | tuple[float, ...]
"""What a key of a layer's table may hold."""


def bundled_descriptions() -> tuple[str, ...]:
    """Return the names of the descriptions that come with cnnviz."""
    folder = Path(str(files("cnnviz.network") / "descriptions"))
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


def read_description(source: str | Path, classes: Sequence[str]) -> Architecture:
    """Return the architecture that a TOML file describes, for these classes.

    Parameters
    ----------
    source
        A TOML file, or the name of a description that comes with cnnviz (``"tiny_vgg"``).
    classes
        Class names, in the order of the scores.

    Raises
    ------
    UserError
        If the file cannot be read, is not TOML or does not describe a network. The message
        names the file and the place in it.
    """
    path = Path(source)
    if str(source) in bundled_descriptions():
        path = Path(str(files("cnnviz.network") / "descriptions" / f"{source}.toml"))
    if not os.path.lexists(path):
        raise UserError(
            f"network description '{source}' is neither a file nor one of "
            f"{', '.join(bundled_descriptions())}"
        )
    table = parse_toml(path, read_toml(path))
    try:
        return parse_architecture(table, classes)
    except UserError as error:
        raise UserError(f"network description '{path}': {error}") from None


def parse_architecture(
    table: Table,
    classes: Sequence[str],
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
) -> Architecture:
    """Return the architecture that a table with ``name``, ``input`` and ``layers`` describes.

    Parameters
    ----------
    table
        As :mod:`tomllib` or :mod:`json` reads it.
    classes
        Class names, in the order of the scores.
    mean, std
        The input's normalisation, one number per channel; 0 and 1 where not given.

    Raises
    ------
    UserError
        If anything is missing, unknown, of the wrong type, or does not fit together.
    """
    _check_keys(table, "the description", ("name", "input", "layers"))
    entry = _value(table, "input", dict, "the description")
    _check_keys(entry, "[input]", ("channels", "height", "width"))
    channels, height, width = (
        _value(entry, key, int, "[input]") for key in ("channels", "height", "width")
    )
    description = InputDescription(
        channels=channels,
        height=height,
        width=width,
        mean=(0.0,) * max(channels, 1) if mean is None else tuple(mean),
        std=(1.0,) * max(channels, 1) if std is None else tuple(std),
    )
    architecture = Architecture(
        name=_value(table, "name", str, "the description"),
        input=description,
        layers=_parse_layers(
            _value(table, "layers", list, "the description"), description.shape, len(classes)
        ),
        classes=tuple(classes),
    )
    check_architecture(architecture)
    return architecture


def description_table(architecture: Architecture) -> dict[str, Any]:
    """Return the table from which :func:`parse_architecture` makes the same layers."""
    return {
        "name": architecture.name,
        "input": {
            "channels": architecture.input.channels,
            "height": architecture.input.height,
            "width": architecture.input.width,
        },
        "layers": [
            {
                "kind": layer.kind,
                "name": layer.name,
                **({"inputs": list(layer.inputs)} if layer.inputs else {}),
                **{key: _plain(value) for key, value in layer.sizes().items()},
            }
            for layer in architecture.layers
        ],
    }


def _plain(value: Any) -> Any:
    """Return a size as TOML and JSON have it."""
    return list(value) if isinstance(value, tuple) else value


def _parse_layers(entries: Sequence[Any], shape: Shape, class_count: int) -> tuple[Layer, ...]:
    layers: list[Layer] = []
    shapes = {INPUT: shape}
    before = INPUT
    for number, entry in enumerate(entries, start=1):
        is_last = number == len(entries)
        inputs = _parse_inputs(entry, number, list(shapes))
        read = [shapes[each] for each in inputs or (before,)]
        shape = _kind_of(entry, number).joined(read) or read[0]
        layer = _parse_layer(entry, number, shape, class_count if is_last else None)
        layers.append(layer.reading(*inputs))
        fits = len(shape) == 3 or layer.takes != "maps"
        shapes[layer.name] = layer.output_shape(shape) if fits else shape
        before = layer.name
    return tuple(layers)


def _parse_inputs(entry: Any, number: int, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the layers that an entry of ``layers`` reads; none: the one before it."""
    if not isinstance(entry, dict) or "inputs" not in entry:
        return ()
    place = _place(entry, number)
    inputs = entry["inputs"]
    if not isinstance(inputs, list) or not inputs or not all(type(each) is str for each in inputs):
        raise UserError(f"{place}: inputs is {inputs!r}; it must be a list of layers' names")
    for name in inputs:
        if name not in known:
            raise UserError(
                f"{place}: inputs names {name!r}, which is no layer before it: "
                f"choose {', '.join(known)}"
            )
    return tuple(inputs)


def _parse_layer(entry: Any, number: int, shape: Shape, class_count: int | None) -> Layer:
    """Return the layer of one entry of ``layers``, whatever it reads.

    Parameters
    ----------
    entry
        The table.
    number
        Its place, from 1, for messages.
    shape
        What reaches the layer.
    class_count
        The number of classes if it is the last layer, else None.
    """
    place, kind = _place(entry, number), _kind_of(entry, number)
    _check_keys(
        entry, place, ("kind", "name", *kind.required_keys), ("inputs", *kind.optional_keys)
    )
    sizes = {
        key: _size(entry, key, place, kind)
        for key in (*kind.required_keys, *kind.optional_keys)
        if key in entry
    }
    if kind.takes == "maps" and len(shape) == 1:
        shape = (*shape, 1, 1)  # It does not belong here, which check_architecture reports.
    try:
        return kind.described(_value(entry, "name", str, place), sizes, shape, class_count)
    except UserError as error:
        raise UserError(f"{place}: {error}") from None


def _kind_of(entry: Any, number: int) -> type[Layer]:
    place = _place(entry, number)
    word = _value(entry, "kind", str, place)
    if word not in KINDS:
        raise UserError(f"{place}: unknown kind {word!r}; known are {', '.join(KINDS)}")
    return KINDS[word]


def _place(entry: Any, number: int) -> str:
    """Return what messages call an entry of ``layers``."""
    place = f"[[layers]] number {number}"
    if not isinstance(entry, dict):
        raise UserError(f"{place} is {entry!r}; it must be a table")
    return f"{place} ({entry['name']!r})" if isinstance(entry.get("name"), str) else place


def _check_keys(
    table: Table, place: str, required: Sequence[str], optional: Sequence[str] = ()
) -> None:
    allowed = (*required, *optional)
    for key in table:
        if key not in allowed:
            raise UserError(f"{place}: unknown key {key!r}; known are {', '.join(allowed)}")
    for key in required:
        if key not in table:
            raise UserError(f"{place}: {key!r} is missing")


def _value(table: Table, key: str, kind: type, place: str) -> Any:
    """Return ``table[key]`` if it is there and of that type."""
    if key not in table:
        raise UserError(f"{place}: {key!r} is missing")
    value = table[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        words = {int: "a whole number", str: "text", dict: "a table", list: "a list of tables"}
        raise UserError(f"{place}: {key} is {value!r}; it must be {words[kind]}")
    if isinstance(value, int) and abs(value) > MAX_SIZE:
        raise UserError(f"{place}: {key} is too large; at most {MAX_SIZE:,} is allowed")
    return value


def _size(table: Table, key: str, place: str, kind: type[Layer]) -> Size:
    """Return ``table[key]``: a whole number, several of them, true or false, or a word for one."""
    value, words = table[key], kind.words.get(key, ())
    if isinstance(value, str) and value in words:
        return value
    if key in kind.flag_keys:
        if not isinstance(value, bool):
            raise UserError(f"{place}: {key} is {value!r}; it must be true or false")
        return value
    if key in kind.number_keys:
        return _numbers(value, key, place)
    counts = (2, 4) if key in kind.padding_keys else (2,) if key in kind.pair_keys else ()
    if isinstance(value, list) and len(value) in counts:
        return tuple(_value({key: each}, key, int, place) for each in value)
    if isinstance(value, list) and counts:
        listed = " or ".join(map(str, counts))
        raise UserError(f"{place}: {key} is {value!r}; it must be one whole number, or {listed}")
    if isinstance(value, str) and words:
        listed = " or ".join(repr(word) for word in words)
        raise UserError(f"{place}: {key} is {value!r}; it must be a whole number, or {listed}")
    number: int = _value(table, key, int, place)
    return number


def _numbers(value: Any, key: str, place: str) -> float | tuple[float, ...]:
    """Return a number that may have a fraction, or several of them."""
    given = value if isinstance(value, list) else [value]
    are_numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in given)
    if not given or not are_numbers:
        raise UserError(f"{place}: {key} is {value!r}; it must be a number, or a list of numbers")
    return tuple(map(float, given)) if isinstance(value, list) else float(value)
