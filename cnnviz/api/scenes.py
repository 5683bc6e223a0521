"""Which scenes there are: what the command ``scenes`` lists."""

from __future__ import annotations

from cnnviz.cache.store import Cache
from cnnviz.staging.registry import SceneDescription, describe_scenes


def scenes() -> list[SceneDescription]:
    """Return what there is to render: each scene's name, documentation and parameters.

    They are described without importing Manim, unless a scene is new to the cache.

    Returns
    -------
    list of SceneDescription
        By name; `summary` is a line, and `parameters` has kind, help, default and range of each
        keyword that :func:`render` takes for the scene.
    """
    return describe_scenes(Cache())
