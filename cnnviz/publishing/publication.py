"""How a clip's files appear: all of them together, or none."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.publishing.clip_files import ClipFiles, check_outputs, digest_of

WORK_MARK = ".cnnviz-"
"""In the names of folders of unfinished clips: ``.conv_cat.mp4.cnnviz-x3k9q2``."""

LOCK = "lock"
"""In such a folder: held by the process that works there, for as long as it lives."""

BEFORE = "before"
"""In such a folder: the files that are replaced, until the new ones are in their places."""

READY = "ready"
"""In such a folder: all files are whole; digests of those that they replace."""


def finish_what_was_left(clip: ClipFiles) -> None:
    """Put right what a process that was killed while it moved this clip has left.

    Raises
    ------
    UserError
        If the folder cannot be read or written to.
    """
    if not clip.video.parent.is_dir():
        return
    try:
        _finish_what_was_left(clip)
    except OSError as error:
        raise UserError(f'cannot write "{clip.video}": {error.strerror}') from None


@contextmanager
def unfinished_clip(clip: ClipFiles) -> Iterator[ClipFiles]:
    """Give names in a hidden folder beside a clip, on the same disk; it goes at the end.

    Raises
    ------
    UserError
        If the folder cannot be made.
    """
    output = clip.video
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{output.name}{WORK_MARK}"
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=output.parent))
    except OSError as error:
        raise UserError(f'cannot write "{output}": {error.strerror}') from None
    try:
        with (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield clip.within(folder)
    finally:
        if not _holds_what_was_there(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _holds_what_was_there(folder: Path) -> bool:
    """Return whether files that were set aside could not be put back: they stay where they are."""
    before = folder / BEFORE
    return before.is_dir() and any(before.iterdir())


def publish(unfinished: ClipFiles, clip: ClipFiles, force: bool = False) -> None:
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
    check_outputs(clip, force)
    folder = unfinished.video.parent
    before = clip.within(folder / BEFORE)
    try:
        before.video.parent.mkdir()
        replaced = [digest_of(path) for path in clip.all if path.exists()]
        (folder / READY).write_text("\n".join(replaced))
        _move(unfinished, clip, before)
    except BaseException as error:
        for new, there, aside in zip(unfinished.all, clip.all, before.all, strict=True):
            with suppress(OSError):  # the others can be put back
                _undo(new, there, aside)
        if isinstance(error, OSError):
            raise UserError(f'cannot write "{clip.video}": {error.strerror}') from None
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


def _finish_what_was_left(clip: ClipFiles) -> None:
    """Move what a killed process had ready for this clip, and remove its folder."""
    prefix = f".{clip.video.name}{WORK_MARK}"
    for folder in clip.video.parent.iterdir():
        if folder.name.startswith(prefix) and (folder / LOCK).is_file():
            with (folder / LOCK).open() as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue  # its process is at work
                if _move_rest(clip.within(folder), clip, folder / READY):
                    shutil.rmtree(folder, ignore_errors=True)


def _move_rest(left: ClipFiles, clip: ClipFiles, ready: Path) -> bool:
    """Move what is left of a finished clip; return False where somebody else's file is."""
    if not ready.exists() or not left.video.exists():
        return True
    replaced = ready.read_text().splitlines()
    pairs = [pair for pair in zip(left.all, clip.all, strict=True) if pair[0].exists()]
    if any(os.path.lexists(there) and digest_of(there) not in replaced for _, there in pairs):
        return False
    for new, there in pairs:
        _put(new, there)
    return True
