"""Which scenes there are: those of cnnviz and those that other packages add.

A scene is an entry point of the group ``cnnviz.scenes``; finding them imports none.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from cnnviz.errors import UserError

if TYPE_CHECKING:
    from cnnviz.scene import LectureScene

GROUP = "cnnviz.scenes"


def scene_names() -> list[str]:
    """Return the names of all scenes."""
    return sorted(_entry_points())


def load_scene(name: str) -> type[LectureScene]:
    """Return a scene's class.

    Raises
    ------
    UserError
        If there is no such scene; the message lists those there are.
    """
    found = _entry_points()
    if name not in found:
        raise UserError(f'there is no scene "{name}": choose {", ".join(sorted(found))}')
    scene: type[LectureScene] = found[name].load()
    return scene


def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}
