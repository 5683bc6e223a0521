"""Files that travel by content, each with a digest that tells damage."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cnnviz.errors import UserError


@dataclass(frozen=True)
class SentFile:
    """A file's content.

    Attributes
    ----------
    name
        The file's name, without its folder; of a clip's or a scene's files, as seen from the
        folder of the film or the scene.
    sha256
        Digest of the content, in hexadecimal.
    data
        The content; None if it is sent only to who does not have it.
    """

    name: str
    sha256: str
    data: bytes | None

    @classmethod
    def of(cls, path: Path) -> SentFile:
        """Return a file's content.

        Raises
        ------
        UserError
            If it cannot be read.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UserError(f'cannot read "{path}": {error.strerror}') from None
        return cls(path.name, hashlib.sha256(data).hexdigest(), data)

    def is_whole(self) -> bool:
        """Return whether the content is the one that was sent."""
        return self.data is not None and hashlib.sha256(self.data).hexdigest() == self.sha256

    def check(self, what: str) -> None:
        """Raise a ConnectionError, which says what it is, unless it arrived whole."""
        if not self.is_whole():
            raise ConnectionError(f'{what} "{self.name}" arrived damaged')

    def write(self, folder: Path) -> Path:
        """Write the content to a file of its name below a folder; return where."""
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data or b"")
        return path
