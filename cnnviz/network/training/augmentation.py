"""Random changes of pictures that leave the class as it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from cnnviz.network.training.settings import AugmentationLevel


@dataclass(frozen=True)
class Augmentation:
    """How far pictures are changed; every change is drawn anew for every picture.

    Attributes
    ----------
    smallest, largest
        Range of the side of the part that is looked at, 1 being the whole picture. Above 1 the
        picture shrinks, and its surroundings are its own mirror image.
    stretch
        Largest change of the aspect ratio, as the logarithm of width over height.
    rotation
        Largest angle, degrees.
    shift
        Largest shift on top of what the part's size leaves free, in half pictures.
    colour
        Strength of changes in brightness, contrast, saturation and single channels, as the
        logarithm of the factor.
    grey
        Share of pictures that lose all colour.
    cut
        Share of pictures of which a square is replaced by the mean colour.
    tones
        Share of pictures that get another black and another white, half of these swapped: ink
        may be dark or bright.
    """

    smallest: float
    largest: float
    stretch: float
    rotation: float
    shift: float
    colour: float
    grey: float
    cut: float
    tones: float = 0.0


AUGMENTATIONS: dict[AugmentationLevel, Augmentation] = {
    "mild": Augmentation(0.75, 1.1, 0.1, 5, 0.06, 0.1, 0, 0),
    "strong": Augmentation(0.5, 1.15, 0.2, 12, 0.08, 0.25, 0.05, 0.25),
    "drawing": Augmentation(0.85, 1.15, 0.15, 12, 0.04, 0.1, 0, 0, tones=0.5),
}


LOWEST_CONTRAST = 0.3
"""Least distance of black from white where they are drawn at random: ink on paper in a dim room."""


def augment(pictures: torch.Tensor, level: AugmentationLevel, *, flip: bool) -> torch.Tensor:
    """Return changed pictures, drawn from torch's global generator.

    Parameters
    ----------
    pictures
        uint8, (pictures, channels, height, width).
    level
        How much they are changed; ``none`` only makes them float.
    flip
        Whether half of them are mirrored left to right.

    Returns
    -------
    torch.Tensor
        float32 in 0..1, of the same shape.
    """
    values = pictures.float() / 255
    if level == "none":
        return values
    settings = AUGMENTATIONS[level]
    values = _move(values, settings, flip=flip)
    values = _recolour(values, settings)
    values = _retone(values, settings.tones)
    return _cut_squares(values, settings.cut)


def _spread(*shape: int) -> torch.Tensor:
    """Return uniform numbers in -1..1."""
    return torch.rand(*shape) * 2 - 1


def _move(values: torch.Tensor, settings: Augmentation, *, flip: bool) -> torch.Tensor:
    """Zoom, stretch, turn, mirror and shift, all in one resampling."""
    count, _, height, width = values.shape
    low, high = math.log(settings.smallest), math.log(settings.largest)
    side = torch.exp(low + (high - low) * torch.rand(count))
    stretch = torch.exp(settings.stretch / 2 * _spread(count))
    angle = math.radians(settings.rotation) * _spread(count)
    mirror = torch.where(torch.rand(count) < (0.5 if flip else 0), -1.0, 1.0)
    free = (1 - side).abs() + settings.shift
    # Coordinates reach from -1 to 1 on either axis, so turning a picture that is not square
    # needs its aspect ratio.
    ratio = height / width
    matrix = torch.empty(count, 2, 3)
    matrix[:, 0, 0] = side * stretch * angle.cos() * mirror
    matrix[:, 0, 1] = -side / stretch * angle.sin() * ratio
    matrix[:, 1, 0] = side * stretch * angle.sin() * mirror / ratio
    matrix[:, 1, 1] = side / stretch * angle.cos()
    matrix[:, :, 2] = _spread(count, 2) * free[:, None]
    grid = F.affine_grid(matrix, list(values.shape), align_corners=False)
    return F.grid_sample(values, grid, padding_mode="reflection", align_corners=False)


def _recolour(values: torch.Tensor, settings: Augmentation) -> torch.Tensor:
    """Change saturation, contrast, brightness and the strength of single channels."""
    count, channels = values.shape[:2]

    def factor(strength: float, channels: int = 1) -> torch.Tensor:
        return torch.exp(strength * _spread(count, channels, 1, 1))

    saturation = factor(settings.colour)
    saturation[torch.rand(count) < settings.grey] = 0
    mean = values.mean((1, 2, 3), keepdim=True)
    grey = values.mean(1, keepdim=True)
    values = grey + (values - grey) * saturation
    values = mean + (values - mean) * factor(settings.colour)
    values = values + settings.colour / 4 * _spread(count, 1, 1, 1)
    gain = factor(settings.colour) * factor(settings.colour / 4, channels)
    return (values * gain).clamp(0, 1)


def _retone(values: torch.Tensor, share_of_all: float) -> torch.Tensor:
    """Give a share of the pictures a black and a white drawn at random, swapped half the time."""
    count = len(values)

    def share() -> torch.Tensor:
        return torch.rand(count, 1, 1, 1)

    contrast = LOWEST_CONTRAST + (1 - LOWEST_CONTRAST) * share()
    changed = share() * (1 - contrast) + contrast * values
    changed = torch.where(share() < 0.5, 1 - changed, changed)
    return torch.where(share() < share_of_all, changed, values)


def _cut_squares(values: torch.Tensor, share: float) -> torch.Tensor:
    """Replace a square in a share of the pictures, of 1/6 to 2/5 of the shorter side."""
    height, width = values.shape[2:]
    for index in (torch.rand(len(values)) < share).nonzero().flatten().tolist():
        across, down, size = torch.rand(3).tolist()
        side = max(1, int(min(height, width) * (1 / 6 + (2 / 5 - 1 / 6) * size)))
        top, left = int((height - side + 1) * down), int((width - side + 1) * across)
        mean = values[index].mean((1, 2), keepdim=True)
        values[index, :, top : top + side, left : left + side] = mean
    return values
