"""How the view moves through the network: pure geometry, no mobjects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.style.geometry import Corners, Zone, around, between

Points = Float64Array


def clip_box(zone: Zone, viewport: Viewport) -> Box:
    """Return the whole pixels that lie in a zone."""
    left, top = viewport.to_pixels(zone.left, zone.top)
    right, bottom = viewport.to_pixels(zone.right, zone.bottom)
    return Box(math.ceil(left), math.ceil(top), int(right), int(bottom))


@dataclass(frozen=True)
class ViewPath:
    """The way of the view from the whole network to a few things in it that fill the stage.

    All of it follows from one share, 0 to 1. A zoom looks even if equal times multiply
    sizes by equal factors; so sizes and places run evenly between their ends not in the
    share but in its :meth:`progress`.

    Attributes
    ----------
    starts, ends
        Where the things are in the network, and on the stage; one or more of each.
    """

    starts: tuple[Corners, ...]
    ends: tuple[Corners, ...]

    @cached_property
    def scale(self) -> float:
        """How many times larger things become, in the (geometric) mean; at least 1."""
        # Of thousands of maps the product would be too large for a float, so logarithms are added.
        logarithms = [
            math.log(_diagonal(end) / _diagonal(start))
            for start, end in zip(self.starts, self.ends, strict=True)
        ]
        return max(1.0, math.exp(math.fsum(logarithms) / len(logarithms)))

    def progress(self, share: float) -> float:
        """Return the part of the way that is done after a share of the time, 0 to 1."""
        scale = self.scale
        if scale - 1 < 1e-6:
            return share
        return float((scale**share - 1) / (scale - 1))

    def place(self, index: int, share: float) -> Corners:
        """Return where a thing is: exactly at its start, or end, where the share is 0, or 1."""
        start, end = self.starts[index], self.ends[index]
        if share in (0.0, 1.0):
            return end if share else start
        return between(start, end, self.progress(share))

    def moved(self, points: Points, share: float) -> Points:
        """Return where points of the network, (n, 3), are: the world around those things."""
        start, end = self._middles
        return points + self.progress(share) * ((self.scale - 1) * (points - start) + (end - start))

    @cached_property
    def _middles(self) -> tuple[Points, Points]:
        return _middle(around(self.starts)), _middle(around(self.ends))


def _diagonal(corners: Corners) -> float:
    left, top, right, bottom = corners
    return math.hypot(right - left, top - bottom)


def _middle(corners: Sequence[float]) -> Points:
    left, top, right, bottom = corners
    return np.array([(left + right) / 2, (top + bottom) / 2, 0.0])
