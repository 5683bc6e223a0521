from __future__ import annotations

import pytest
import torch

from cnnviz.network.training import augmentation
from cnnviz.network.training.augmentation import AUGMENTATIONS, Augmentation, augment

STILL = Augmentation(1, 1, 0, 0, 0, 0, 0, 0)


@pytest.fixture(autouse=True)
def _seed():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def noise(count: int, channels: int, height: int, width: int) -> torch.Tensor:
    return torch.randint(0, 256, (count, channels, height, width), dtype=torch.uint8)


@pytest.mark.parametrize("level", ["none", "mild", "strong"])
@pytest.mark.parametrize("shape", [(5, 3, 64, 64), (5, 1, 20, 28), (3, 3, 1, 1)])
def test_shape_and_range_stay(level, shape):
    values = augment(noise(*shape), level, flip=True)
    assert values.shape == shape
    assert values.dtype == torch.float32
    assert values.min() >= 0
    assert values.max() <= 1


def test_none_only_makes_floats():
    pictures = noise(4, 3, 8, 8)
    torch.testing.assert_close(augment(pictures, "none", flip=True), pictures / 255)


def augmented(
    monkeypatch, pictures: torch.Tensor, *, flip: bool = False, **changes
) -> torch.Tensor:
    settings = Augmentation(**(STILL.__dict__ | changes))
    monkeypatch.setitem(AUGMENTATIONS, "mild", settings)
    return augment(pictures, "mild", flip=flip)


def test_no_strength_changes_nothing(monkeypatch):
    pictures = noise(4, 3, 9, 12)
    torch.testing.assert_close(augmented(monkeypatch, pictures), pictures / 255)


def test_flip_mirrors_about_half(monkeypatch):
    pictures = noise(200, 1, 5, 6)
    values = augmented(monkeypatch, pictures, flip=True)
    original = pictures / 255
    kept = (values - original).abs().amax((1, 2, 3)) < 1e-4
    mirrored = (values - original.flip(3)).abs().amax((1, 2, 3)) < 1e-4
    assert (kept ^ mirrored).all()
    assert 70 < mirrored.sum() < 130


def test_turning_keeps_shapes_in_wide_pictures(monkeypatch):
    row, column = torch.meshgrid(torch.arange(40), torch.arange(80), indexing="ij")
    disc = ((row - 19.5) ** 2 + (column - 39.5) ** 2 < 15**2).to(torch.uint8) * 255
    values = augmented(monkeypatch, disc.expand(20, 1, -1, -1), rotation=45.0)
    assert (values - disc / 255).abs().mean() < 0.02


def test_grey_takes_the_colour_away(monkeypatch):
    values = augmented(monkeypatch, noise(20, 3, 5, 5), grey=1.0)
    torch.testing.assert_close(values[:, 0], values[:, 1])
    torch.testing.assert_close(values[:, 0], values[:, 2])


def test_cut_leaves_a_square_of_one_colour(monkeypatch):
    pictures = noise(20, 3, 30, 30)
    changed = (augmented(monkeypatch, pictures, cut=1.0) - pictures / 255).abs().amax(1) > 1e-4
    for mask in changed:
        rows, columns = mask.any(1).nonzero(), mask.any(0).nonzero()
        height, width = int(rows.max() - rows.min()), int(columns.max() - columns.min())
        assert 4 <= height <= 12
        assert 4 <= width <= 12


def test_only_tables_of_known_levels():
    assert set(augmentation.AUGMENTATIONS) == {"mild", "strong", "drawing"}


def test_tones_swap_black_and_white_of_some(monkeypatch):
    pictures = torch.zeros(400, 1, 4, 4, dtype=torch.uint8)
    pictures[:, :, :2] = 255
    values = augmented(monkeypatch, pictures, tones=0.5)
    contrast = values[:, 0, 0, 0] - values[:, 0, 3, 0]
    assert ((contrast - 1).abs() < 1e-6).float().mean().item() == pytest.approx(0.5, abs=0.1)
    assert (contrast < 0).float().mean().item() == pytest.approx(0.25, abs=0.1)
    assert contrast.abs().min() >= augmentation.LOWEST_CONTRAST - 1e-6
    assert (values[:, :, 0] == values[:, :, 1]).all()
