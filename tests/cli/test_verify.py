"""``cnnviz verify``: films as they were made, changed, and made anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cnnviz.cli.main import main
from tests.short_film.short import SHORT_SCENE

SMALL = ["-q", "l", "--fps", "2", "--pace", "0.1"]

AGAIN = ["verify", "--again", "--scene", SHORT_SCENE, "--jobs", "1"]


def copied_to(folder: Path, film: Path) -> Path:
    """Copy a film with all that lies beside it, and return where it is."""
    shutil.copytree(film.parent, folder, dirs_exist_ok=True)
    return folder / film.name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    film = tmp_path_factory.mktemp("made") / "film.mp4"
    assert main(["render", SHORT_SCENE, *SMALL, "-Q", "-o", str(film)]) == 0
    return film


@pytest.fixture
def film(made: Path, tmp_path: Path) -> Path:
    """Return a copy of the film with all that lies beside it."""
    return copied_to(tmp_path, made)


def test_a_film_as_it_was_made_made_anew(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*AGAIN, str(film)]) == 0
    assert "as made, and made anew it is the same" in capsys.readouterr().out


def change_frames(film: Path) -> None:
    content = bytearray(film.read_bytes())
    content[len(content) // 2] ^= 255
    film.write_bytes(content)


def cut(film: Path) -> None:
    film.write_bytes(film.read_bytes()[:-2000])


def change_captions(film: Path) -> None:
    film.with_suffix(".vtt").write_text("WEBVTT")


def forget_poster(film: Path) -> None:
    film.with_suffix(".poster.png").unlink()


def claim_frames(film: Path) -> None:
    change_manifest(film, lambda facts: facts["film"].update(frames=7))


def change_manifest(film: Path, change: Callable[[dict], object]) -> None:
    manifest = film.with_suffix(".json")
    facts = json.loads(manifest.read_text())
    change(facts)
    manifest.write_text(json.dumps(facts))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (change_frames, 'the frames of the beat "'),
        (change_frames, "film.mp4 is not as it was made"),
        (cut, "film.mp4 is not as it was made"),
        (change_captions, "film.vtt is not as it was made"),
        (forget_poster, "film.poster.png is missing"),
        (claim_frames, "its manifest says 7 of 854 x 480"),
    ],
)
def test_what_was_changed_is_named(
    change: Callable[[Path], None], fault: str, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(film)
    assert main(["verify", str(film)]) == 2
    printed = capsys.readouterr()
    assert fault in printed.out
    assert printed.err.startswith("Error: ")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda facts: facts.pop("files"), [], "is no manifest of cnnviz"),
        (lambda facts: facts["beats"][0].pop("frames_sha256"), [], "says nothing of the film's"),
        (lambda facts: facts.pop("beats"), [], "says nothing of the film's frames"),
        (lambda facts: facts.pop("recipe"), ["--again"], "does not say how it was made"),
        (
            lambda facts: facts["source"].update(image_sha256="0" * 64),
            ["--again"],
            'made from "cat.jpg", which is not here: give it with --image',
        ),
        (
            lambda facts: facts["recipe"]["options"].update(scene="verdict"),
            ["--again"],
            'the scene "verdict" is not installed: give its file with --scene',
        ),
        (lambda facts: None, ["--image", "cat.png"], "add --again"),
    ],
)
def test_what_cannot_be_told_is_one_line(
    change: Callable[[dict], object],
    options: list[str],
    message: str,
    film: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change_manifest(film, change)
    assert main(["verify", str(film), *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_a_film_of_other_pixels_is_told_from_where(
    film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change_manifest(film, lambda facts: facts["recipe"]["options"].update(theme="light"))
    assert main([*AGAIN, str(film)]) == 2
    assert 'made anew, it differs from frame 0 on (beat "' in capsys.readouterr().out


@pytest.mark.parametrize("path", ["none.mp4", "/dev/zero", "."])
def test_only_files_are_read(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", path]) == 2
    assert "cannot read the film" in capsys.readouterr().err


# -- a folder of pictures -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures") / "film.frames"
    beat = ["--beats", "answer", "--fps", "1"]
    assert main(["render", SHORT_SCENE, *SMALL, *beat, "-Q", "-o", str(folder)]) == 0
    return folder


@pytest.fixture
def pictures(made_pictures: Path, tmp_path: Path) -> Path:
    """Return a copy of the folder with all that lies beside it."""
    return copied_to(tmp_path, made_pictures)


@pytest.mark.slow
def test_pictures_as_they_were_made(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*AGAIN, str(pictures)]) == 0
    assert "as made, and made anew it is the same" in capsys.readouterr().out
    (pictures / "000001.png").unlink()
    assert main(["verify", str(pictures)]) == 2
    found = capsys.readouterr().out
    assert "film.frames is not as it was made" in found
    assert "000001.png is missing in film.frames" in found


def test_pictures_say_how_they_were_made_wherever_they_are(
    pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = pictures.parent / "elsewhere" / pictures.name
    alone.parent.mkdir()
    pictures.rename(alone)
    assert main(["info", str(alone), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["command"].startswith("cnnviz render ")
    assert [beat["name"] for beat in told["beats"]] == ["answer"]
    (alone / "000000.png").unlink()
    assert main(["info", str(alone)]) == 2
    assert "does not say how it was made" in capsys.readouterr().err


# -- animated images ----------------------------------------------------------------------------


@pytest.fixture(
    scope="module", params=["film.gif", pytest.param("film.webp", marks=pytest.mark.slow)]
)
def made_image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    film = tmp_path_factory.mktemp("image") / request.param
    look = ["--resolution", "428,240", "--pace", "0.3", "--fps", "4"]
    size = ["--max-mb", "0.02"]  # smaller than asked for
    assert main(["render", SHORT_SCENE, *look, *size, "-Q", "-o", str(film)]) == 0
    return film


@pytest.fixture
def image(made_image: Path, tmp_path: Path) -> Path:
    """Return a copy of the image with all that lies beside it."""
    return copied_to(tmp_path, made_image)


def test_an_image_as_it_was_made_made_anew(image: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = json.loads(image.with_name(f"{image.name}.json").read_text())
    digests = [beat["frames_sha256"] for beat in manifest["beats"]]
    assert len(set(digests)) == 2
    assert main([*AGAIN, str(image)]) == 0
    assert "frames in 2 beats, as made, and made anew it is the same" in capsys.readouterr().out


def test_a_changed_picture_is_told_by_its_beat(
    image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(image.read_bytes())
    if image.suffix == ".gif":  # the last picture but one is shown for longer
        content[content.rfind(b"\x21\xf9\x04", 0, content.rfind(b"\x21\xf9\x04")) + 4] ^= 1
    else:
        content[content.rfind(b"ANMF", 0, content.rfind(b"ANMF")) + 20] ^= 1
    image.write_bytes(content)
    assert main(["verify", str(image)]) == 2
    out = capsys.readouterr().out
    assert f"{image.name} is not as it was made" in out
    assert 'the frames of the beat "answer" are not those that were made' in out
    assert 'beat "photo"' not in out


@pytest.mark.parametrize("kept", [30, 5000])
def test_a_cut_image_is_damaged(kept: int, image: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image.write_bytes(image.read_bytes()[:kept])
    assert main(["verify", str(image)]) == 2
    printed = capsys.readouterr()
    assert f'the film "{image}" is damaged: ' in printed.out
    assert printed.err.count("\n") == 1


def test_an_image_of_other_pixels_is_told_from_where(
    image: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = image.with_name(f"{image.name}.json")
    facts = json.loads(manifest.read_text())
    facts["recipe"]["options"].update(theme="light")
    manifest.write_text(json.dumps(facts))
    assert main([*AGAIN, str(image)]) == 2
    assert 'made anew, it differs from frame 0 on (beat "photo")' in capsys.readouterr().out
