"""Which scenes there are: those of cnnviz and those that other packages add.

A scene is an entry point of the group ``cnnviz.scenes``; finding them imports none. Wherever
a scene is named, ``verdict.py`` or ``verdict.py:VerdictScene`` is one in a file.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from cnnviz.cache.code import shared_code
from cnnviz.cache.keys import digest
from cnnviz.cache.store import Cache, Kind
from cnnviz.errors import UserError
from cnnviz.staging.parameters import Parameter, parameters_of
from cnnviz.staging.scene_code import code_of, modules_of
from cnnviz.staging.scene_files import SceneFile
from cnnviz.staging.scene_words import titled_beats
from cnnviz.system.suggestions import choose

if TYPE_CHECKING:
    from cnnviz.staging.scene import LectureScene

GROUP = "cnnviz.scenes"
OWN_MODULES = "cnnviz."

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class SceneDescription:
    """What can be said about a scene without its class.

    Attributes
    ----------
    reference
        What it is called by: its name, or its file.
    name
        Its name.
    documentation
        Its class's docstring.
    parameters
        What can be chosen about it, by name.
    modules
        Where its code lies: see :func:`cnnviz.staging.scene_code.modules_of`.
    plays_other_scenes
        Whether it plays other scenes.
    titled_beats
        Names of the beats that have a title of their own: of a number of beats that are told
        alike, without their numbers.
    compares
        Whether it compares two pictures, or two networks.
    """

    reference: str
    name: str
    documentation: str
    parameters: dict[str, Parameter]
    modules: tuple[str, ...]
    plays_other_scenes: bool
    titled_beats: tuple[str, ...]
    compares: bool = False

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return self.documentation.partition("\n")[0]

    @classmethod
    def of(cls, scene: type[LectureScene], reference: str | None = None) -> Self:
        """Describe a scene; it is called by its name if nothing else is said."""
        documentation = (scene.__doc__ or "").strip()
        parameters = parameters_of(scene.Parameters)
        return cls(
            reference or scene.name,
            scene.name,
            documentation,
            parameters,
            modules_of(scene),
            scene.plays_other_scenes,
            titled_beats(scene),
            scene.compares,
        )

    def to_json(self) -> str:
        """Return it as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what :meth:`to_json` wrote down."""
        content = json.loads(text)
        parameters = {
            name: Parameter(**{key: _frozen(value) for key, value in each.items()})
            for name, each in content.pop("parameters").items()
        }
        content |= {name: tuple(content[name]) for name in ("modules", "titled_beats")}
        return cls(**content, parameters=parameters)


def _frozen(value: Any) -> Any:
    """Return lists as the tuples that they were before JSON."""
    return tuple(value) if isinstance(value, list) else value


def scene_names() -> list[str]:
    """Return the names of all scenes."""
    return sorted(_entry_points())


def load_scene(name: str) -> type[LectureScene]:
    """Return a scene's class.

    Raises
    ------
    UserError
        If there is no such scene; the message lists those there are. Or if it is one of another
        package and cannot be imported.
    """
    file = SceneFile.of(name)
    if file is not None:
        return file.load()
    point = _entry_point(name)
    try:
        scene: type[LectureScene] = point.load()
    except Exception as error:
        if point.module.startswith(OWN_MODULES):
            raise  # a fault of ours
        reason = traceback.format_exception_only(error)[-1].strip()
        raise UserError(
            f'the scene "{name}" cannot be imported from "{point.value}": {reason}; repair or '
            "remove the package that it comes with"
        ) from None
    return scene


def scene_module(name: str) -> str:
    """Return the module that a scene lies in, without importing it.

    For a scene in a file it is the file's own module, of this version of the file.

    Raises
    ------
    UserError
        If there is no such scene.
    """
    file = SceneFile.of(name)
    return _entry_point(name).module if file is None else file.module


def modules_of_film(name: str, cache: Cache | None) -> set[str]:
    """Return the modules of all scenes that a scene's films may show.

    With a cache none of them is imported.

    Raises
    ------
    UserError
        If there is no such scene.
    """
    description = describe_scene(name, cache)
    others = _entry_points().values() if description.plays_other_scenes else ()
    return {*description.modules, *(point.module for point in others)}


def output_stem(name: str) -> str:
    """Return what the names of a scene's films begin with, without importing it."""
    file = SceneFile.of(name)
    return name if file is None else file.stem


def describe_scene(name: str, cache: Cache | None) -> SceneDescription:
    """Return what the command line needs to know about a scene.

    It is kept in the cache, if there is one, because a scene's module imports all of Manim.

    Raises
    ------
    UserError
        If there is no such scene.
    """
    file = SceneFile.of(name)
    if file is not None:
        return _described(name, file.module, file.module, _Known.of(cache))
    point = _entry_point(name)
    return _described(name, point.module, point.value, _Known.of(cache))


def describe_scenes(cache: Cache | None) -> list[SceneDescription]:
    """Return the descriptions of all installed scenes, by name; say which cannot be imported."""
    known = _Known.of(cache)
    found = []
    for name, point in sorted(_entry_points().items()):
        try:
            found.append(_described(name, point.module, point.value, known))
        except UserError as error:
            LOG.warning("%s", error)
    return found


@dataclass(frozen=True)
class _Known:
    """Descriptions from earlier.

    Attributes
    ----------
    cache
        Where they are.
    shared
        Digest of the code that all scenes share, which takes a while: once for all scenes.
    """

    cache: Cache
    shared: str

    @classmethod
    def of(cls, cache: Cache | None) -> Self | None:
        """Return what a cache has; None if there is no cache."""
        return None if cache is None else cls(cache, shared_code())


def _described(name: str, module: str, place: str, known: _Known | None) -> SceneDescription:
    """Return a scene's description: one from earlier, or else that of its class.

    Parameters
    ----------
    name, module, place
        What the scene is called by, the module that it lies in, and where exactly.
    known
        Descriptions from earlier, if any; it joins them.
    """
    if known is None:
        return SceneDescription.of(load_scene(name), name)
    key = digest([name, place, code_of([module]), known.shared])
    kept = known.cache.get(Kind.SCENE, key)
    if kept is not None:
        return SceneDescription.from_json(kept.decode())
    description = SceneDescription.of(load_scene(name), name)
    known.cache.put(Kind.SCENE, key, description.to_json().encode())
    return description


def _entry_point(name: str) -> EntryPoint:
    found = _entry_points()
    if name not in found:
        if Path(f"{name}.py").is_file():
            raise UserError(f'there is no scene "{name}": did you mean "{name}.py"?')
        raise UserError(f'there is no scene "{name}": {choose(name, sorted(found))}')
    return found[name]


def _entry_points() -> Mapping[str, EntryPoint]:
    return _entry_points_on(tuple(sys.path))


@lru_cache(maxsize=8)
def _entry_points_on(path: tuple[str, ...]) -> Mapping[str, EntryPoint]:
    """Return the entry points of all packages on a path, whose lists are read once."""
    return MappingProxyType({point.name: point for point in entry_points(group=GROUP)})
