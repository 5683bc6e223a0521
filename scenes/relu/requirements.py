"""Which activation the film can be about, and what is said of others."""

from __future__ import annotations

from cnnviz.errors import UserError
from cnnviz.explain.places import layers_of_kind
from cnnviz.layers import LeakyReLU
from cnnviz.layers.gate import Gate
from cnnviz.model.trace import Trace


def require_clipping(trace: Trace, name: str | None) -> None:
    """Raise a UserError for a leaky ReLU, which clips nothing; it says where that is told."""
    leaky = [each.name for each in layers_of_kind(trace, LeakyReLU.kind)]
    if name is None and not any(isinstance(each.layer, Gate) for each in trace.layers):
        name = leaky[0] if leaky else None
    if name in leaky:
        raise UserError(
            f'the scene relu tells what becomes zero, and "{name}", a {LeakyReLU.noun}, scales '
            f"values below zero instead of clipping them: see how it is computed with "
            f'"cnnviz inspect --layer {name}", and its maps with '
            f'"cnnviz render overview --layer {name}"'
        )
