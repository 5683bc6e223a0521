"""The picture taken apart: what the network receives, first in colour, then in grey."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from manim import Mobject

from cnnviz.locales import Words
from cnnviz.mobjects.frames import BORDER, with_border
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import longest_side, picture_pixels, picture_scale
from cnnviz.mobjects.network_map.columns import Thumbnail
from cnnviz.mobjects.picture_channels import picture_channel_colours, picture_channel_names
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LARGEST_SHARE = 0.62
"""Height of a channel at most, as a share of the stage's, where there are others beside it."""

UPRIGHT = 2.0
"""Channels so many times higher than wide may take all of the height: they are narrow."""

CRISP_SHARE = 0.8
"""Cells of whole pixels are preferred until they would take less than this share of the room."""

GAP = 0.35
"""Between two channels."""

LABEL_GAP = 0.24
"""From a channel's border to the middle of its name."""

LABEL_ROOM = 0.58
"""Below a channel that is alone or has others below it, for its name."""


class PictureChannels:
    """The picture's channels, side by side or in two rows; none is in the scene at first.

    Parameters
    ----------
    trace
        Has the picture.
    zone
        The stage.
    theme, words
        Looks and words.
    """

    def __init__(self, trace: Trace, zone: Zone, theme: Theme, words: Words) -> None:
        pixels = picture_pixels(trace)
        rows, columns = pixels.shape[:2]
        count = trace.architecture.input.channels
        across, width, height = _arrangement(count, (rows, columns), zone)
        most = max(rows, columns)
        longest = most * min(width / columns, height / rows)
        cell = longest_side(most, theme.layout, longest, CRISP_SHARE) / most
        size = (columns * cell, rows * cell)
        below = point(0, size[1] / 2 + BORDER * max(size) + LABEL_GAP)
        names = picture_channel_names(count, words)
        colours = picture_channel_colours(count, theme.palette)
        scale = picture_scale(theme, trace)
        self.coloured: list[HeatMap] = []
        self.grey: list[HeatMap] = []
        self.labels: list[Mobject] = []
        centres = _centres(count, across, size, zone)
        for channel, (name, colour, centre) in enumerate(zip(names, colours, centres, strict=True)):
            values = trace.layers[0].input[channel]
            grey = Thumbnail(scale.colours(values), *size).move_to(centre)
            coloured = Thumbnail(_tinted(pixels, channel, count), *size).move_to(centre)
            self.grey.append(with_border(grey, theme))
            self.coloured.append(with_border(coloured, theme))
            label = Label(name, theme.sizes.body, colour)
            self.labels.append(label.move_to(centre - below))


def _arrangement(count: int, shape: tuple[int, int], zone: Zone) -> tuple[int, float, float]:
    """Return how many channels stand side by side, and the width and height that each has.

    So that pictures of `shape` (rows, columns) are as large as they can be.
    """
    rooms = []
    for across in range(1, count + 1):
        lines = math.ceil(count / across)
        height = zone.height / lines - LABEL_ROOM
        if lines == 1 and count > 1:
            is_upright = shape[0] >= UPRIGHT * shape[1]
            height = height - LABEL_GAP if is_upright else LARGEST_SHARE * zone.height
        width = (zone.width - (across - 1) * GAP) / across
        rooms.append((min(width / shape[1], height / shape[0]), across, width, height))
    _, across, width, height = max(rooms)
    return across, width, height


def _centres(
    count: int, across: int, size: tuple[float, float], zone: Zone
) -> list[npt.NDArray[np.float64]]:
    """Return the middle of each channel, row by row; those of the last row stand in its middle."""
    rows = math.ceil(count / across)
    width, height = size
    centres = []
    for channel in range(count):
        row, place = divmod(channel, across)
        in_row = min(across, count - row * across)
        x = zone.x + (place - (in_row - 1) / 2) * (width + GAP)
        y = zone.y + ((rows - 1) / 2 - row) * (height + LABEL_ROOM)
        is_low = rows == 1 and height <= LARGEST_SHARE * zone.height
        centres.append(point(x, y if is_low and count > 1 else y + LABEL_ROOM / 2))
    return centres


def _tinted(pixels: np.ndarray, channel: int, count: int) -> np.ndarray:
    """Return the picture in one of its colours; a grey picture, of one channel, as it is."""
    if count == 1:
        return pixels
    tinted = np.zeros_like(pixels)
    tinted[..., channel] = pixels[..., channel]
    return tinted
