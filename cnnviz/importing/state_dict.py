"""Weights without a network: which tensor belongs to which layer of a description.

A state_dict names its tensors after the code that made them, ``features.0.weight``. Layers are
found by their names where these are the same, else by order and shape: the n-th convolution or
linear layer of the file is that of the description, and shapes must agree all along. A batch
normalisation follows the layer whose channels it has, and becomes part of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cnnviz.arrays import Float64Array, FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.graph import ImportedGraph, Node
from cnnviz.importing.layer_operations import operation_of
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import Affine
from cnnviz.layers import Layer
from cnnviz.model.architecture import Architecture

State = Mapping[str, FloatArray]

COUNTERS = ("num_batches_tracked",)
"""What a state_dict holds besides weights."""

EPSILON = 1e-5
"""Of batch normalisations, as torch's default: a state_dict does not say it."""

WRAPPERS = ("module.", "model.", "_orig_mod.", "net.", "state_dict.")
"""What wrappers put before every name."""


@dataclass
class _Group:
    """The tensors of one module."""

    name: str
    tensors: dict[str, FloatArray] = field(default_factory=dict)

    @property
    def is_normalisation(self) -> bool:
        return "running_mean" in self.tensors

    @property
    def weight(self) -> FloatArray:
        return self.tensors["weight"]


def class_count_of(state: State) -> int:
    """Return how many scores a state's last layer gives.

    Raises
    ------
    UserError
        If there is no linear layer in it.
    """
    last = [each for each in _groups(state) if "weight" in each.tensors and each.weight.ndim == 2]
    if not last:
        raise UserError("it holds no linear layer's weights, and so no scores of classes")
    return len(last[-1].weight)


def graph_of(state: State, architecture: Architecture, *, is_ordered: bool) -> ImportedGraph:
    """Return the graph of an architecture with a state's weights.

    Parameters
    ----------
    state
        Tensors by name, as torch's ``state_dict`` has them.
    architecture
        Of the network that they belong to.
    is_ordered
        Whether they are in the order of the layers; else names are sorted, numbers as numbers.

    Raises
    ------
    UserError
        If they do not fit; names the layer and the tensor.
    """
    groups = _groups(state, is_ordered=is_ordered)
    modules = [each for each in groups if not each.is_normalisation]
    layers = [layer for layer in architecture.layers if layer.parameter_shapes]
    found, notes = _assigned(layers, modules, is_ordered=is_ordered)
    affines = _normalisations(groups, found, is_ordered=is_ordered)
    nodes: list[Node] = []
    renamed: dict[str, str] = {}
    for layer in architecture.layers:
        sources = architecture.sources_of(layer.name)
        inputs = tuple(renamed.get(name, name) for name in sources)
        group = found.get(layer.name)
        origin = layer.name if group is None else group.name
        operation = operation_of(layer, {} if group is None else group.tensors)
        nodes.append(Node(layer.name, operation, inputs, quote(origin), layer.name))
        affine = affines.get(layer.name)
        if affine is not None:
            name = f"{layer.name}.norm"
            nodes.append(Node(name, affine, (layer.name,), f"{quote(origin)} norm"))
            renamed[layer.name] = name
    return ImportedGraph(
        name=architecture.name,
        input_shape=architecture.input.shape,
        nodes=tuple(nodes),
        notes=notes,
    )


def _groups(state: State, *, is_ordered: bool = True) -> list[_Group]:
    """Return the tensors by module, in the file's order or by name."""
    prefix = ""
    while wrapper := next(
        (each for each in WRAPPERS if all(name.startswith(prefix + each) for name in state)), ""
    ):
        prefix += wrapper
    names = list(state) if is_ordered else sorted(state, key=_natural)
    groups: dict[str, _Group] = {}
    for name in names:
        module, _, kind = name.removeprefix(prefix).rpartition(".")
        if kind not in COUNTERS:
            groups.setdefault(module, _Group(module)).tensors[kind] = state[name]
    for group in groups.values():
        known = {"weight", "bias", "running_mean", "running_var"}
        if surplus := sorted(group.tensors.keys() - known):
            raise UserError(
                f"tensor '{quote(group.name)}.{quote(surplus[0])}' is none of a convolution, a "
                "batch normalisation or a linear layer; leave it out, or import an ONNX model"
            )
    return list(groups.values())


def _natural(name: str) -> list[tuple[int, str]]:
    return [
        (int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d{1,9})", name)
    ]


def _assigned(
    layers: Sequence[Layer], modules: Sequence[_Group], *, is_ordered: bool
) -> tuple[dict[str, _Group], tuple[str, ...]]:
    """Return the module of each layer with weights, and what is to be said about that."""
    by_name = {group.name: group for group in modules}
    if by_name.keys() == {layer.name for layer in layers}:
        found = {layer.name: by_name[layer.name] for layer in layers}
        notes: tuple[str, ...] = ()
    else:
        if len(modules) != len(layers):
            raise UserError(
                f"it holds the weights of {len(modules)} layers, but the description has "
                f"{len(layers)} ({', '.join(layer.name for layer in layers[:8])}); describe the "
                "network that they belong to"
            )
        found = {layer.name: group for layer, group in zip(layers, modules, strict=True)}
        notes = _doubts(layers, is_ordered=is_ordered)
    for layer in layers:
        _check_shape(layer, found[layer.name])
    return found, notes


def _doubts(layers: Sequence[Layer], *, is_ordered: bool) -> tuple[str, ...]:
    """Return what is uncertain about layers that were found by order and shape."""
    shapes = Counter(tuple(layer.parameter_shapes["weight"]) for layer in layers)
    alike = [layer.name for layer in layers if shapes[tuple(layer.parameter_shapes["weight"])] > 1]
    order = "the file's order" if is_ordered else "the order of their names"
    if not alike:
        return (f"Layers were found by shape, in {order}.",)
    return (
        f"Layers were found by shape, in {order}. Several have the same shape "
        f"({', '.join(alike)}): only that order tells them apart; --check proves it.",
    )


def _check_shape(layer: Layer, group: _Group) -> None:
    wanted = tuple(layer.parameter_shapes["weight"])
    if "weight" not in group.tensors:
        raise UserError(f"tensor '{quote(group.name)}.weight' is missing")
    if group.weight.shape != wanted:
        raise UserError(
            f"tensor '{quote(group.name)}.weight' has shape {group.weight.shape}, but layer "
            f"'{layer.name}' of the description needs {wanted}"
        )
    bias = group.tensors.get("bias")
    if bias is not None and bias.shape != wanted[:1]:
        raise UserError(
            f"tensor '{quote(group.name)}.bias' has shape {bias.shape}, but layer '{layer.name}' "
            f"of the description needs {wanted[:1]}"
        )


def _normalisations(
    groups: Sequence[_Group], found: Mapping[str, _Group], *, is_ordered: bool
) -> dict[str, Affine]:
    """Return the batch normalisation after each layer that has one: the next in the file.

    Where names were sorted it may stand elsewhere, as ``bn1`` before ``conv1``: then the n-th
    belongs to the n-th convolution.
    """
    layer_of = {group.name: name for name, group in found.items()}
    norms = [group for group in groups if group.is_normalisation]
    convolutions = [group for group in found.values() if group.weight.ndim == 4]
    if not is_ordered and len(norms) == len(convolutions):
        pairs = list(zip(norms, convolutions, strict=True))
        if all(_size(norm) == len(convolution.weight) for norm, convolution in pairs):
            return {layer_of[convolution.name]: _affine(norm) for norm, convolution in pairs}
    affines: dict[str, Affine] = {}
    before: _Group | None = None
    for group in groups:
        if not group.is_normalisation:
            before = group
            continue
        free = before is not None and layer_of[before.name] not in affines
        if before is None or not free or len(before.weight) != _size(group):
            raise UserError(
                f"the batch normalisation '{quote(group.name)}' follows no layer of "
                f"{_size(group)} channels; import an ONNX model of this network, which says what "
                "it follows"
            )
        affines[layer_of[before.name]] = _affine(group)
    return affines


def _size(norm: _Group) -> int:
    return norm.tensors["running_mean"].size


def _affine(group: _Group) -> Affine:
    size = len(group.tensors["running_mean"])

    def vector(name: str, default: float) -> Float64Array:
        found = group.tensors.get(name, np.full(size, default))
        if found.shape != (size,):
            raise UserError(f"tensor '{quote(group.name)}.{name}' has shape {found.shape}")
        return found.astype(np.float64)

    variance = vector("running_var", 1)
    if (variance < 0).any():
        raise UserError(f"tensor '{quote(group.name)}.running_var' is below 0")
    gain = vector("weight", 1) / np.sqrt(variance + EPSILON)
    return Affine(gain, vector("bias", 0) - vector("running_mean", 0) * gain)
