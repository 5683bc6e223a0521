"""Networks and photos in which nothing happens: each scene ends, in a film or in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image

from cnnviz.cli.main import main
from cnnviz.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.network import Network, load_network, save_network

SMALL = ["-q", "l", "--fps", "1", "--pace", "0.1"]


@pytest.fixture(scope="module")
def black(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "black.png"
    Image.new("RGB", (64, 64)).save(path)
    return path


def filled(value: float, folder: Path) -> Path:
    network = load_network()
    with torch.no_grad():
        for parameter in network.module.parameters():
            parameter.fill_(value)
    save_network(network, folder / "net.safetensors")
    return folder / "net.safetensors"


# With -1, no map has a positive value.
@pytest.mark.parametrize("value", [-1.0, pytest.param(0.0, marks=pytest.mark.slow)])
def test_the_lecture_which_plays_all_scenes_ends(
    value: float, black: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = filled(value, tmp_path)
    assert main(["scenes", "lecture", str(black), "--weights", str(weights)]) == 0
    assert "in all" in capsys.readouterr().out


ONE_CELL = (
    Conv2d("conv_1", 3, 2, 3),
    ReLU("relu_1"),
    MaxPool2d("pool_1", 2),
    Conv2d("conv_2", 2, 1, 1),
    ReLU("relu_2"),
    Flatten("flatten"),
    Linear("output", 1, 2),
)


@pytest.mark.parametrize(
    ("scene", "options"), [("relu", ["--layer", "relu_2"]), ("pool", []), ("softmax", [])]
)
def test_maps_of_one_cell_become_a_film(
    scene: str, options: list[str], black: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights, film = tmp_path / "one.safetensors", tmp_path / "film.mp4"
    size = InputDescription(3, 5, 5, (0.0,) * 3, (1.0,) * 3)
    save_network(Network.build(Architecture("one", size, ONE_CELL, ("red", "blue"))), weights)
    call = ["render", scene, str(black), "--weights", str(weights), *options, *SMALL]
    assert main([*call, "-Q", "--jobs", "1", "-o", str(film)]) == 0
    assert capsys.readouterr().err == ""
    assert film.stat().st_size


def test_scores_that_are_no_numbers_are_one_line(
    black: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = filled(1e12, tmp_path)
    assert main(["scenes", "conv", str(black), "--weights", str(weights)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "are not finite numbers" in line
