"""Networks and photos in which nothing happens: each scene ends, in a film or in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image

from cnnviz.cli.main import main
from cnnviz.network import load_network, save_network


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


@pytest.mark.parametrize("value", [0.0, -1.0])  # with -1, no map has a positive value
def test_the_lecture_which_plays_all_scenes_ends(
    value: float, black: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = filled(value, tmp_path)
    assert main(["scenes", "lecture", str(black), "--weights", str(weights)]) == 0
    assert "in all" in capsys.readouterr().out


def test_scores_that_are_no_numbers_are_one_line(
    black: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = filled(1e12, tmp_path)
    assert main(["scenes", "conv", str(black), "--weights", str(weights)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "are not finite numbers" in line
