"""What is wrong with a disk is said in one line that names the place."""

import errno
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from cnnviz.errors import UserError
from cnnviz.system.disk import cannot_write, in_one_line, require_room, working_in, writing

Usage = namedtuple("Usage", "total used free")


def test_room_is_asked_for_before_work_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, 2**20))
    require_room(tmp_path, 2**20, "the film")
    with pytest.raises(UserError, match=r'no room in ".*" for the film: 3\.0 MiB are needed'):
        require_room(tmp_path, 3 * 2**20, "the film")


def test_a_full_disk_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert "make room there, or choose another" in str(cannot_write(tmp_path / "film.mp4", full))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert "TMPDIR" in str(cannot_write(tmp_path / "x", full))


def fail_with(error: OSError, context) -> None:
    with context:
        raise error


def test_only_want_of_room_is_the_folders_fault(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No space left"):
        fail_with(OSError(errno.ENOSPC, "No space left on device"), working_in(tmp_path))
    with pytest.raises(FileNotFoundError):
        fail_with(FileNotFoundError(errno.ENOENT, "No such file"), working_in(tmp_path))
    with pytest.raises(UserError, match="Permission denied"):
        fail_with(PermissionError(errno.EACCES, "Permission denied"), writing(tmp_path))


def test_users_are_told_of_their_own_folders_not_of_scratch_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / ".film.cnnviz-a1q56m06" / ".film.cnnviz-zsxcx9e8"
    libavs = f"file:{scratch / 'film.mp4'}"
    full = OSError(errno.ENOSPC, "No space left on device", libavs)
    named = f'"{tmp_path}"'
    assert str(cannot_write(tmp_path / "film.mp4", full)).startswith(f"cannot write {named}: ")
    assert f"{named}: make room" in str(in_one_line(full))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, 0))
    with pytest.raises(UserError, match=f"no room in {named} for"):
        require_room(scratch, 1, "the film")


def test_a_librarys_own_file_is_what_was_written(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "scratch" / "x.svg"))
    with pytest.raises(UserError, match=r'cannot write ".*scratch"'):
        fail_with(error, working_in(tmp_path / "out"))


def test_of_a_copy_what_was_written_is_named(tmp_path: Path) -> None:
    source, copy = str(tmp_path / "from" / "x"), str(tmp_path / "to" / "x")
    error = OSError(errno.ENOSPC, "No space left on device", source, None, copy)
    with pytest.raises(UserError, match=r'cannot write ".*to"'):
        fail_with(error, working_in(tmp_path / "out"))
    assert f'"{copy}"' in str(in_one_line(error))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/ro/x"), 'Read-only file system: "/ro/x"'),
        (OSError(errno.EMFILE, "Too many open files"), "Too many open files"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/ours"), None),
    ],
)
def test_what_is_not_the_users_fault_is_ours(error: OSError, line: str | None) -> None:
    said = in_one_line(error)
    assert said is None if line is None else said is not None and said.startswith(line)
