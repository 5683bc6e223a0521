"""LeNet-5, as it comes with cnnviz: what it is, and that it reads digits in any ink."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.pipeline.request import PictureRequest
from cnnviz.weights import weights_file

DIGITS = Path(__file__).parents[3] / "shared" / "data" / "digits"


@pytest.fixture(scope="module")
def lenet():
    return load_network("lenet_5")


def test_it_is_the_papers_network_on_plain_pictures(lenet):
    assert lenet.parameter_count == 61_706
    assert lenet.classes == tuple("0123456789")
    assert (lenet.input.shape, lenet.input.is_normalised) == ((1, 28, 28), False)


def test_its_card_is_its_own_and_names_the_datas_licence():
    card = weights_file("lenet_5").with_suffix(".md").read_text(encoding="utf-8")
    assert hashlib.sha256(weights_file("lenet_5").read_bytes()).hexdigest() in card
    assert "CC BY-SA 3.0" in card


@pytest.mark.parametrize("is_negative", [False, True])
def test_the_bundled_digit_is_read_in_either_ink(lenet, is_negative):
    with Image.open(bundled_photo("digit")) as photo:
        picture = np.asarray(photo)
    seen = trace(255 - picture if is_negative else picture, lenet)
    assert seen.predicted_class == "3"
    assert seen.probabilities[3] > 0.99


def test_films_about_it_show_the_digit_unless_told_otherwise():
    assert PictureRequest(weights="lenet_5").image == bundled_photo("digit")
    assert PictureRequest(weights="mine.safetensors").image == bundled_photo("cat")
    assert PictureRequest(image="x.png", weights="lenet_5").image == "x.png"


@pytest.mark.skipif(not DIGITS.is_dir(), reason="needs the digits")
def test_the_digits_that_it_was_trained_on_are_read(lenet):
    pictures, labels = [], []
    for sheet in sorted(DIGITS.glob("?_of_*.png")):
        with Image.open(sheet) as tiles:
            row = np.asarray(tiles.convert("L"))[: 28 * 4]
        pictures.append(row.reshape(4, 28, 32, 28).transpose(0, 2, 1, 3).reshape(-1, 28, 28))
        labels.append(np.full(128, int(sheet.name[0])))
    batch = torch.from_numpy(np.concatenate(pictures)[:, None] / 255).float()
    with torch.no_grad():
        found = lenet.module(batch).argmax(1).numpy()
    assert (found == np.concatenate(labels)).mean() > 0.99
