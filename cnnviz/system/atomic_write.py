"""Files that appear under their name only when they are whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.system.disk import writing
from cnnviz.system.scratch import scratch_folder


def make_folder_of(path: Path) -> None:
    """Make the folder of a file that is to be written, where it is missing.

    Raises
    ------
    UserError
        If it cannot be made, or `path` is itself a folder.
    """
    if path.is_dir():
        raise UserError(f'cannot write "{path}": it is a folder')
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a temporary path that becomes `path` if the block succeeds, and vanishes if not.

    Raises
    ------
    UserError
        If the folder cannot be made or written to, or `path` is itself a folder. What the
        block raises stays as it is.
    """
    make_folder_of(path)
    with scratch_folder(beside=path) as folder:  # fails now rather than after minutes of work
        unfinished = folder / path.name
        yield unfinished
        with writing(path):
            unfinished.replace(path)
