"""Scratch folders are private, go at the end, and are swept once their process is dead."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz.errors import UserError
from cnnviz.system.scratch import LOCK, READY, SIGNATURE, keep, scratch_folder, sweep

KILLED = """
import os, sys
from pathlib import Path
from cnnviz.system.scratch import scratch_folder
used = [scratch_folder(beside) for beside in (None, Path(sys.argv[1]) / "film.mp4")]
for each in used:
    folder = each.__enter__()
    (folder / "inner").mkdir()
    (folder / "inner" / "half.mp4").write_text("half")
    print(folder)
os.kill(os.getpid(), 9)
"""


def left_by_a_dead_process(parent: Path, name: str = "cnnviz-abcd1234") -> Path:
    folder = parent / name
    folder.mkdir()
    (folder / LOCK).write_text(SIGNATURE)
    (folder / "half.mp4").write_text("half")
    return folder


def test_they_are_the_users_alone_and_cannot_be_guessed(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "film.mp4") as one, scratch_folder(tmp_path / "film.mp4") as two:
        assert one != two
        assert one.parent == tmp_path
        assert one.name.startswith(".film.cnnviz-")
        assert stat.S_IMODE(one.stat().st_mode) == 0o700
        assert stat.S_IMODE((one / LOCK).stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_they_go_after_an_error(tmp_path: Path, error: type[BaseException]) -> None:
    def fail() -> None:
        with scratch_folder(tmp_path / "film.mp4") as folder:
            (folder / "inner").mkdir()
            (folder / "inner" / "file").write_text("")
            raise error

    with pytest.raises(error):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_the_next_process_removes_what_a_killed_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, films = tmp_path / "temporary", tmp_path / "films"
    temporary.mkdir()
    films.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    call = [sys.executable, "-c", KILLED, str(films)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    left = [Path(line) for line in done.stdout.split()]
    assert [path.parent for path in left] == [temporary, films]
    assert all(path.is_dir() for path in left)
    for parent in (temporary, films):
        sweep(parent)
        assert list(parent.iterdir()) == []


def test_what_a_living_process_uses_stays(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "film.mp4") as folder:
        sweep(tmp_path)
        assert (folder / LOCK).exists()


def test_what_is_not_ours_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = left_by_a_dead_process(tmp_path, "cnnviz-wxyz5678")
    (theirs / LOCK).write_text("locked by another program")
    unsigned = left_by_a_dead_process(tmp_path, ".film.cnnviz-wxyz5678")
    (unsigned / LOCK).unlink()
    os.utime(unsigned, (1, 1))
    left_by_a_dead_process(tmp_path, "cnnviz-of-mine")
    (tmp_path / "elsewhere").mkdir()
    left_by_a_dead_process(tmp_path / "elsewhere")
    (tmp_path / "cnnviz-linked12").symlink_to(tmp_path / "elsewhere" / "cnnviz-abcd1234")
    linked = left_by_a_dead_process(tmp_path, "cnnviz-lockedbb")
    (linked / LOCK).unlink()
    (linked / LOCK).symlink_to(tmp_path / "elsewhere" / "cnnviz-abcd1234" / LOCK)
    before = sorted(tmp_path.rglob("*"))
    sweep(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    left_by_a_dead_process(tmp_path)
    sweep(tmp_path)
    assert (tmp_path / "cnnviz-abcd1234" / "half.mp4").exists()


def test_links_in_what_a_dead_process_left_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "text").write_text("years of work")
    folder = left_by_a_dead_process(tmp_path)
    (folder / "link").symlink_to(tmp_path / "thesis")
    sweep(tmp_path)
    assert not folder.exists()
    assert (tmp_path / "thesis" / "text").exists()


def test_one_that_was_being_made_goes_when_it_is_old(tmp_path: Path) -> None:
    empty, locked = tmp_path / "cnnviz-abcd1234", tmp_path / "cnnviz-efgh5678"
    empty.mkdir()
    locked.mkdir()
    (locked / LOCK).touch()
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    for folder in (empty, locked):
        os.utime(folder, (1, 1))
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_ready_is_left_to_those_who_know_its_place(tmp_path: Path) -> None:
    folder = left_by_a_dead_process(tmp_path)
    (folder / READY).write_text("film.mp4")
    sweep(tmp_path)
    assert folder.exists()
    asked: list[Path] = []
    sweep(tmp_path, lambda found: bool(asked.append(found)))
    assert asked == [folder]
    assert folder.exists()
    sweep(tmp_path, lambda found: True)
    assert not folder.exists()


def test_what_is_to_be_kept_is_never_swept(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "film.mp4") as folder:
        (folder / "before.mp4").write_text("the user's")
        keep(folder)
    os.utime(folder, (1, 1))
    sweep(tmp_path)
    assert (folder / "before.mp4").exists()


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(UserError, match=r'cannot write ".*file/film\.mp4": Not a directory'),
        scratch_folder(tmp_path / "file" / "film.mp4"),
    ):
        pass


def test_no_place_for_temporary_files_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr("tempfile.gettempdir", none)
    with pytest.raises(UserError, match=r"No usable temporary .* set TMPDIR"), scratch_folder():
        pass


def test_the_longest_names_find_room(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / ("ü" * 120 + ".mp4")) as folder:
        assert folder.is_dir()
