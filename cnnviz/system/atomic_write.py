"""Files that appear under their name only when they are whole."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cnnviz.errors import UserError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path that becomes `path` if the block succeeds, and vanishes if not.

    Raises
    ------
    UserError
        If the folder cannot be made or written to, or `path` is itself a folder.
    """
    if path.is_dir():
        raise UserError(f"cannot write {path}: it is a folder")
    temporary = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(exist_ok=False)  # fails now rather than after minutes of rendering
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}") from None
    try:
        yield temporary
        temporary.replace(path)
    except BaseException:
        if temporary.is_dir():  # what is made may be a folder
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            temporary.unlink(missing_ok=True)
        raise
