"""Courses built for real: only what is missing or stale, whatever happens on the way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import psutil
import pytest

import cnnviz
from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.system.local_executor import LocalExecutor
from tests.cli.conftest import CALL
from tests.course.conftest import QUICK, write_picture, write_pictures

WriteCourse = Callable[[str], Path]

COURSE = f"""
[defaults]
pictures = ["photos"]
{QUICK}
[[films]]
scene = "softmax"
[[films]]
scene = "pool"
"""

FILMS = [
    f"films/{scene}_{photo}_pace0.2_480p_2fps.mp4"
    for scene in ("softmax", "pool")
    for photo in "ab"
]


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the course and its films."""
    folder = tmp_path_factory.mktemp("built")
    write_pictures(folder)
    (folder / "course.toml").write_text(COURSE)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as said:
        patch.chdir(folder)
        assert main(["build", "--jobs", "2"]) == 0
    assert said.getvalue().splitlines() == FILMS
    return folder


@pytest.fixture
def built(built_once: Path, folder: Path) -> None:
    """Let the working folder be a copy of that one."""
    shutil.copytree(built_once, folder, dirs_exist_ok=True)


@pytest.mark.usefixtures("built")
def test_only_what_is_missing_or_stale_is_made(
    write_course: WriteCourse, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in Path("films").iterdir()}

    assert main(["build"]) == 0
    assert printed(capsys) == []

    write_picture(folder / "photos" / "a.png", 7)
    assert main(["build", "--dry-run"]) == 0
    assert printed(capsys) == [
        f"changed: {FILMS[0]} (the picture has changed)",
        f"up to date: {FILMS[1]}",
        f"changed: {FILMS[2]} (the picture has changed)",
        f"up to date: {FILMS[3]}",
    ]
    assert main(["build"]) == 0
    assert printed(capsys) == [FILMS[0], FILMS[2]]
    after = {path: path.stat().st_mtime_ns for path in Path("films").iterdir()}
    assert {path.stem.split("_")[1] for path in after if after[path] != before[path]} == {"a"}

    Path(FILMS[1]).unlink()
    Path(FILMS[2]).with_suffix(".vtt").unlink()
    captions = Path(FILMS[3]).with_suffix(".srt")
    text = captions.read_text()
    captions.write_text("somebody's own")
    assert main(["build", "--dry-run"]) == 0
    assert printed(capsys) == [
        f"up to date: {FILMS[0]}",
        f"missing: {FILMS[1]} (it is not there)",
        f"changed: {FILMS[2]} (pool_a_pace0.2_480p_2fps.vtt is not there)",
        f"changed: {FILMS[3]} (pool_b_pace0.2_480p_2fps.srt is not as it was made)",
    ]
    assert main(["build"]) == 2  # what somebody has written is not replaced
    said = capsys.readouterr()
    assert said.out.splitlines() == [FILMS[1], FILMS[2]]
    assert said.err.splitlines()[-1].startswith(f"Error: course.toml:10: {FILMS[3]}: ")
    assert "is in the way" in said.err
    captions.write_text(text)

    write_course(
        COURSE.replace('scene = "pool"', 'scene = "pool"\nencode = "small"\nname = "pool"')
    )
    assert main(["build", "--dry-run"]) == 0
    assert [line.split(":")[0] for line in printed(capsys)] == ["up to date"] * 2 + ["missing"] * 2
    assert main(["build", "--all", "--dry-run"]) == 0
    assert "(all films are asked for)" in printed(capsys)[0]


@pytest.mark.usefixtures("built")
def test_another_option_under_the_same_name_is_told(
    write_course: WriteCourse, capsys: pytest.CaptureFixture[str]
) -> None:
    write_course(COURSE)
    manifest = ClipFiles.at(Path(FILMS[0])).manifest
    manifest.write_text(manifest.read_text().replace('"theme": "dark"', '"theme": "light"'))
    assert main(["build", "--dry-run"]) == 0
    assert printed(capsys)[0] == f'changed: {FILMS[0]} (theme was "light" and is "dark")'


def test_a_film_that_fails_does_not_stop_the_others(
    write_course: WriteCourse, capsys: pytest.CaptureFixture[str]
) -> None:
    write_course(COURSE.replace('scene = "softmax"', 'scene = "softmax"\nclass = "owl"'))
    Path("photos/b.png").write_text("no picture")
    assert main(["build"]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines() == [FILMS[2]]
    errors = [line for line in said.err.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 3
    assert errors[0].startswith("Error: course.toml:8: films/softmax_a_owl")
    assert '"owl"' in errors[0]
    assert errors[2].startswith(f"Error: course.toml:11: {FILMS[3]}: cannot read")
    assert "'photos/b.png'" in errors[2]


def test_clips_of_beats_in_several_formats(
    write_course: WriteCourse, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_course(
        f"""
        [defaults]
        pictures = ["photos/a.png"]
        {QUICK}
        [[films]]
        scene = "softmax"
        beats = ["divide", "sum"]
        captions = "none"
        draw_title = true
        formats = ["mp4", "gif"]
        [[films]]
        scene = "softmax"
        beats = ["dvide"]
        [page]
        [slides]
        """
    )
    assert main(["build"]) == 2
    said = capsys.readouterr()
    assert len([line for line in said.out.splitlines() if line.startswith("films")]) == 2
    (error,) = [line for line in said.err.splitlines() if line.startswith("Error")]
    assert error.startswith("Error: course.toml:14: films/softmax_a_")
    assert 'there is no beat "dvide": choose' in error
    page = Path("page/index.html").read_text("utf-8")
    assert page.count("<video") == 1
    assert '<track kind="captions" default ' in page
    assert page.count("<img") == 1
    assert page.count('class="chapters"') == 1
    assert len(list(Path("slides/beats").glob("*.mp4"))) == 2
    assert main(["build", "--dry-run"]) == 0
    states = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert states == ["up to date", "up to date", "missing"]
    assert cnnviz.build(path).written == ()


def test_from_python(write_course: WriteCourse) -> None:
    path = write_course(COURSE.split('[[films]]\nscene = "pool"')[0])
    build = cnnviz.build(path)
    assert [str(clip.video) for clip in build.made] == FILMS[:2]
    assert build.failed == build.fresh == ()
    again = cnnviz.build(path)
    assert again.made == ()
    assert [str(path) for path in again.fresh] == FILMS[:2]


def test_an_interrupt_leaves_what_is_finished_and_the_same_command_goes_on(
    write_course: WriteCourse,
    folder: Path,
    start: Callable[..., subprocess.Popen[str]],
    assert_ended: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_course(COURSE)
    temporary = folder / "tmp"
    temporary.mkdir()
    process = start(CALL, "build", "--jobs", "1", TMPDIR=temporary)
    assert process.stderr is not None
    for line in process.stderr:
        if "done" in line:
            break
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    said = process.stderr.read()
    assert process.wait(timeout=60) == 130
    assert said.splitlines()[-1].startswith("Error: interrupted; what was finished stays")
    assert "Traceback" not in said
    assert_ended(family)
    assert list(temporary.iterdir()) == []
    assert Path(FILMS[0]).exists()
    assert main(["build"]) == 0
    assert printed(capsys) == FILMS[1:]


def test_a_killed_process_costs_only_what_it_was_at(tmp_path: Path) -> None:
    with LocalExecutor(2, tmp_path) as executor:
        first = executor.submit(os.getpid).result()
        stays, dies = executor.submit(wait_for, tmp_path / "go"), executor.submit(kill_oneself)
        assert isinstance(dies.exception(timeout=60), UserError)
        after = executor.submit(os.getpid).result()
        (tmp_path / "go").touch()
        assert stays.result(timeout=60) in (first, after) or stays.result()
        assert len({stays.result(), after}) == 2


def kill_oneself() -> Future[None]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def wait_for(path: Path) -> int:
    while not path.exists():
        threading.Event().wait(0.05)
    return os.getpid()
