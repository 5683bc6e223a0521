"""The cache's own folder: where it lies, and how it is told from a folder of the user's.

It is marked by a ``CACHEDIR.TAG`` (https://bford.info/cachedir/), so that backups leave it out,
with a line of cnnviz's own. A folder without that line is somebody else's and stays as it is.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from cnnviz.cache.records import read_ordinary
from cnnviz.errors import UserError
from cnnviz.system.home import home
from cnnviz.system.scratch import scratch_folder

FOLDER_VARIABLE = "CNNVIZ_CACHE_DIR"
"""The environment variable that names another place."""

NAME = "cnnviz"
"""The folder's name, in whatever place the user wants it."""

TAG = "CACHEDIR.TAG"
SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55\n"
"""The first line of every such file, whoever made it."""

MARK = b"# cnnviz cache\n"
"""The line that says whose it is."""

TAG_CONTENT = (
    SIGNATURE
    + MARK
    + b"# What cnnviz has made and can make again: 'cnnviz cache clear' removes it.\n"
    + b"# See https://bford.info/cachedir/ for what this file means.\n"
)

PRIVATE = 0o700


def default_place() -> Path:
    """Return where the user wants caches: ``CNNVIZ_CACHE_DIR``, or the system's place."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    if sys.platform == "darwin":
        return home() / "Library" / "Caches" / "cnnviz"
    return Path(os.environ.get("XDG_CACHE_HOME") or home() / ".cache") / "cnnviz"


def is_folder(path: Path) -> bool:
    """Return whether it is a folder itself, not a link to one."""
    with suppress(OSError):
        return stat.S_ISDIR(path.lstat().st_mode)
    return False


def is_marked(folder: Path) -> bool:
    """Return whether a folder is a cache of cnnviz's, and this user's."""
    with suppress(OSError):
        start = read_ordinary(folder / TAG, len(SIGNATURE + MARK))
        is_ours = is_folder(folder) and folder.lstat().st_uid == os.geteuid()
        return is_ours and start == SIGNATURE + MARK
    return False


def _is_another_users(folder: Path) -> bool:
    with suppress(OSError):
        return folder.lstat().st_uid != os.geteuid()
    return False


def check_folder(folder: Path) -> None:
    """Raise a UserError if the folder is there and not a cache of cnnviz's."""
    try:
        folder.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unusable(folder, error) from None
    if is_marked(folder):
        return
    if _is_another_users(folder):
        raise UserError(
            f'the cache "{folder}" belongs to another user: set {FOLDER_VARIABLE} to another place'
        )
    if is_folder(folder) and not os.access(folder, os.R_OK | os.X_OK):
        raise UserError(f'the cache "{folder}" may not be read: give yourself that right')
    raise UserError(
        f'"{folder}" is not a cache of cnnviz\'s (its {TAG} does not say so) and is left '
        f"alone: rename it, or set {FOLDER_VARIABLE} to another place"
    )


def make_folder(folder: Path) -> None:
    """Make and mark the folder unless it is there; an empty one becomes the cache's.

    Raises
    ------
    UserError
        If it cannot be made, or is there and not a cache of cnnviz's.
    """
    if is_marked(folder):
        with suppress(OSError):
            if stat.S_IMODE(folder.lstat().st_mode) != PRIVATE:  # as older versions left it
                folder.chmod(PRIVATE)
        return
    try:
        _make(folder)
    except OSError as error:
        if not is_marked(folder):  # else another process was faster
            check_folder(folder)
            raise _unusable(folder, error) from None


def _make(folder: Path) -> None:
    """Let the folder appear with its mark in it, so that nobody ever sees it without."""
    folder.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    with scratch_folder(beside=folder) as scratch:
        unfinished = scratch / folder.name
        unfinished.mkdir(mode=PRIVATE)
        (unfinished / TAG).write_bytes(TAG_CONTENT)
        unfinished.rename(folder)


def _unusable(folder: Path, error: OSError) -> UserError:
    return UserError(f'the cache "{folder}" cannot be used: {error.strerror}')
