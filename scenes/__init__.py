"""The films: a folder each, found through the entry points ``cnnviz.scenes``."""

from __future__ import annotations

import sys
from types import ModuleType

from cnnviz.cache.store import Cache
from cnnviz.staging.registry import SceneDescription, describe_scenes


class _Scenes(ModuleType):
    """A package that can be called: importing it puts it in the place of ``cnnviz.scenes()``."""

    def __call__(self) -> list[SceneDescription]:
        """Return what :func:`cnnviz.scenes` returns."""
        return describe_scenes(Cache())


sys.modules[__name__].__class__ = _Scenes
