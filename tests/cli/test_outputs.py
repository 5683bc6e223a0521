"""Nothing of the user's is ever written to, replaced or taken for a picture."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from cnnviz.cli.main import main
from cnnviz.photos import bundled_photo
from cnnviz.pipeline.picture_folder import pictures_in
from tests.cli.conftest import CALL
from tests.short_film.short import SHORT_SCENE

SMALL = ["-q", "l", "--fps", "1", "--pace", "0.1"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory, with a photo ``cat.png`` in it."""
    monkeypatch.chdir(tmp_path)
    with Image.open(bundled_photo()) as photo:
        photo.save("cat.png")
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_film_named_like_the_photo_leaves_the_photo(folder: Path) -> None:
    photo = (folder / "cat.png").read_bytes()
    call = ["render", SHORT_SCENE, *SMALL, "--image", "cat.png", "-o", "cat.mp4"]
    assert main(call) == 0
    assert (folder / "cat.png").read_bytes() == photo
    with Image.open("cat.poster.png") as poster:
        assert poster.size == (854, 480)
    assert main(call) == 0


@pytest.mark.parametrize("name", ["cat.mp4", "cat.vtt", "cat.srt", "cat.json", "cat.poster.png"])
def test_a_file_in_the_way_is_one_line_before_work_begins(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).write_text("mine")
    before = everything(folder)
    call = ["render", "relu", *SMALL, "--image", "no such picture.png", "-o", "cat.mp4"]
    assert main(call) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f'"{name}" is in the way' in line
    assert "--force" in line
    assert everything(folder) == before


def link(source: Path, target: Path) -> None:
    target.symlink_to(source)


@pytest.mark.parametrize("make", [shutil.copyfile, os.link, link])
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_an_input_is_never_replaced_under_any_name(
    folder: Path,
    make: Callable[[Path, Path], object],
    force: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    make(folder / "cat.png", folder / "film.poster.png")
    picture = "film.poster.png" if make is shutil.copyfile else "cat.png"
    before = everything(folder)
    call = ["render", "relu", *SMALL, "--image", picture, "-o", "film.mp4", *force]
    assert main(call) == 2
    assert f'"film.poster.png" would be written, but it is an input ("{picture}")' in (
        capsys.readouterr().err
    )
    assert everything(folder) == before


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_still_never_replaces_its_photo(
    folder: Path, force: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything(folder)
    call = ["still", "relu", *SMALL, "--image", "cat.png", "--at", "0", "-o", "cat.png", *force]
    assert main(call) == 2
    assert "is an input" in capsys.readouterr().err
    assert everything(folder) == before


def test_a_still_replaces_stills_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["still", "relu", *SMALL, "--at", "0", "-o", "frame.png"]
    assert main(call) == 0
    assert main(call) == 0
    with Image.open("frame.png") as frame:
        frame.putpixel((3, 3), (255, 0, 0))
        frame.save("frame.png")
    before = everything(folder)
    assert main(call) == 2
    assert '"frame.png" is in the way' in capsys.readouterr().err
    assert everything(folder) == before
    assert main([*call, "--force"]) == 0


def test_a_batch_into_its_own_folder_does_not_take_posters_for_pictures(folder: Path) -> None:
    call = ["render", SHORT_SCENE, *SMALL, "--image", ".", "-o", "."]
    for _ in range(2):
        assert main(call) == 0
        assert [path.name for path in pictures_in(folder)] == ["cat.png"]
        assert len(list(folder.glob("*.mp4"))) == 1


def test_films_that_are_pictures_are_no_photos(folder: Path) -> None:
    call = ["render", "softmax", "--beats", "choice", *SMALL, "--resolution", "128,72"]
    for name in ("film.gif", "film.webp"):
        assert main([*call, "--image", "cat.png", "-o", name]) == 0
    Path("moved.gif").write_bytes(Path("film.gif").read_bytes())
    with Image.open("cat.png") as photo:
        photo.save("photo.gif")
    assert [path.name for path in pictures_in(folder)] == ["cat.png", "photo.gif"]


def test_a_batch_replaces_nothing_of_others(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    films = folder / "films"
    films.mkdir()
    Image.new("RGB", (9, 9)).save("dog.png")
    (films / "relu_dog_pace0.1_480p_1fps.json").write_text("mine")
    before = everything(folder)
    assert main(["render", "relu", *SMALL, "--image", ".", "-o", "films"]) == 2
    assert 'relu_dog_pace0.1_480p_1fps.json" is in the way' in capsys.readouterr().err
    assert everything(folder) == before


def test_other_choices_have_other_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = []
    for options in ([], ["--side", "3"], ["--theme", "light"], ["--side", "3"]):
        assert main(["render", SHORT_SCENE, *SMALL, "--image", "cat.png", *options]) == 0
        names.append(capsys.readouterr().out.strip())
    assert names[1] == names[3] == "media/short_cat_side-3_pace0.1_480p_1fps.mp4"
    assert len(set(names)) == 3


def test_the_manifest_names_no_folder(folder: Path) -> None:
    photo = folder / "cat.png"
    call = ["render", SHORT_SCENE, *SMALL, "--image", str(photo), "-o", str(folder / "a.mp4")]
    assert main(call) == 0
    for suffix in ("json", "vtt", "srt"):
        assert str(folder.parent) not in (folder / f"a.{suffix}").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="names there are bytes of any kind")
@pytest.mark.usefixtures("fresh_cache")
def test_a_name_that_is_no_utf8_looks_like_an_address_and_warnings_are_errors(
    folder: Path,
) -> None:
    name = os.fsdecode(b"Week1:caf\xe9.mp4")
    strict = {**os.environ, "PYTHONWARNINGS": "error"}
    for arguments in (["render", "relu", *SMALL, "-Q", "-o", name], ["verify", name]):
        done = subprocess.run(
            [sys.executable, "-c", CALL, *arguments], capture_output=True, env=strict, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(b"Week1:caf")
    assert {path.name for path in folder.iterdir() if path.suffix == ".mp4"} == {name}
