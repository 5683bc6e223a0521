"""What a film says of how it was made: in its manifest, or in the file itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnnviz.errors import UserError
from cnnviz.publishing.clip_files import LARGEST_MANIFEST, ClipFiles, digest_of, read_manifest
from cnnviz.publishing.formats import FORMATS, format_of


@dataclass(frozen=True)
class FilmFile:
    """A film of cnnviz's.

    Attributes
    ----------
    path
        Where it is.
    content
        What it says: ``command``, ``arguments``, ``source``, ``beats`` and so on; see
        :mod:`cnnviz.publishing.record`. With the manifest also ``numbers``.
    """

    path: Path
    content: Mapping[str, Any]

    @classmethod
    def at(cls, path: Path) -> FilmFile:
        """Read what a film says, from its manifest if that is beside it, or from itself.

        Raises
        ------
        UserError
            If the file cannot be read, or does not say how it was made.
        """
        if not path.exists():
            raise UserError(f'cannot read "{path}": there is no such file')
        clip = ClipFiles.at(path)
        content: Mapping[str, Any] | None = None
        if path.suffix.lower() == ".json":
            content = read_manifest(path)
        elif path.suffix.lower() in (known.suffix for known in FORMATS):
            written_as, content = format_of(path), read_manifest(clip.manifest)
            suffix = clip.suffix_of(path)
            if content is None or content["files"].get(suffix) != digest_of(path):
                content = _parsed(written_as.read_record(path))
        if content is None or not _is_complete(content):
            raise UserError(f'"{path}" does not say how it was made: it is no film of cnnviz')
        return cls(path, content)

    @property
    def arguments(self) -> list[str]:
        """What follows ``cnnviz render``, without picture, network and output."""
        return list(self.content["arguments"])


def is_own_film(path: Path) -> bool:
    """Return whether a file says that cnnviz made it, or the manifest beside it does."""
    if path.suffix.lower() not in (known.suffix for known in FORMATS):
        return False
    try:
        FilmFile.at(path)
    except (UserError, OSError):
        return False
    return True


def _parsed(record: str | None) -> Mapping[str, Any] | None:
    if record is None or len(record) > LARGEST_MANIFEST:
        return None
    try:
        content = json.loads(record)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _is_complete(content: Mapping[str, Any]) -> bool:
    """Return whether all that is needed is there, of the kind that it must be."""
    arguments, beats = content.get("arguments"), content.get("beats")
    return (
        isinstance(content.get("command"), str)
        and isinstance(arguments, list)
        and bool(arguments)
        and all(isinstance(each, str) for each in arguments)
        and isinstance(content.get("source"), dict)
        and isinstance(content.get("film"), dict)
        and isinstance(content.get("versions"), dict)
        and isinstance(beats, list)
        and all(isinstance(each, dict) for each in beats)
    )
