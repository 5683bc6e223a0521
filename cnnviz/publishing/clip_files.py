"""The files of a clip: their names, and which of them are ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnnviz.publishing.output_files import refuse_folders, refuse_foreign

POSTER_SUFFIX = ".poster.png"
"""Of the poster: not the name of a photo beside the film."""

LARGEST_MANIFEST = 64 * 2**20
"""Bytes; what is larger is no manifest of ours."""


@dataclass(frozen=True)
class ClipFiles:
    """The names of a clip's files.

    Attributes
    ----------
    video
        The film.
    captions_vtt, captions_srt
        Its captions.
    poster
        One frame that stands for it, PNG.
    manifest
        What it shows and how it was made, JSON. It holds digests of the others.
    """

    video: Path
    captions_vtt: Path
    captions_srt: Path
    poster: Path
    manifest: Path

    @classmethod
    def at(cls, video: Path) -> ClipFiles:
        """Return the files whose film is at `video`."""
        beside = [video.with_suffix(end) for end in (".vtt", ".srt", POSTER_SUFFIX, ".json")]
        return cls(video, *beside)

    @property
    def companions(self) -> tuple[Path, ...]:
        """All files but the film; the manifest last."""
        return (self.captions_vtt, self.captions_srt, self.poster, self.manifest)

    @property
    def all(self) -> tuple[Path, ...]:
        """All files, the film last."""
        return (*self.companions, self.video)

    def within(self, folder: Path) -> ClipFiles:
        """Return files of the same names in another folder."""
        return ClipFiles.at(folder / self.video.name)

    def suffix_of(self, path: Path) -> str:
        """Return how one of the files differs from the others: ``.vtt``, ``.poster.png``."""
        return path.name.removeprefix(self.video.stem).lower()

    def digests(self) -> dict[str, str]:
        """Return a digest of each file but the manifest, by the ending of its name."""
        files = (path for path in self.all if path != self.manifest)
        return {self.suffix_of(path): digest_of(path) for path in files}

    def own(self) -> list[Path]:
        """Return those of the files that cnnviz made and that nobody has changed since."""
        manifest = read_manifest(self.manifest)
        if manifest is None:
            return []
        digests = manifest["files"]
        others = (path for path in self.all if path != self.manifest)
        made = [path for path in others if _is_as_made(path, digests.get(self.suffix_of(path)))]
        return [*made, self.manifest]


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(manifest: Path) -> Mapping[str, Any] | None:
    """Return what a manifest of ours says; None if it is not there, or none of ours."""
    try:
        if not manifest.is_file() or manifest.stat().st_size > LARGEST_MANIFEST:
            return None
        content = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    is_ours = isinstance(content, dict) and isinstance(content.get("files"), dict)
    return content if is_ours and "scene" in content else None


def _is_as_made(path: Path, digest: str | None) -> bool:
    with suppress(OSError):
        return digest is not None and path.is_file() and digest_of(path) == digest
    return False


def check_outputs(clip: ClipFiles, force: bool) -> None:
    """Raise a UserError if a clip's files would replace what cnnviz did not make.

    Parameters
    ----------
    clip
        The files.
    force
        Whether the user agrees that other files are replaced; folders never are.
    """
    refuse_folders(clip.all)
    if not force:
        refuse_foreign(clip.all, clip.own())
