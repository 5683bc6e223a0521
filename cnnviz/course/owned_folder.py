"""Folders that cnnviz fills with files of its own, and in which it leaves others' files alone.

A list in the folder says which files are ours, by name and digest. What is not in it, or is not
as it was written, is somebody's own work: it is neither replaced nor removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.publishing.clip_files import digest_of
from cnnviz.system.atomic_write import atomic_write

LIST = ".cnnviz.json"
"""The list's name."""


@dataclass(frozen=True)
class OwnFile:
    """A file for a folder.

    Attributes
    ----------
    name
        As seen from the folder, with slashes.
    content
        What it holds, or the file that it is a copy of.
    sha256
        Digest of the content, in hexadecimal.
    """

    name: str
    content: bytes | Path
    sha256: str

    @classmethod
    def of_text(cls, name: str, text: str) -> OwnFile:
        """Return a file that holds a text."""
        data = text.encode()
        return cls(name, data, hashlib.sha256(data).hexdigest())

    @classmethod
    def of_file(cls, name: str, path: Path) -> OwnFile:
        """Return a copy of a file."""
        return cls(name, path, digest_of(path))


def written_for(folder: Path) -> str | None:
    """Return what a folder was last filled for, if all of its files are as they were written."""
    known = _known(folder)
    if any(_own_digest(folder, name, known) is None for name in known):
        return None
    purpose = _read_list(folder).get("for")
    return purpose if isinstance(purpose, str) else None


def fill_folder(folder: Path, files: Iterable[OwnFile], purpose: str, *, force: bool) -> None:
    """Let a folder hold some files, and no others of ours from before.

    Files are written whole, one after the other, in their order: the one that refers to the
    others should come last.

    Parameters
    ----------
    folder
        Is made if need be.
    files
        What it shall hold.
    purpose
        What :func:`written_for` shall say.
    force
        Whether files in the way that are not ours are replaced.

    Raises
    ------
    UserError
        If somebody else's file is in the way, or the folder cannot be written to.
    """
    wanted = list(files)
    before = _known(folder)
    missing = []
    for file in wanted:
        path = folder / file.name
        if os.path.lexists(path):
            own = _own_digest(folder, file.name, before)
            if own == file.sha256:
                continue
            if (
                own is None
                and not force
                and not (path.is_file() and digest_of(path) == file.sha256)
            ):
                raise UserError(
                    f'"{path}" is in the way, and not a result of cnnviz: move it, choose another '
                    "folder, or replace it with --force (force=True)"
                )
        missing.append(file)
    names = {file.name: file.sha256 for file in wanted}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_list(folder, names, before)  # whatever happens, it is known what is ours
        for file in missing:
            _write(folder / file.name, file.content)
        for name in before.keys() - names.keys():
            if _own_digest(folder, name, before) is not None:
                (folder / name).unlink()
                with suppress(OSError):  # other files are in it
                    (folder / name).parent.rmdir()
        _write_list(folder, names, {}, purpose)
    except OSError as error:
        raise UserError(f'cannot write to "{folder}": {error.strerror}') from None


def _write(path: Path, content: bytes | Path) -> None:
    with atomic_write(path) as unfinished:
        if isinstance(content, bytes):
            unfinished.write_bytes(content)
        else:
            shutil.copyfile(content, unfinished)


Known = Mapping[str, Collection[str]]
"""The digests that each of our files may have, by name."""


def _own_digest(folder: Path, name: str, known: Known) -> str | None:
    """Return the digest of a file that is as we wrote it; None for any other."""
    with suppress(OSError):
        path = folder / name
        digest = digest_of(path) if path.is_file() and name in known else None
        return digest if digest in known.get(name, ()) else None
    return None


def _known(folder: Path) -> Known:
    """Return which files are ours; after an interrupted write some may have either content."""
    listed = _read_list(folder)
    found: dict[str, set[str]] = {}
    for part in ("files", "before"):
        entries = listed.get(part)
        for name, digests in (entries if isinstance(entries, dict) else {}).items():
            found.setdefault(name, set()).update(digests)
    return found


def _read_list(folder: Path) -> Mapping[str, object]:
    try:
        content = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_list(
    folder: Path, files: Mapping[str, str], before: Known, purpose: str | None = None
) -> None:
    content = {
        "for": purpose,
        "files": {name: [digest] for name, digest in files.items()},
        "before": {name: sorted(digests) for name, digests in before.items()},
    }
    with atomic_write(folder / LIST) as unfinished:
        unfinished.write_text(json.dumps(content, indent=1), encoding="utf-8")
