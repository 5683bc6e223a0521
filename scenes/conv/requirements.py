"""Which convolution the film can be about, and what is said of others."""

from __future__ import annotations

from cnnviz.errors import UserError
from cnnviz.explain.places import has_square_window, layers_of_kind
from cnnviz.layers import Conv2d
from cnnviz.model.trace import Trace


def first_that_can_be_shown(trace: Trace) -> str | None:
    """Return the name of the first convolution of square kernels; None if there is none."""
    return next(iter(_shown(trace)), None)


def require_square(trace: Trace, name: str) -> None:
    """Raise a UserError where kernels are no squares; it says which layers can be shown."""
    shown = _shown(trace)
    if name in shown:
        return
    instead = f"; it can show {', '.join(shown)}" if shown else ""
    raise UserError(
        f"the scene conv shows square kernels that move alike in both ways, and those of "
        f'"{name}" do not: see how it is computed with "cnnviz inspect --layer {name}"{instead}'
    )


def _shown(trace: Trace) -> list[str]:
    convolutions = layers_of_kind(trace, Conv2d.kind)
    return [each.name for each in convolutions if has_square_window(each.layer)]
