"""What other rooms know of each kind of layer: tables by class, and how they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from cnnviz.layers.base import Layer

Entry = TypeVar("Entry")


def entry_for(layer: Layer, table: Mapping[type[Layer], Entry], what: str) -> Entry:
    """Return what a table has for layers of this layer's kind.

    A subclass is a kind of its own: what holds for ReLU need not hold for what derives from it.

    Parameters
    ----------
    layer
        The layer.
    table
        What is known of each kind.
    what
        What the table has, for the message: "torch module".

    Raises
    ------
    TypeError
        If the table has nothing for its kind.
    """
    entry = table.get(type(layer))
    if entry is None:
        raise TypeError(f"no {what} is known for layers of kind {layer.kind!r}")
    return entry
