"""Files that a process works on for long, and no other meanwhile: one's work would be lost."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.system.disk import cannot_write
from cnnviz.system.scratch_names import MARK, shortened


@contextmanager
def sole_writer(path: Path) -> Iterator[None]:
    """Keep a file to this process as long as the block runs.

    The hidden file beside it whose lock says so goes at the end. The system gives the lock back
    however the process ends; what a killed one left is taken over by the next.

    Raises
    ------
    UserError
        If another process has it, or the folder cannot be written to.
    """
    beside = path.with_name(f".{MARK}{shortened(path.name)}")
    with open(_locked(path, beside)):
        try:
            yield
        finally:
            with suppress(OSError):
                beside.unlink()


def _locked(path: Path, beside: Path) -> int:
    """Return a descriptor of the hidden file, locked."""
    while True:
        try:
            descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise cannot_write(path, error) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise UserError(
                f'another process is about to write "{path}": wait for it, or choose another output'
            ) from None
        except OSError:  # a disk without locks: nobody can be told
            return descriptor
        if _is_still(beside, descriptor):
            return descriptor
        os.close(descriptor)  # whoever had it has just removed it


def _is_still(path: Path, descriptor: int) -> bool:
    """Return whether a path still leads to the file that was opened there."""
    with suppress(OSError):
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    return False
