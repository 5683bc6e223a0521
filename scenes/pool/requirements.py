"""Which pooling the film can be about, and what is said of others."""

from __future__ import annotations

from cnnviz.errors import UserError
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
                f"{each.layer.noun}, none does: it is told with "
                f'"cnnviz render average --layer {name}"'
            )
