"""Which pooling the film can be about, and what is said of others."""

from __future__ import annotations

from cnnviz.errors import UserError
from cnnviz.explain.places import layers_of_kind
from cnnviz.layers import Layer
from cnnviz.model.trace import Trace


def require_winners(trace: Trace, name: str | None) -> None:
    """Raise a UserError where the pooling has no winners, which says where it is told."""
    pooling = [each for each in trace.layers if each.layer.pools]
    others = [each for each in pooling if each.kind != "max_pool"]
    if name is None and len(others) == len(pooling):
        name = others[0].name if others else None
    for each in others:
        if each.name == name:
            raise UserError(
                f'the scene pool tells which value wins each window, and in "{name}", an '
                f"{each.layer.noun}, none does: see how it is computed with "
                f'"cnnviz inspect --layer {name}", and its maps with '
                f'"cnnviz render overview --layer {name}"'
            )


def first_that_can_be_shown(trace: Trace) -> str | None:
    """Return the name of the first max pooling of square windows inside; None if there is none."""
    poolings = layers_of_kind(trace, "max_pool")
    return next((each.name for each in poolings if _fits(each.layer)), None)


def require_windows_inside(layer: Layer) -> None:
    """Raise a UserError where windows reach over the map's edge, or are no squares."""
    if not _fits(layer):
        raise UserError(
            f'the scene pool shows square windows inside of the map, and those of "{layer.name}" '
            f"reach over its edge or are no squares: see how it is computed with "
            f'"cnnviz inspect --layer {layer.name}"'
        )


def _fits(layer: Layer) -> bool:
    window = layer.window
    return window is not None and window.is_square and not any(window.paddings)
