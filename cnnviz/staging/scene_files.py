"""Scenes in files of the user's own, such as ``verdict.py`` or ``verdict.py:OtherScene``.

The file is a module of this one, whose name tells where it lies and which version of it is
meant: a pickled scene is found again in any process, and an edited file is another module,
so that neither a long session nor a cache key ever mixes two versions.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from stat import S_ISREG
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

from cnnviz.errors import UserError
from cnnviz.staging.imported_files import sources

if TYPE_CHECKING:
    from cnnviz.staging.scene import LectureScene

__path__: list[str] = []
"""Makes this module a package: scene files are its modules, and `_Finder` finds them."""

REFERENCE = re.compile(r"(?P<path>.+\.py)(?::(?P<name>\w+))?")

REQUIRED = ("name", "Parameters", "poster_beat")
"""What a scene's class must have."""

VERSION_LENGTH = 16


@dataclass(frozen=True)
class SceneFile:
    """A scene in a file.

    Attributes
    ----------
    path
        The file, absolute.
    class_name
        The scene's class; None if it is the only one.
    """

    path: Path
    class_name: str | None = None

    @classmethod
    def of(cls, reference: str) -> Self | None:
        """Return what ``FILE.py`` or ``FILE.py:CLASS`` names; None for the name of a scene."""
        match = REFERENCE.fullmatch(reference)
        if match is None:
            return None
        return cls(Path(os.path.abspath(match["path"])), match["name"])

    @property
    def stem(self) -> str:
        """What the names of its films begin with."""
        return "_".join(filter(None, (self.path.stem, self.class_name)))

    @property
    def module(self) -> str:
        """Name of its module; another one as soon as it or what it imports has changed.

        Raises
        ------
        UserError
            If the file cannot be read.
        """
        try:
            is_file = S_ISREG(self.path.stat().st_mode)  # a pipe would be waited for
            version = _version(self.path) if is_file else None
        except OSError as error:
            raise UserError(
                f'cannot read the scene "{shown(self.path)}": {error.strerror}'
            ) from None
        if version is None:
            raise UserError(f'cannot read the scene "{shown(self.path)}": it is no regular file')
        return f"{__name__}.{version}_{os.fsencode(self.path).hex()}"

    def load(self) -> type[LectureScene]:
        """Import the file and return the scene's class.

        Raises
        ------
        UserError
            If the file cannot be imported, or has no such scene; the message names the line.
        """
        from cnnviz.staging.scene import LectureScene  # imports Manim

        module = self._import()

        scenes = {
            value.__name__: value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, LectureScene)
            and value.__module__ == module.__name__
        }
        scene = self._choose(scenes)
        self._check(scene)
        return scene

    def _import(self) -> ModuleType:
        name = self.module
        if name not in sys.modules:
            _forget_modules_of(self.path)
        try:
            return import_module(name)
        except UserError:
            raise
        except (Exception, SystemExit) as error:
            unknown_line = UserError(f"{shown(self.path)}: {_in_one_line(error)}")
            raise self.fault(error) or unknown_line from None

    def _choose(self, scenes: dict[str, type[LectureScene]]) -> type[LectureScene]:
        """Return the scene that is meant: a base of another one is none by itself."""
        if self.class_name in scenes:
            return scenes[self.class_name]
        final = [
            name
            for name, scene in scenes.items()
            if not any(issubclass(other, scene) and other is not scene for other in scenes.values())
        ]
        file = shown(self.path)
        if not scenes:
            raise UserError(
                f'there is no scene in "{file}": it needs a class that extends LectureScene'
            )
        listed = ", ".join(f"{file}:{name}" for name in final)
        if self.class_name is not None:
            raise UserError(f'there is no scene "{self.class_name}" in "{file}": choose {listed}')
        if len(final) > 1:
            raise UserError(f'there are {len(final)} scenes in "{file}": choose {listed}')
        return scenes[final[0]]

    def _check(self, scene: type[LectureScene]) -> None:
        where = f"{shown(self.path)}:{_line_of(self.path, scene.__name__)}"
        for attribute in REQUIRED:
            if not hasattr(scene, attribute):
                raise UserError(f"{where}: the scene {scene.__name__} has no {attribute}")
        parameters: Any = scene.Parameters
        if not is_dataclass(parameters) or any(
            "parameter" not in each.metadata for each in fields(parameters)
        ):
            raise UserError(
                f"{where}: the Parameters of {scene.__name__} must be a dataclass, each field "
                "made by parameter(...)"
            )

    def fault(self, error: BaseException) -> UserError | None:
        """Return the one line that says where in the file, or in what it imports, it went wrong.

        None if the error came from elsewhere. The traceback of another process is looked at, too.
        """
        text = "".join(traceback.format_exception(error))
        own = set(map(str, sources(self.path)))
        places = [
            (path, line)
            for path, line in re.findall(r'File "([^"\n]+)", line (\d+)', text)
            if path in own
        ]
        if not places:
            return None
        path, line = places[-1]
        return UserError(f"{shown(Path(path))}:{line}: {_in_one_line(error)}")


def _in_one_line(error: BaseException) -> str:
    return " ".join(traceback.format_exception_only(error)[-1].split())


def shown(path: Path) -> str:
    """Return a path as short as it can be written here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _version(path: Path) -> str:
    """Return a digest of a file and all that it imports from its own folder.

    Words are no code, and read anew for every film: see :mod:`cnnviz.staging.scene_code`.
    """
    content = hashlib.sha256()
    for source in sorted(sources(path)):
        content.update(hashlib.sha256(source.read_bytes()).digest())
    return content.hexdigest()[:VERSION_LENGTH]


def _line_of(path: Path, class_name: str) -> int:
    """Return the line in which a class begins."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ClassDef) and node.name == class_name:
            return node.lineno
    return 1


def _forget_modules_of(path: Path) -> None:
    """Let what a file imports from its folder be imported anew.

    Modules of those names may be there from an earlier version, or from the folder of another
    scene; installed ones stay.
    """
    scenes = [module for name, module in sys.modules.items() if name.startswith(f"{__name__}.")]
    folders = {path.parent, *(Path(str(module.__file__)).parent for module in scenes)}
    for source in sources(path):
        if not source.is_relative_to(path.parent):
            continue
        parts = source.relative_to(path.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        file = getattr(sys.modules.get(name), "__file__", None)
        if file is not None and folders.intersection(Path(file).parents):
            del sys.modules[name]


def path_of(module: str) -> Path:
    """Return where the scene file lies that is a module: see :attr:`SceneFile.module`.

    Raises
    ------
    ValueError
        If no scene file has such a name.
    """
    _, _, encoded = module.rpartition(".")[2].partition("_")
    return Path(os.fsdecode(bytes.fromhex(encoded)))


def forget(folder: Path) -> None:
    """Let go of scene files in a folder that is about to go, and of what they have imported there.

    A process that lives long would else keep all of them, and look for modules in such folders.
    """
    inside = f"{folder}{os.sep}"
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(inside):
            del sys.modules[name]
    sys.path[:] = [each for each in sys.path if each != str(folder)]
    sys.path_importer_cache.pop(str(folder), None)


class _Loader(SourceFileLoader):
    """Runs a scene file as Python runs a script: what lies beside it can be imported."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the file, and keep no bytecode of what it imports from beside it.

        Python would take it for fresh after an edit in the same second.
        """
        folder, is_unwritten = str(Path(self.path).parent), sys.dont_write_bytecode
        sys.path[:] = [folder, *(each for each in sys.path if each != folder)]
        sys.dont_write_bytecode = True
        try:
            super().exec_module(module)
        finally:
            sys.dont_write_bytecode = is_unwritten

    def path_stats(self, path: Any) -> Any:
        """Keep no bytecode of the file itself, for the same reason."""
        raise OSError


class _Finder(MetaPathFinder):
    """Finds scene files by the names that :attr:`SceneFile.module` gives them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        package, _, name = fullname.rpartition(".")
        if package != __name__:
            return None
        try:
            file = path_of(fullname)
            is_current = name.startswith(f"{_version(file)}_")
        except (ValueError, OSError):
            return None
        return (
            spec_from_file_location(fullname, loader=_Loader(fullname, str(file)))
            if is_current
            else None
        )


sys.meta_path.append(_Finder())
