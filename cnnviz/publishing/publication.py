"""How a clip's files appear: all of them together, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cnnviz.publishing.clip_files import ClipFiles, check_outputs, digest_of
from cnnviz.system.disk import cannot_write, writing
from cnnviz.system.scratch import READY, keep, scratch_folder, sweep

BEFORE = "before"
"""In such a folder: the files that are replaced, until the new ones are in their places."""


def finish_what_was_left(folder: Path) -> None:
    """Put right what processes that were killed while they made clips have left in a folder.

    What they had ready is moved to its place, and all else of theirs is removed.
    """
    sweep(folder, _move_rest)


@contextmanager
def unfinished_clip(clip: ClipFiles) -> Iterator[ClipFiles]:
    """Give names in a hidden folder beside a clip, on the same disk; it goes at the end.

    Raises
    ------
    UserError
        If the folder cannot be made.
    """
    with writing(clip.video):
        clip.video.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(beside=clip.video) as folder:
        try:
            yield clip.within(folder)
        finally:
            if _holds_what_was_there(folder):
                keep(folder)


def _holds_what_was_there(folder: Path) -> bool:
    """Return whether files that were set aside could not be put back: they stay where they are."""
    before = folder / BEFORE
    return before.is_dir() and any(before.iterdir())


def publish(unfinished: ClipFiles, clip: ClipFiles, *, force: bool = False) -> None:
    """Move a clip's files to their names: all of them, or if that fails none.

    What was there goes first and the new film comes last, so that beside a film there are
    never the captions of another. A process that is killed on the way leaves the rest in its
    hidden folder, and the next one that makes this clip moves it.

    Raises
    ------
    UserError
        If they cannot be moved, or something has got in the way meanwhile; what was there is
        there again.
    """
    check_outputs(clip, force=force)
    folder = unfinished.video.parent
    before = clip.within(folder / BEFORE)
    try:
        before.video.parent.mkdir()
        replaced = [digest_of(path) for path in clip.all if path.exists()]
        lines = "\n".join([clip.video.name, *replaced])
        (folder / READY).write_text(lines, encoding="utf-8", errors="surrogateescape")
        _move(unfinished, clip, before)
    except BaseException as error:
        for new, there, aside in zip(unfinished.all, clip.all, before.all, strict=True):
            with suppress(OSError):  # the others can be put back
                _undo(new, there, aside)
        if isinstance(error, OSError):
            raise cannot_write(clip.video, error) from None
        raise
    shutil.rmtree(before.video.parent, ignore_errors=True)


def _move(unfinished: ClipFiles, clip: ClipFiles, before: ClipFiles) -> None:
    """Set aside what is there, the film first, and move what is new, the film last."""
    for there, aside in reversed(list(zip(clip.all, before.all, strict=True))):
        with suppress(FileNotFoundError):
            os.rename(there, aside)
    for new, there in zip(unfinished.all, clip.all, strict=True):
        os.rename(new, there)


def _undo(new: Path, there: Path, aside: Path) -> None:
    """Put one file back as it was before :func:`_move`, however far that came."""
    if os.path.lexists(aside):
        _put(aside, there)
    elif not os.path.lexists(new):  # it was moved to where there was nothing
        if there.is_dir():
            shutil.rmtree(there)
        else:
            there.unlink(missing_ok=True)


def _put(source: Path, target: Path) -> None:
    """Move a file or a folder of ours, in the place of what is there."""
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    os.replace(source, target)


def _move_rest(folder: Path) -> bool:
    """Move what a killed process had ready; return False where somebody else's file is."""
    with (folder / READY).open(encoding="utf-8", errors="surrogateescape") as ready:
        name, *replaced = ready.read().split("\n")
    clip = ClipFiles.at(folder.parent / Path(name).name)
    left = clip.within(folder)
    if not left.video.exists():
        return not _holds_what_was_there(folder)
    pairs = [pair for pair in zip(left.all, clip.all, strict=True) if pair[0].exists()]
    if any(os.path.lexists(there) and digest_of(there) not in replaced for _, there in pairs):
        return False
    for new, there in pairs:
        _put(new, there)
    return True
