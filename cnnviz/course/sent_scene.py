"""A scene in a file of the user's, sent by content: the file, what it imports, and its words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cnnviz.course.sent_file import SentFile
from cnnviz.errors import UserError
from cnnviz.staging.scene_code import files_of_scene
from cnnviz.staging.scene_files import SceneFile, forget, shown


@dataclass(frozen=True)
class SentScene:
    """A scene's code on its way.

    Attributes
    ----------
    file
        Name of its file.
    class_name
        The scene's class; None if it is the only one in there.
    files
        That file and all that it is made of, by their paths as seen from its folder.
    """

    file: str
    class_name: str | None
    files: tuple[SentFile, ...]

    @classmethod
    def of(cls, scene: str) -> SentScene | None:
        """Return what is sent of a scene: nothing of one that is installed.

        Raises
        ------
        UserError
            If it imports a file from outside of its folder, or a file cannot be read.
        """
        found = SceneFile.of(scene)
        if found is None:
            return None
        folder = found.path.parent
        return cls(
            found.path.name,
            found.class_name,
            tuple(_sent_file(path, folder, found.path) for path in files_of_scene(found.path)),
        )

    @contextmanager
    def written(self, folder: Path) -> Iterator[str]:
        """Write the scene to an empty folder, give what it is called there, and then forget it.

        Raises
        ------
        ConnectionError
            If it arrived damaged.
        """
        for content in self.files:
            content.check("the scene's file")
            content.write(folder)
        path = folder / self.file
        try:
            yield str(path) if self.class_name is None else f"{path}:{self.class_name}"
        finally:
            forget(folder)


def _sent_file(path: Path, folder: Path, scene: Path) -> SentFile:
    if not path.is_relative_to(folder):
        raise UserError(
            f'the scene "{shown(scene)}" imports "{path}", which does not lie in its folder and '
            "does not travel to workers: move it there, or install both as a package, here and "
            "there"
        )
    return replace(SentFile.of(path), name=path.relative_to(folder).as_posix())
