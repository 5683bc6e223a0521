"""The files of a clip: their names, and which of them are ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cnnviz.errors import UserError
from cnnviz.publishing.formats.mp4 import MP4
from cnnviz.publishing.formats.png import PNG
from cnnviz.publishing.output_files import refuse_folders, refuse_foreign

COMPANIONS = (
    ".vtt",
    ".srt",
    ".chapters.vtt",
    ".descriptions.vtt",
    ".transcript.md",
    ".stills",
    ".poster.png",  # not the name of a photo beside the film
    ".json",
)
"""Endings of what lies beside a film, in the order of :class:`ClipFiles`."""

FOLDER_SUFFIXES = (".stills", PNG.suffix)
"""Endings of what is a folder."""

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
    chapters
        Its chapters, WebVTT.
    descriptions
        What is seen, beat by beat, for people who cannot see it, WebVTT.
    transcript
        Captions and descriptions to be read, Markdown, with the stills.
    stills
        A folder with the last frame of each beat, PNG.
    poster
        One frame that stands for it, PNG.
    manifest
        What it shows and how it was made, JSON. It holds digests of the others.
    """

    video: Path
    captions_vtt: Path
    captions_srt: Path
    chapters: Path
    descriptions: Path
    transcript: Path
    stills: Path
    poster: Path
    manifest: Path

    @classmethod
    def at(cls, video: Path) -> ClipFiles:
        """Return the files whose film is at `video`.

        Those of an MP4 have its name with another ending; those of other formats have their
        ending as well, so that films in several formats may lie side by side.
        """
        return cls(video, *(video.with_name(f"{name_of_clip(video)}{end}") for end in COMPANIONS))

    @property
    def companions(self) -> tuple[Path, ...]:
        """All files but the film; the manifest last."""
        return tuple(getattr(self, each.name) for each in fields(ClipFiles) if each.name != "video")

    @property
    def all(self) -> tuple[Path, ...]:
        """All files, the film last."""
        return (*self.companions, self.video)

    def within(self, folder: Path) -> ClipFiles:
        """Return files of the same names in another folder."""
        return ClipFiles.at(folder / self.video.name)

    def suffix_of(self, path: Path) -> str:
        """Return how one of the files differs from the others: ``.vtt``, ``.poster.png``."""
        if path == self.video:
            return self.video.suffix.lower()
        return path.name.removeprefix(name_of_clip(self.video)).lower()

    def file_ending_in(self, suffix: str) -> Path:
        """Return the file that differs from the others so: see :meth:`suffix_of`."""
        if suffix == self.video.suffix.lower():
            return self.video
        return self.video.with_name(name_of_clip(self.video) + suffix)

    def digests(self) -> dict[str, str]:
        """Return a digest of each file but the manifest, by the ending of its name."""
        files = (path for path in self.all if path != self.manifest)
        return {self.suffix_of(path): digest_of(path) for path in files}

    def plain_files(self) -> list[Path]:
        """Return all files, those in folders one by one; of what is there."""
        return [
            inner
            for path in self.all
            for inner in (sorted(path.rglob("*")) if path.is_dir() else [path])
            if inner.is_file()
        ]

    def own(self) -> list[Path]:
        """Return those of the files that cnnviz made and that nobody has changed since."""
        manifest = read_manifest(self.manifest)
        if manifest is None:
            return []
        digests = manifest["files"]
        others = (path for path in self.all if path != self.manifest)
        made = [path for path in others if _is_as_made(path, digests.get(self.suffix_of(path)))]
        return [*made, self.manifest]


def name_of_clip(video: Path) -> str:
    """Return what the names of a clip's files begin with."""
    return video.stem if video.suffix.lower() == MP4.suffix else video.name


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal; of a folder, of all that is in it."""
    if path.is_dir():
        inner = sorted(path.rglob("*"))
        told = ((each.relative_to(path).as_posix(), each) for each in inner)
        lines = [f"{name} {digest_of(each) if each.is_file() else ''}" for name, each in told]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def last_change(path: Path) -> int:
    """Return when a file, or anything in a folder, has last changed, in nanoseconds."""
    changes: list[int] = [path.stat().st_mtime_ns]
    if path.is_dir():
        changes += [inner.stat().st_mtime_ns for inner in path.rglob("*")]
    return max(changes)


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
        return digest is not None and path.exists() and digest_of(path) == digest
    return False


def check_outputs(clip: ClipFiles, *, force: bool) -> None:
    """Raise a UserError if a clip's files would replace what cnnviz did not make.

    Parameters
    ----------
    clip
        The files.
    force
        Whether the user agrees that other files are replaced; folders never are.
    """
    own = clip.own()
    foreign_folders = [path for path in clip.all if path.is_dir() and path not in own]
    refuse_folders(path for path in foreign_folders if path.suffix not in FOLDER_SUFFIXES)
    if not force:
        refuse_foreign(clip.all, own)
    for path in foreign_folders:
        raise UserError(
            f'the folder "{path}" is in the way, and not a result of cnnviz: move it, or choose '
            "another output"
        )
