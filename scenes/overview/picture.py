"""The picture taken apart: what the network receives, first in colour, then in grey."""

from __future__ import annotations

import math

import numpy as np
from manim import Mobject

from cnnviz.locales import Words
from cnnviz.mobjects.frames import BORDER, with_border
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import input_scale, picture_pixels
from cnnviz.mobjects.network_map.columns import Thumbnail
from cnnviz.mobjects.picture_channels import picture_channel_colours, picture_channel_names
from cnnviz.mobjects.text import Label
from cnnviz.model.trace import Trace
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

LARGEST_SHARE = 0.62
"""Height of a channel at most, as a share of the stage's."""

LARGEST_ALONE = 0.8
"""And of a picture's only channel."""

GAP = 0.35
"""Between two channels."""

LABEL_GAP = 0.24
"""From a channel's border to the middle of its name."""

LABEL_ROOM = 0.58
"""Below a channel that has others below it, for its name."""


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
        pixel = theme.layout.largest_side(most, longest) / most
        size = (columns * pixel, rows * pixel)
        below = point(0, size[1] / 2 + BORDER * max(size) + LABEL_GAP)
        names = picture_channel_names(count, words)
        colours = picture_channel_colours(count, theme.palette)
        scale = input_scale(theme, trace, trace.layers[0].name)
        self.coloured: list[HeatMap] = []
        self.grey: list[HeatMap] = []
        self.labels: list[Mobject] = []
        cells = _cells(count, across, size, zone)
        for channel, (name, colour, cell) in enumerate(zip(names, colours, cells, strict=True)):
            values = trace.layers[0].input[channel]
            grey = Thumbnail(scale.colours(values), *size).move_to(cell.centre)
            coloured = Thumbnail(_tinted(pixels, channel, count), *size).move_to(cell.centre)
            self.grey.append(with_border(grey, theme))
            self.coloured.append(with_border(coloured, theme))
            label = Label(name, theme.sizes.body, colour)
            self.labels.append(label.move_to(cell.centre - below))


def _arrangement(count: int, shape: tuple[int, int], zone: Zone) -> tuple[int, float, float]:
    """Return how many channels stand side by side, and the width and height that each has.

    So that pictures of `shape` (rows, columns) are as large as they can be.
    """
    rooms = []
    for across in range(1, count + 1):
        lines = math.ceil(count / across)
        share = LARGEST_SHARE if count > 1 else LARGEST_ALONE
        height = share * zone.height if lines == 1 else zone.height / lines - LABEL_ROOM
        width = (zone.width - (across - 1) * GAP) / across
        rooms.append((min(width / shape[1], height / shape[0]), across, width, height))
    _, across, width, height = max(rooms)
    return across, width, height


def _cells(count: int, across: int, size: tuple[float, float], zone: Zone) -> list[Zone]:
    """Return the room of each channel, side by side and row by row in the middle of a zone."""
    rows = math.ceil(count / across)
    width, height = across * (size[0] + GAP), rows * (size[1] + LABEL_ROOM)
    middle = zone.y if rows == 1 else zone.y + LABEL_ROOM / 2
    return Zone.centred_at(zone.x, middle, width, height).grid(count, across)


def _tinted(pixels: np.ndarray, channel: int, count: int) -> np.ndarray:
    """Return the picture in one of its colours; a grey picture, of one channel, as it is."""
    if count == 1:
        return pixels
    tinted = np.zeros_like(pixels)
    tinted[..., channel] = pixels[..., channel]
    return tinted
