"""Which of two branches that meet goes around layers that the other one goes through."""

from __future__ import annotations

from itertools import permutations

from cnnviz.model.architecture import Architecture


def skipping_branch(architecture: Architecture, layer: str) -> tuple[str, str] | None:
    """Return what an addition reads, what goes around first; None if neither does.

    Parameters
    ----------
    architecture
        Of the network.
    layer
        An addition, of two branches.

    Returns
    -------
    tuple or None
        A layer from whose output the other is made, and that other one.
    """
    for around, through in permutations(architecture.sources_of(layer), 2):
        if around in _made_from(architecture, through):
            return around, through
    return None


def _made_from(architecture: Architecture, name: str) -> set[str]:
    """Return the names of all that a layer's output depends on."""
    readable = {layer.name for layer in architecture.layers}
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        new = set(architecture.sources_of(each)) - found if each in readable else set()
        found |= new
        waiting.extend(new)
    return found
