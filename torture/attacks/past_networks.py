"""Networks and checkpoints that broke a promise once, made when they are asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from torture.attacks.files import small_network

Tensors = dict[str, Any]

WIDE = 3000
"""Channels of a map of 1000 x 1000 cells, which together take 12 GB."""


def weights_that_want_much() -> bytes:
    """Return a weights file of 100 KB whose network takes 12 GB to run, and fits otherwise."""
    layers = [
        {"kind": "conv", "name": "wide", "out_channels": WIDE, "kernel_size": 1},
        {"kind": "max_pool", "name": "pool_1", "kernel_size": 50, "stride": 50},
        {"kind": "max_pool", "name": "pool_2", "kernel_size": 20, "stride": 20},
        {"kind": "flatten", "name": "flatten"},
        {"kind": "linear", "name": "output", "out_features": 2},
    ]
    facts = {
        "version": 1,
        "name": "wide",
        "input": {"channels": 3, "height": 1000, "width": 1000},
        "layers": layers,
        "classes": ["red", "blue sky"],
        "mean": [0.0] * 3,
        "std": [1.0] * 3,
    }
    shapes = {
        "wide.bias": [WIDE],
        "wide.weight": [WIDE, 3, 1, 1],
        "output.bias": [2],
        "output.weight": [2, WIDE],
    }
    header: dict[str, Any] = {"__metadata__": {"cnnviz": json.dumps(facts)}}
    end = 0
    for name, shape in shapes.items():
        begin, count = end, 4
        for size in shape:
            count *= size
        end += count
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + bytes(end)


def checkpoint(damage: Callable[[Tensors, dict[str, Any]], object]) -> bytes:
    """Return a checkpoint that is damaged and then given a digest that fits."""
    import torch

    from cnnviz.network.training.checkpoint import GENERATOR, _sealed, _tensors_of
    from cnnviz.network.training.loop import new_state
    from cnnviz.network.training.settings import TrainingSettings

    state = new_state(small_network().architecture, TrainingSettings())
    tensors: Tensors = {GENERATOR: torch.get_rng_state()}
    for prefix, entries in _tensors_of(state).items():
        for name, value in entries.items():
            tensors[f"{prefix}.{name}"] = value.detach().contiguous().clone()
    facts: dict[str, Any] = {"identity": {"network": "small"}, "history": []}
    damage(tensors, facts)
    text = facts["text"] if "text" in facts else json.dumps(facts)
    return _sealed(tensors, text)


def _shorten(tensors: Tensors, facts: dict[str, Any]) -> None:
    tensors["generator"] = tensors["generator"][:7]


def _drop(tensors: Tensors, facts: dict[str, Any]) -> None:
    del tensors[_a_weight(tensors)]


def _reshape(tensors: Tensors, facts: dict[str, Any]) -> None:
    name = _a_weight(tensors)
    tensors[name] = tensors[name].reshape(-1, 1)


def _strange_moments(tensors: Tensors, facts: dict[str, Any]) -> None:
    tensors["optimizer.0.first.second.third"] = tensors[_a_weight(tensors)].clone()


def _a_weight(tensors: Tensors) -> str:
    return min(name for name in tensors if name.startswith("module."))


MADE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "weights that want 12 GB": ("weights", weights_that_want_much),
    **{
        f"a checkpoint {what}": ("checkpoint", partial(checkpoint, damage))
        for what, damage in {
            "without a generator": lambda tensors, facts: tensors.pop("generator"),
            "with a short generator": _shorten,
            "without a weight": _drop,
            "with a weight of another shape": _reshape,
            "with moments of nothing": _strange_moments,
            "whose facts are no JSON": lambda tensors, facts: facts.update(text="{"),
            "whose facts are a list": lambda tensors, facts: facts.update(text="[1]"),
            "whose facts are brackets": lambda tensors, facts: facts.update(text="[" * 100_000),
            "without an identity": lambda tensors, facts: facts.pop("identity"),
            "with another identity": lambda tensors, facts: facts.update(identity=[]),
            "with a strange history": lambda tensors, facts: facts.update(history=[{"a": 1}]),
        }.items()
    },
}
"""By name, who reads it, and what makes its content."""
