"""``render``, ``still`` and ``cache`` as people use them, on small films."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

import cnnviz
from cnnviz.cache.store import Cache, Kind
from cnnviz.cli.main import main
from tests.short_film.short import SHORT_SCENE

SMALL = ["-q", "l", "--fps", "2", "--pace", "0.2"]


def render(output: Path, *options: str) -> None:
    assert main(["render", "relu", *SMALL, "-o", str(output), *options]) == 0


def test_a_second_run_needs_neither_manim_nor_torch(fresh_cache: Path, tmp_path: Path) -> None:
    render(tmp_path / "one.mp4")
    photo = Path(cnnviz.__file__).parent / "photos" / "cat.jpg"
    mine = tmp_path / "my cat.jpg"
    mine.write_bytes(photo.read_bytes())
    call = ["render", "relu", *SMALL, "-o", str(tmp_path / "two.mp4"), "--image", str(mine)]
    code = (
        f"import sys; from cnnviz.cli.main import main; assert main({call!r}) == 0;"
        "print([name for name in ('torch', 'manim', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(tmp_path / "two.mp4"), "[]"]
    for suffix in ("poster.png", "vtt", "srt", "descriptions.vtt"):
        one, two = ((tmp_path / name).with_suffix(f".{suffix}") for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), suffix
    one, two = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("one", "two"))
    assert two.pop("source")["image"] == "my cat.jpg"
    assert one.pop("source")["image"] == "cat.jpg"
    assert "'my cat.jpg'" in two.pop("command")
    assert "jpg" not in one.pop("command")
    for film in (one, two):  # names of the picture and of the film stand in these
        assert len(film.pop("files")) == 8
    assert one == two
    assert [path.name for path in fresh_cache.iterdir()] == ["cnnviz"]
    assert sorted(path.name for path in (fresh_cache / "cnnviz").iterdir()) == [
        "CACHEDIR.TAG",
        "companions",
        "films",
        "scenes",
        "sections",
        "stills",
        "traces",
    ]


@pytest.mark.slow
def test_without_the_cache_nothing_is_kept_and_jobs_do_not_change_the_film(
    tmp_path: Path,
    small_weights: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(cache))
    network = ["--weights", str(small_weights)]
    render(tmp_path / "one.mp4", *network, "--no-cache", "--profile")
    printed = capsys.readouterr()
    for stage in ("build", "animate", "detect", "draw", "convert", "encode", "wait"):
        assert f" s  {stage}" in printed.err
    assert printed.out == f"{tmp_path / 'one.mp4'}\n"
    assert {entry.kind for entry in Cache(cache).entries()} == {Kind.SCENE}
    render(tmp_path / "two.mp4", *network, "--jobs", "2", "--cache", "--theme", "dark")
    for suffix in ("mp4", "poster.png", "descriptions.vtt"):
        one, two = ((tmp_path / name).with_suffix(f".{suffix}") for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), suffix
    made = [json.loads((tmp_path / f"{name}.json").read_text()) for name in ("one", "two")]
    for each in made:
        each["files"].pop(".transcript.md")  # names the film
    assert made[0] == made[1]
    render(tmp_path / "other.mp4", *network, "--pixel", "3,4")
    films = [json.loads((tmp_path / f"{name}.json").read_text()) for name in ("two", "other")]
    capsys.readouterr()
    assert main(["cache", "show"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{cache / 'cnnviz'} ")
    lines = [line.split() for line in shown.splitlines()[1:-1]]
    assert [line[:2] for line in lines] == [
        ["2", "films"],
        [str(sum(len(film["beats"]) for film in films)), "sections"],
        [str(sum(len(film["beats"]) for film in films)), "stills"],
        ["2", "companions"],
        ["1", "traces"],
        ["1", "scenes"],
    ]
    assert all(float(line[2]) >= 0 and line[3] == "MiB" for line in lines)
    assert main(["cache", "clear"]) == 0
    assert "MiB freed" in capsys.readouterr().out
    assert [path.name for path in cache.rglob("*") if path.is_file()] == ["CACHEDIR.TAG"]


def test_a_profile_is_that_of_one_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "conv", "--profile", "--jobs", "2"]) == 2
    assert "leave out --jobs" in capsys.readouterr().err


def test_verbose_says_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger("cnnviz"), "handlers", [])  # it is said to this test
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert main(["render", SHORT_SCENE, *SMALL, "-v", "-o", str(tmp_path / "film.mp4")]) == 0
    assert "cannot be used: Not a directory" in capsys.readouterr().err


def test_a_still_is_a_frame_of_the_film(
    tmp_path: Path, small_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = ["--weights", str(small_weights)]
    render(tmp_path / "film.mp4", *network)
    capsys.readouterr()
    at = tmp_path / "at.png"
    for where in (["--beat", "keep"], ["--at", "1"]):
        arguments = ["still", "relu", *SMALL, *network, *where, "-o", str(at)]
        assert main(arguments) == 0
        assert capsys.readouterr().out == f"{at}\n"
        if where[0] == "--beat":  # the poster is the end of that beat
            poster = np.asarray(Image.open(tmp_path / "film.poster.png"))
            assert np.array_equal(np.asarray(Image.open(at)), poster)
    again = cnnviz.render_still(
        "relu",
        at=1,
        output=tmp_path / "py.png",
        weights=small_weights,
        quality="l",
        fps=2,
        pace=0.2,
    )
    assert again.read_bytes() == at.read_bytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "say which frame"),
        (["--at", "1", "--beat", "keep"], "say which frame"),
        (["--at", "999"], "nothing at 999.00 s"),
        (["--beat", "encore"], 'no beat "encore": choose photo, place, row, graph'),
        (["--at", "1", "-o", "frame.jpg"], "ends in .png"),
        (["--at", "1", "--layer", "relu_9_9"], "relu_9_9"),
    ],
)
def test_wrong_stills(
    options: list[str],
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["still", "relu", *SMALL, *options]) == 2
    assert message in capsys.readouterr().err
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("jobs", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_an_interrupt_leaves_no_process_and_no_file(
    tmp_path: Path, jobs: str, interrupt: Callable[..., None], fresh_cache: Path
) -> None:
    films, temporary = tmp_path / "films", tmp_path / "tmp"
    for folder in (films, temporary):
        folder.mkdir()
    call = ["render", "relu", "-q", "m", "-j", jobs, "-o", str(films / "a.mp4")]
    interrupt(call, "frames", TMPDIR=temporary)
    assert list(films.iterdir()) == []
    assert list(temporary.iterdir()) == []
    assert not list(fresh_cache.rglob(".*"))


@pytest.mark.slow
@pytest.mark.usefixtures("fresh_cache")
def test_where_interrupts_are_ignored_they_stay_so(
    tmp_path: Path, start_command: Callable[..., subprocess.Popen[str]]
) -> None:
    """By the process itself, by those that draw and by those that encode."""
    process = start_command(
        *["render", "overview", *SMALL, "-j", "2", "-o", tmp_path / "film.mp4"],
        ignoring_interrupts=True,  # as of a command started with nohup
    )
    assert process.stderr is not None
    assert "frames" in process.stderr.readline()
    os.killpg(process.pid, signal.SIGINT)
    said = process.stderr.read()
    assert process.wait(timeout=60) == 0, said
    assert (tmp_path / "film.mp4").exists()


@pytest.mark.slow
def test_a_killed_encoder_is_one_clear_line(
    tmp_path: Path, fresh_cache: Path, start_command: Callable[..., subprocess.Popen[str]]
) -> None:
    films = tmp_path / "films"
    films.mkdir()
    process = start_command("render", "relu", "-q", "m", "-j", "1", "-o", films / "film.mp4")
    assert process.stderr is not None
    assert "frames" in process.stderr.readline()  # it runs, then
    (encoder,) = (
        child
        for child in psutil.Process(process.pid).children()
        if child.status() != psutil.STATUS_ZOMBIE and "encoder_process" in " ".join(child.cmdline())
    )
    encoder.kill()
    said = process.stderr.read()
    assert process.wait(timeout=60) == 2
    assert "Error: the encoder process was killed (signal 9)" in said
    assert "Traceback" not in said
    assert list(films.iterdir()) == []
