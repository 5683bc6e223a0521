"""Which convolution the film can be about, and what is said of others."""

from __future__ import annotations

from cnnviz.errors import UserError
from cnnviz.explain.places import layers_of_kind
from cnnviz.layers import Conv2d
from cnnviz.model.trace import LayerTrace, Trace


def first_that_can_be_shown(trace: Trace) -> str | None:
    """Return the name of the first convolution of square kernels; None if there is none."""
    shown = [each.name for each in layers_of_kind(trace, Conv2d.kind) if _is_even(each)]
    return shown[0] if shown else None


def require_square(trace: Trace, name: str) -> None:
    """Raise a UserError where kernels are no squares; it says which layers can be shown."""
    if _is_even(trace[name]):
        return
    others = [each.name for each in layers_of_kind(trace, Conv2d.kind) if _is_even(each)]
    instead = f"; it can show {', '.join(others)}" if others else ""
    raise UserError(
        f"the scene conv shows square kernels that move alike in both ways, and those of "
        f'"{name}" do not: see how it is computed with "cnnviz inspect --layer {name}"{instead}'
    )


def _is_even(layer_trace: LayerTrace) -> bool:
    window = layer_trace.layer.window
    return window is not None and window.is_even
