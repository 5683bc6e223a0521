"""``cnnviz compare``: real films of two pictures and of two networks, and all that is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cnnviz
from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.explain.comparison import telling_pixel
from cnnviz.photos import bundled_photo
from cnnviz.publishing.clip_files import digest_of
from cnnviz.rendering.encoded_frames import decode
from cnnviz.weights import bundled_weights

SMALL = ["-q", "l", "--fps", "1", "--pace", "0.1", "-Q"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("pictures")
    made = tuple(folder / f"{name}.jpg" for name in ("one", "two"))
    for path, name in zip(made, ("cat", "espresso"), strict=True):
        shutil.copyfile(bundled_photo(name), path)
    return made[0], made[1]


@pytest.fixture(scope="module")
def film(pictures: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    film = tmp_path_factory.mktemp("compared") / "film.mp4"
    call = ["compare", *map(str, pictures), "--layer", "conv_1_2", "--channel", "3"]
    assert main([*call, *SMALL, "-o", str(film)]) == 0
    return film


def manifest_of(film: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    return content


def test_the_manifest_knows_both_pictures(film: Path, pictures: tuple[Path, Path]) -> None:
    content = manifest_of(film)
    source = content["source"]
    for each, path in zip((source, source["other"]), pictures, strict=True):
        assert (each["image"], each["image_sha256"]) == (path.name, digest_of(path))
        assert each["weights_sha256"] == digest_of(bundled_weights())
    traces = [cnnviz.trace(path) for path in pictures]
    pixel = telling_pixel(*(each["conv_1_2"] for each in traces), 3)
    assert content["parameters"] == {"layer": "conv_1_2", "channel": 3, "pixel": list(pixel)}
    for facts, trace in zip((content, content["other"]), traces, strict=True):
        found = {each["class"]: each["probability"] for each in facts["prediction"]}
        expected = dict(zip(trace.classes, map(float, trace.probabilities), strict=True))
        assert found == pytest.approx(expected)
    assert content["trace"] != content["other"]["trace"]
    assert content["command"].split()[:5] == ["cnnviz", "render", "compare", "one.jpg", "two.jpg"]
    assert decode(film).frames == content["film"]["frames"]


def test_info_names_both(film: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(film)]) == 0
    said = capsys.readouterr().out
    assert "one.jpg" in said
    assert "two.jpg" in said


@pytest.mark.slow
def test_made_anew_it_is_the_same(
    film: Path, pictures: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    given = [word for path in pictures for word in ("--image", str(path))]
    assert main(["verify", str(film), "--again", "--jobs", "1", *given]) == 0
    assert "made anew it is the same" in capsys.readouterr().out
    assert main(["verify", str(film), "--again", *given[:2]]) == 2
    assert "give it twice" in capsys.readouterr().err


@pytest.mark.slow
def test_another_one_like_it(film: Path, pictures: tuple[Path, Path], tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    call = ["render", "--like", str(film), *map(str, reversed(pictures)), "-Q", "-o", str(other)]
    assert main(call) == 0
    one, two = manifest_of(film), manifest_of(other)
    assert two["parameters"] == one["parameters"]
    assert (two["trace"], two["other"]["trace"]) == (one["other"]["trace"], one["trace"])
    assert main(["render", "--like", str(film)]) == 2


@pytest.mark.slow
def test_an_unchanged_film_comes_from_the_cache(
    film: Path, pictures: tuple[Path, Path], tmp_path: Path
) -> None:
    again = tmp_path / "again.mp4"
    call = ["compare", *map(str, pictures), "--layer", "conv_1_2", "--channel", "3"]
    assert main([*call, *SMALL, "-o", str(again)]) == 0
    assert again.read_bytes() == film.read_bytes()
    assert main([*call[:2], *call[1:2], *call[3:], *SMALL, "-o", str(tmp_path / "same.mp4")]) == 0
    same, one = manifest_of(tmp_path / "same.mp4"), manifest_of(film)
    assert same["trace"] == same["other"]["trace"] == one["trace"]
    assert same["beats"] != one["beats"]


def test_two_networks_of_other_layers(small_weights: Path, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    call = ["compare", str(bundled_photo()), "--weights", "tiny_vgg", "--weights"]
    assert main([*call, str(small_weights), *SMALL, "-o", str(film)]) == 0
    content = manifest_of(film)
    assert content["scene"] == "compare_overview"
    assert content["network"]["name"] == "Tiny VGG"
    assert content["other"]["network"]["name"] == "Fixed"
    assert content["source"]["other"]["weights_sha256"] == digest_of(small_weights)
    assert f"--weights tiny_vgg --weights {small_weights.name}" in content["command"]
    assert main(["verify", str(film), "--again", "--jobs", "1"]) == 2  # one is not beside it
    weights = ["--weights", str(bundled_weights()), "--weights", str(small_weights)]
    assert main(["verify", str(film), "--again", "--jobs", "1", *weights]) == 0


@pytest.mark.slow
def test_the_same_from_python(pictures: tuple[Path, Path], tmp_path: Path) -> None:
    image = np.random.default_rng(3).random((40, 40, 3)).astype(np.float32)
    small: dict[str, Any] = {"quality": "l", "fps": 1, "pace": 0.1}
    clip = cnnviz.compare(
        pictures[0], image, tmp_path / "film.webm", scene="overview", language="zh", **small
    )
    content = json.loads(clip.manifest.read_text(encoding="utf-8"))
    assert content["source"]["other"]["image"] == "<ndarray>"
    assert [beat["name"] for beat in content["beats"]][-1] == "answers"
    still = cnnviz.render_still(
        "compare", (pictures[0], image), tmp_path / "still.png", beat="worked", quality="l"
    )
    assert still.is_file()


def test_the_name_says_what_is_compared(
    pictures: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cnnviz.toml").write_text('[compare]\nweights = "tiny_vgg"\nchannel = 3\n')
    assert main(["compare", *map(str, pictures), *SMALL]) == 0
    assert (
        capsys.readouterr().out.strip()
        == "media/compare_one_two_tiny_vgg_ch3_pace0.1_480p_1fps.mp4"
    )


WRONG = [
    (["one"], 'one picture, "{one}", and one network: give another picture, or two networks'),
    (["one", "two", "one"], "two pictures are compared, not 3"),
    (["one", *["--weights", "tiny_vgg"] * 3], "two networks are compared, not 3"),
    (["one", "two", *["--weights", "tiny_vgg"] * 2], "two pictures and two networks"),
    (["one", "two", "--layer", "conv_9"], 'no convolution "conv_9": choose conv_1_1'),
    (["one", "two", "--channel", "10"], "no channel 10: choose 0 to 9"),
    (["one", "two", "--scene", "overview", "--layer", "conv_1_1"], "has no layer: leave it out"),
    (["one", "missing.png"], "'missing.png': No such file"),
    (["one", "--weights", "tiny_vgg", "--weights", "no_such"], "'no_such' is neither"),
    (
        ["one", "--weights", "tiny_vgg", "--weights", "lenet_5", "--layer", "conv_1"],
        '"Tiny VGG" and "LeNet-5" have no convolution of one name and one size',
    ),
]


@pytest.mark.parametrize(("given", "message"), WRONG)
def test_what_cannot_be_compared_is_one_line(
    given: list[str],
    message: str,
    pictures: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = {"one": str(pictures[0]), "two": str(pictures[1])}
    film = tmp_path / "film.mp4"
    call = ["compare", *(files.get(word, word) for word in given), *SMALL, "-o", str(film)]
    assert main(call) == 2
    said = capsys.readouterr().err
    assert message.format(**files) in said
    assert said.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_neither_picture_is_written_to(
    pictures: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = (shutil.copyfile(path, tmp_path / f"{path.stem}.mp4") for path in pictures)
    before = two.read_bytes()
    assert main(["compare", str(one), str(two), *SMALL, "--force", "-o", str(two)]) == 2
    assert "two.mp4" in capsys.readouterr().err
    assert two.read_bytes() == before


def test_other_scenes_are_about_one_and_this_one_about_two(pictures: tuple[Path, Path]) -> None:
    with pytest.raises(UserError, match="about one picture and one network, not two"):
        cnnviz.render("softmax", pictures, quality="l")
    with pytest.raises(UserError, match=r"compares two pictures, or two networks: cnnviz compare"):
        cnnviz.render("compare", pictures[0], quality="l")
    with pytest.raises(UserError, match="give a pair of either"):
        cnnviz.render("compare", pictures, weights=("tiny_vgg", "lenet_5"))
    with pytest.raises(UserError, match="without the first"):
        cnnviz.compare(second=pictures[0])
