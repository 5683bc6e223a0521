"""Whether an architecture is a network that cnnviz can build, run and explain."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from torch import nn

from cnnviz.errors import UserError
from cnnviz.layers import Conv2d, Flatten, Layer, Linear, Shape
from cnnviz.layers.pool import Pool2d
from cnnviz.model.architecture import INPUT, Architecture, InputDescription
from cnnviz.network.limits import (
    MAX_ALL_FEATURES,
    MAX_CHANNELS,
    MAX_CLASSES,
    MAX_FEATURES,
    MAX_KERNEL,
    MAX_LAYERS,
    MAX_NAME_LENGTH,
    MAX_PARAMETERS,
    MAX_SIDE,
    MAX_SIZE,
)
from cnnviz.network.memory import check_memory

RANGES = {
    "out_channels": (1, MAX_CHANNELS),
    "kernel_size": (1, MAX_KERNEL),
    "stride": (1, MAX_KERNEL),
    "padding": (0, MAX_KERNEL),
    "dilation": (1, MAX_KERNEL),
    "groups": (1, MAX_CHANNELS),
    "count_include_pad": (0, 1),
    "negative_slope": (-100, 100),
    "out_features": (1, MAX_SIZE),
}
"""What each size of a layer may be, from and to."""
SIDE_BY_SIDE_RANGES = {**RANGES, "kernel_size": (1, MAX_SIDE), "stride": (1, MAX_SIDE)}
"""The same for pooling whose windows do not overlap, up to the mean of a whole map: however wide
they are, each cell is read once."""

LAYER_NAME = re.compile(r"[a-z][a-z0-9_]*")
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
TAKEN_NAMES = frozenset(dir(nn.Sequential()))
"""Attributes of torch's modules: a layer of that name could not be added."""


def check_architecture(architecture: Architecture) -> None:
    """Refuse an architecture that is not a feed-forward classifier of sane size.

    That is: convolutions, ReLUs of all kinds, pooling, additions and concatenations; one flatten;
    linear layers, ReLUs and additions, the last of them linear with one output per class. Names are
    unique, shapes fit, each layer reads layers before it, and all but the last are read: so there
    are no cycles and one output.

    Raises
    ------
    UserError
        Naming the layer or the part that does not fit, and what is allowed.
    """
    _check_text("network name", architecture.name)
    _check_input(architecture.input)
    _check_classes(architecture.classes)
    for language, names in architecture.names.items():
        _check_class_names(language, names, architecture.classes)
    _check_names(architecture.layers)
    _check_graph(architecture)
    _check_order(architecture.layers)
    outputs: dict[str, Shape] = {INPUT: architecture.input.shape}
    for layer in architecture.layers:
        _check_sizes(layer)
        sources = architecture.sources_of(layer.name)
        outputs[layer.name] = _checked_output_shape(layer, [outputs[each] for each in sources])
    values = sum(map(math.prod, outputs.values()))
    if values > MAX_ALL_FEATURES:
        raise UserError(
            f"the layers give {values:,} values together; at most {MAX_ALL_FEATURES:,} are allowed"
        )
    last = architecture.layers[-1].name
    if outputs[last] != (len(architecture.classes),):
        raise UserError(
            f"layer {last!r} gives {outputs[last][0]} scores, "
            f"but there are {len(architecture.classes)} classes"
        )
    if architecture.parameter_count > MAX_PARAMETERS:
        raise UserError(
            f"the network has {architecture.parameter_count:,} parameters; "
            f"at most {MAX_PARAMETERS:,} are allowed"
        )
    check_memory(architecture.layers, outputs)


def _check_text(what: str, text: str) -> None:
    if not text.strip() or not text.isprintable() or len(text) > MAX_NAME_LENGTH:
        raise UserError(
            f"{what} {text!r} must be 1 to {MAX_NAME_LENGTH} printable characters on one line"
        )


def _check_range(what: str, value: float, low: int, high: int) -> None:
    if not low <= value <= high:
        raise UserError(f"{what} is {value}; allowed is {low} to {high}")


def _check_input(description: InputDescription) -> None:
    if description.channels not in (1, 3):
        raise UserError(
            f"input channels is {description.channels}; allowed is 1 (grey) or 3 (red, green, blue)"
        )
    _check_range("input height", description.height, 1, MAX_SIDE)
    _check_range("input width", description.width, 1, MAX_SIDE)
    for what, values in (("mean", description.mean), ("std", description.std)):
        if len(values) != description.channels or not all(map(math.isfinite, values)):
            raise UserError(
                f"input {what} is {list(values)}; it must be {description.channels} finite "
                "numbers, one per channel"
            )
    if min(description.std) <= 0:
        raise UserError(f"input std is {list(description.std)}; it must be greater than 0")


def _check_classes(classes: tuple[str, ...]) -> None:
    _check_range("the number of classes", len(classes), 2, MAX_CLASSES)
    for name in classes:
        _check_text("class name", name)
    _check_unique("class name", classes)


def _check_class_names(language: str, names: tuple[str, ...], classes: tuple[str, ...]) -> None:
    if not LANGUAGE_CODE.fullmatch(language):
        raise UserError(f"{language!r} is no language's code, such as 'zh'")
    if len(names) != len(classes):
        raise UserError(
            f"there are {len(names)} class names in language {language!r}, "
            f"but {len(classes)} classes"
        )
    for name in names:
        _check_text(f"class name in language {language!r}", name)
    _check_unique(f"class name in language {language!r}", names)


def _check_names(layers: tuple[Layer, ...]) -> None:
    _check_range("the number of layers", len(layers), 1, MAX_LAYERS)
    for layer in layers:
        if not LAYER_NAME.fullmatch(layer.name) or len(layer.name) > MAX_NAME_LENGTH:
            raise UserError(
                f"layer name {layer.name!r} must be small letters, digits and underscores, "
                f"a letter first, at most {MAX_NAME_LENGTH}: for example 'conv_1_1'"
            )
        if layer.name == INPUT:
            raise UserError(f"layer name {INPUT!r} means the picture; choose another")
        if layer.name in TAKEN_NAMES:
            raise UserError(
                f"layer name {layer.name!r} means something else to torch; choose another"
            )
    _check_unique("layer name", [layer.name for layer in layers])


def _check_unique(what: str, names: Iterable[str]) -> None:
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise UserError(f"{what} {name!r} is used {count} times; each may be used once")


def _check_order(layers: tuple[Layer, ...]) -> None:
    flattens = [index for index, layer in enumerate(layers) if isinstance(layer, Flatten)]
    if len(flattens) != 1:
        raise UserError(f"the network has {len(flattens)} flatten layers; it needs exactly one")
    for layer in layers[: flattens[0]]:
        if layer.takes == "vector":
            raise UserError(
                f"layer {layer.name!r} ({layer.kind}) must come after the flatten layer"
            )
    for layer in layers[flattens[0] :]:
        if layer.takes == "maps":
            raise UserError(
                f"layer {layer.name!r} ({layer.kind}) must come before the flatten layer"
            )
    if not any(isinstance(layer, Conv2d) for layer in layers):
        raise UserError("the network has no conv layer; it needs at least one before the flatten")
    if not isinstance(layers[-1], Linear):
        raise UserError(
            f"the last layer {layers[-1].name!r} is of kind {layers[-1].kind}; it must be linear, "
            "with one output per class"
        )


def _check_graph(architecture: Architecture) -> None:
    """Check that each layer reads as many layers before it as its kind does, and none is unread."""
    known = {INPUT}
    for layer in architecture.layers:
        sources = architecture.sources_of(layer.name)
        for source in sources:
            if source not in known:
                raise UserError(
                    f"layer {layer.name!r} reads {source!r}, which is no layer before it: "
                    "layers stand in an order in which they can be computed, without cycles"
                )
        allowed = layer.input_counts
        if len(sources) not in allowed:
            more = " or more" if len(allowed) > 1 else ""
            raise UserError(
                f"layer {layer.name!r} ({layer.kind}) reads {len(sources)} "
                f"layer{'s' if len(sources) > 1 else ''}; it must read {allowed[0]}{more}"
            )
        known.add(layer.name)
    read = {each for layer in architecture.layers for each in architecture.sources_of(layer.name)}
    for layer in architecture.layers[:-1]:
        if layer.name not in read:
            raise UserError(
                f"layer {layer.name!r} is read by no other: a network has one output, "
                f"its last layer {architecture.layers[-1].name!r}"
            )


def _check_sizes(layer: Layer) -> None:
    ranges = SIDE_BY_SIDE_RANGES if _pools_side_by_side(layer) else RANGES
    for key, value in layer.sizes().items():
        for number in value if isinstance(value, tuple) else (value,):
            _check_range(f"layer {layer.name!r}: {key}", number, *ranges[key])
    conflict = layer.conflict()
    if conflict is not None:
        raise UserError(f"layer {layer.name!r}: {conflict}")


def _pools_side_by_side(layer: Layer) -> bool:
    if not isinstance(layer, Pool2d):
        return False
    window = layer.window
    return all(
        stride >= kernel_size
        for stride, kernel_size in zip(window.strides, window.kernel_sizes, strict=True)
    )


def _checked_output_shape(layer: Layer, shapes: Sequence[Shape]) -> Shape:
    """Return the layer's output shape for inputs of these shapes, or say why it does not fit."""
    shape = layer.joined(shapes)
    if shape is None:
        raise UserError(
            f"layer {layer.name!r} ({layer.kind}) reads outputs of different shapes that it cannot "
            f"join: {' and '.join(map(str, shapes))}"
        )
    if (len(shape) == 1 and layer.takes == "maps") or (len(shape) == 3 and layer.takes == "vector"):
        got = "a vector" if len(shape) == 1 else "maps"
        raise UserError(
            f"layer {layer.name!r} ({layer.kind}) reads {got}; it must read {layer.takes}"
        )
    wanted = layer.input_key
    if wanted and getattr(layer, wanted) != shape[0]:
        raise UserError(
            f"layer {layer.name!r}: {wanted} is {getattr(layer, wanted)}, "
            f"but the layer before it gives {shape[0]}"
        )
    output = layer.output_shape(shape)
    if min(output) < 1:
        raise UserError(
            f"layer {layer.name!r}: its window does not fit into the {shape[1]} x {shape[2]} "
            "cells that reach it"
        )
    if math.prod(output) > MAX_FEATURES:
        raise UserError(
            f"layer {layer.name!r} gives {math.prod(output):,} values; "
            f"at most {MAX_FEATURES:,} are allowed"
        )
    return output
