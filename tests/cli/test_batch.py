"""Several pictures, a film for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import cnnviz
from cnnviz.cli.main import main
from cnnviz.pipeline.batch import _report_together
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.rendering.worker_pool import FrameProgress
from tests.short_film.short import SHORT_SCENE

SMALL = ["-q", "l", "--fps", "2", "--pace", "0.2"]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Return a folder with two pictures, and something else."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in range(2):
        pixels = np.random.default_rng(seed).integers(0, 255, (64, 64, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"photo {seed}.png")
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.png").write_text("no picture")
    return folder


def without_transcript(manifest: Path) -> dict[str, Any]:
    """Return a manifest's content without the digest of the transcript, which names the film."""
    content = json.loads(manifest.read_text())
    assert content["files"].pop(".transcript.md")
    return content


def lines_without_links(transcript: Path) -> list[str]:
    """Return all lines but those that name the film's files."""
    return [line for line in transcript.read_text().splitlines() if "](" not in line]


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_each_picture_of_a_folder_has_its_film(
    jobs: str,
    pictures: Path,
    tmp_path: Path,
    small_weights: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    call = ["render", SHORT_SCENE, *SMALL, "--image", str(pictures), "-o", str(tmp_path / "films")]
    assert main([*call, "--weights", str(small_weights), "--jobs", jobs, "--no-cache"]) == 0
    printed = capsys.readouterr()
    films = [
        tmp_path / "films" / f"short_photo {seed}_fixed_pace0.2_480p_2fps.mp4" for seed in range(2)
    ]
    assert printed.out.splitlines() == [str(film) for film in films]
    assert "short, 2 films: 100 %" in printed.err
    alone = cnnviz.render(
        SHORT_SCENE,
        pictures / "photo 1.png",
        tmp_path / "one.mp4",
        weights=small_weights,
        quality="l",
        fps=2,
        pace=0.2,
        side=5,
    )
    there = ClipFiles.at(films[1])
    for one, same in zip(alone.plain_files(), there.plain_files(), strict=True):
        if one == alone.transcript:
            assert lines_without_links(one) == lines_without_links(same)
        elif one == alone.manifest:
            assert without_transcript(one) == without_transcript(same)
        else:
            assert one.read_bytes() == same.read_bytes(), one


def test_what_is_cached_counts_as_done(pictures: Path, tmp_path: Path, small_weights: Path) -> None:
    images = sorted(pictures.glob("photo*"))
    how = {"weights": small_weights, "quality": "l", "fps": 2, "pace": 0.2}
    cnnviz.render(SHORT_SCENE, images[0], tmp_path / "one.mp4", **how)
    calls: list[tuple[int, int]] = []
    clips = cnnviz.render_batch(
        SHORT_SCENE, images, tmp_path, on_progress=lambda *call: calls.append(call), **how
    )
    frames = [round(clip.seconds * 2) for clip in clips]
    assert calls[0][0] == frames[0]
    assert calls[-1] == (sum(frames), sum(frames))


def test_pictures_in_memory_are_numbered(tmp_path: Path) -> None:
    pictures = [Image.new("RGB", (64, 64), shade) for shade in ("#204060", "#c08040")]
    clips = cnnviz.render_batch(SHORT_SCENE, pictures, tmp_path, quality="l", fps=1, pace=0.1)
    names = [f"short_picture_{number}_pace0.1_480p_1fps.mp4" for number in range(2)]
    assert [clip.video.name for clip in clips] == names
    assert cnnviz.render_batch("overview", [], tmp_path) == []


def test_films_not_begun_are_taken_to_be_as_long_as_the_others() -> None:
    calls: list[tuple[int, int]] = []
    for progress in (
        [None, None],
        [FrameProgress(3, 10), None],
        [FrameProgress(10, 10), FrameProgress(1, 12)],
    ):
        _report_together(lambda *call: calls.append(call), progress)
    assert calls == [(3, 20), (11, 22)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--image", "pictures", "-o", "film.mp4"], 'the output is "film.mp4": several films'),
        (["--image", "pictures", "--preview"], "--preview opens one film"),
        (["--image", "pictures", "--image", "none.png"], "none.png"),
        (["--image", "pictures", "--image", "pictures"], '2 pictures would make the film "media'),
        (["--image", "a/Cat.png", "--image", "b/cat.jpg"], '2 pictures would make the film "media'),
        (["--image", "pictures", "--image", "empty"], 'no picture in the folder "empty"'),
        (["--image", "pictures", "--pixel", "99,0"], "99"),
        pytest.param(
            ["--image", "pictures", "--pixel", "99,0", "--jobs", "2"], "99", marks=pytest.mark.slow
        ),
    ],
)
def test_what_cannot_be_is_one_line_and_leaves_nothing(
    options: list[str],
    message: str,
    pictures: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert main(["render", "conv", *SMALL, *options]) == 2
    said = capsys.readouterr().err.splitlines()
    assert message in said[-1]
    assert not any("Traceback" in line for line in said)
    assert not list(tmp_path.rglob("*.mp4"))


@pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_a_batch_goes_on_after_a_picture_that_cannot_be_used(
    jobs: str,
    pictures: Path,
    tmp_path: Path,
    small_weights: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = (pictures / "photo 0.png").read_bytes()
    (pictures / "photo 0.png").write_bytes(whole[: len(whole) // 2])
    for ending in ("pdf", "h5", "mpeg"):  # Pillow knows these endings, and reads no such file
        (pictures / f"other.{ending}").write_bytes(b"no picture")
    call = ["render", SHORT_SCENE, *SMALL, "--image", str(pictures), "-o", str(tmp_path / "films")]
    assert main([*call, "--weights", str(small_weights), "--jobs", jobs]) == 2
    printed = capsys.readouterr()
    (film,) = printed.out.splitlines()
    assert "photo 1" in film
    assert Path(film).is_file()
    error = printed.err.splitlines()[-1]
    assert error.startswith("Error: 1 of 2 films could not be made: ")
    assert "photo 0.png" in error


@pytest.mark.slow
def test_an_interrupt_ends_all_processes(
    pictures: Path, tmp_path: Path, interrupt: Callable[..., None]
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    call = ["render", "relu", "-q", "m", "--image", str(pictures), "--jobs", "2", "--no-cache"]
    interrupt([*call, "-o", str(tmp_path / "films")], "2 films", TMPDIR=temporary)
    assert list((tmp_path / "films").iterdir()) == []
    assert list(temporary.iterdir()) == []
