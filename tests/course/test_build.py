"""Courses built for real: only what is missing or stale, whatever happens on the way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

import cnnviz
from cnnviz.cli.main import main
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.weights import bundled_weights
from tests.cli.conftest import CALL
from tests.course.conftest import QUICK, write_picture
from tests.short_film.short import SHORT_SCENE
from tests.short_film.short_pair import SHORT_PAIR

WriteCourse = Callable[[str], Path]

COURSE = f"""
[defaults]
pictures = ["photos"]
{QUICK}
[[films]]
scene = "short.py"
[[films]]
scene = "short.py"
side = 3
"""

FILMS = [f"films/short_{film}_pace0.2_480p_2fps.mp4" for film in ("a", "b", "a_side-3", "b_side-3")]


@pytest.fixture
def folder(folder: Path) -> Path:
    """Return the working folder, with a scene in it that is made in no time."""
    shutil.copy(SHORT_SCENE, folder)
    shutil.copy(SHORT_PAIR, folder)
    return folder


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def built(write_course: WriteCourse, capsys: pytest.CaptureFixture[str]) -> None:
    write_course(COURSE)
    assert main(["build", "--jobs", "2"]) == 0
    assert printed(capsys) == FILMS


@pytest.mark.usefixtures("_films_are_made_here", "built")
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
        f"changed: {FILMS[2]} ({Path(FILMS[2]).stem}.vtt is not there)",
        f"changed: {FILMS[3]} ({Path(FILMS[3]).stem}.srt is not as it was made)",
    ]
    assert main(["build"]) == 2  # what somebody has written is not replaced
    said = capsys.readouterr()
    assert said.out.splitlines() == [FILMS[1], FILMS[2]]
    assert said.err.splitlines()[-1].startswith(f"Error: course.toml:10: {FILMS[3]}: ")
    assert "is in the way" in said.err
    captions.write_text(text)

    write_course(COURSE.replace("side = 3", 'side = 3\nencode = "small"\nname = "small"'))
    assert main(["build", "--dry-run"]) == 0
    assert [line.split(":")[0] for line in printed(capsys)] == ["up to date"] * 2 + ["missing"] * 2
    assert main(["build", "--all", "--dry-run"]) == 0
    assert "(all films are asked for)" in printed(capsys)[0]


@pytest.mark.usefixtures("_films_are_made_here")
def test_films_that_compare_are_made_anew_when_either_of_the_two_has_changed(
    write_course: WriteCourse, folder: Path, small_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(small_weights, folder / "mine.safetensors")
    write_course(
        f"""
        [defaults]
        {QUICK}
        [[films]]
        scene = "short_pair.py"
        pictures = ["photos"]
        networks = ["mine.safetensors"]
        [[films]]
        scene = "short_pair.py"
        pictures = ["photos/a.png"]
        networks = ["tiny_vgg", "mine.safetensors"]
        [page]
        """
    )
    films = [
        f"films/short_pair_{of}_pace0.2_480p_2fps.mp4" for of in ("a_b_mine", "a_tiny_vgg_mine")
    ]
    assert main(["build"]) == 0
    assert printed(capsys)[:2] == films
    page = Path("page/index.html").read_text("utf-8")
    assert page.count("<p>The two answers: ") == 2
    assert "A short pair · a, b · mine" in page
    assert "A short pair · a · tiny_vgg, mine" in page
    assert main(["build"]) == 0
    assert printed(capsys) == []

    write_picture(folder / "photos" / "b.png", 7)
    assert main(["build", "--dry-run"]) == 0
    assert printed(capsys) == [
        f"changed: {films[0]} (the other picture has changed)",
        f"up to date: {films[1]}",
    ]
    write_picture(folder / "photos" / "a.png", 8)
    shutil.copy(bundled_weights(), folder / "mine.safetensors")
    assert main(["build", "--dry-run"]) == 0
    assert printed(capsys) == [
        f"changed: {films[0]} (the picture has changed; the network has changed)",
        f"changed: {films[1]} (the picture has changed; the other network has changed)",
    ]
    (folder / "photos" / "b.png").write_text("no picture")
    assert main(["build"]) == 2
    (error,) = [line for line in capsys.readouterr().err.splitlines() if "Error: " in line]
    assert error.startswith(f"Error: course.toml:7: {films[0]}: cannot read")
    assert "'photos/b.png'" in error


@pytest.mark.slow
@pytest.mark.usefixtures("built")
def test_a_course_that_is_copied_with_its_scene_is_up_to_date(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(folder, copy)
    monkeypatch.chdir(copy)
    assert main(["build", "--dry-run"]) == 0
    assert printed(capsys) == [f"up to date: {film}" for film in FILMS]
    scene = copy / "short.py"
    scene.write_text(scene.read_text().replace("1.2", "1.1"))
    assert main(["build", "--dry-run"]) == 0
    assert [line.split(":")[0] for line in printed(capsys)] == ["changed"] * len(FILMS)


@pytest.mark.slow
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
    write_course(COURSE.replace('"short.py"', '"softmax"\nclass = "owl"', 1))
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


@pytest.mark.slow
def test_clips_of_beats_in_several_formats(
    write_course: WriteCourse, capsys: pytest.CaptureFixture[str]
) -> None:
    course = f"""
        [defaults]
        pictures = ["photos/a.png"]
        {QUICK}
        [[films]]
        scene = "softmax"
        beats = ["divide", "sum"]
        captions = "none"
        draw_title = true
        formats = ["mp4", "gif"]
        [page]
        [slides]
        """
    write_course(course.replace("divide", "dvide"))
    assert main(["build"]) == 2
    assert 'course.toml:10: there is no beat "dvide": choose' in capsys.readouterr().err
    assert not Path("films").exists()
    path = write_course(course)
    assert main(["build"]) == 0
    assert len([line for line in printed(capsys) if line.startswith("films")]) == 2
    page = Path("page/index.html").read_text("utf-8")
    assert page.count("<video") == 1
    assert '<track kind="captions" default ' in page
    assert page.count("<img") == 1
    assert page.count('class="chapters"') == 1
    assert len(list(Path("slides/beats").glob("*.mp4"))) == 2
    assert main(["build", "--dry-run"]) == 0
    assert [line.split(":")[0] for line in printed(capsys)] == ["up to date"] * 2
    assert cnnviz.build(path).written == ()


@pytest.mark.slow
def test_a_picture_whose_name_is_no_text_gets_film_page_and_slides(
    write_course: WriteCourse, folder: Path
) -> None:
    latin = folder / "photos" / os.fsdecode(b"M\xfcller.png")
    (folder / "photos" / "a.png").rename(latin)
    (folder / "photos" / "b.png").unlink()
    write_course(
        f"[defaults]\npictures = ['photos']\n{QUICK}\n"
        "[[films]]\nscene = 'softmax'\n[page]\n[slides]\n"
    )
    assert main(["build", "-Q"]) == 0
    films = list(Path("films").glob("*.mp4"))
    assert [os.fsencode(film.name)[:14] for film in films] == [b"softmax_M\xfcller"]
    assert "films/softmax_M%FCller" in Path("page/index.html").read_text()
    assert "beats/softmax_M%FCller" in Path("slides/slides.html").read_text()
    assert main(["build", "--dry-run"]) == 0
    assert main(["verify", str(films[0])]) == 0
    quick = ["-Q", "-q", "l", "--fps", "2", "--pace", "0.2"]
    assert main(["render", "softmax", str(latin), *quick]) == 0
    assert len(list(Path("media").glob("*.mp4"))) == 1


def test_from_python(write_course: WriteCourse) -> None:
    path = write_course(COURSE[: COURSE.rindex("[[films]]")])
    build = cnnviz.build(path)
    assert [str(clip.video) for clip in build.made] == FILMS[:2]
    assert build.failed == build.fresh == ()
    again = cnnviz.build(path)
    assert again.made == ()
    assert [str(path) for path in again.fresh] == FILMS[:2]


@pytest.mark.slow
def test_an_interrupt_leaves_what_is_finished_and_the_same_command_goes_on(
    write_course: WriteCourse,
    folder: Path,
    start: Callable[..., subprocess.Popen[str]],
    assert_ended: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_course(COURSE.replace("short.py", "softmax").replace("side = 3", 'class = "cat"'))
    films = [f"films/softmax_{film}_pace0.2_480p_2fps.mp4" for film in ("a", "b", "a_cat", "b_cat")]
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
    assert Path(films[0]).exists()
    assert main(["build"]) == 0
    assert printed(capsys) == films[1:]
