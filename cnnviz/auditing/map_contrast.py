"""Whether the maps of a film can be seen: how far their colours are from the ground."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.auditing.film_stage import is_on
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.raster import Bitmap
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.staging.scene import LectureScene
from cnnviz.style.colour import contrast_ratio, relative_luminance, rgb_of_hex
from cnnviz.style.geometry import Zone

FULL = 0.9
"""A map with less opacity means to step back."""

FEWEST_SHADES = 200
"""Of fewer nothing can be said."""

Contrasts = Float64Array


@dataclass(frozen=True)
class ContrastLimits:
    """What half of all shades, and one in twenty, reach at least, as WCAG measures contrast."""

    median: float
    brightest: float


ON_DARK, ON_LIGHT = ContrastLimits(2.2, 7.0), ContrastLimits(2.0, 5.5)
"""On a light ground colours lie nearer together: black on white is as far as it goes."""


def limits_on(background: str) -> ContrastLimits:
    """Return the limits on a ground, ``"#rrggbb"``."""
    is_light = contrast_ratio(background, "#000000") > contrast_ratio(background, "#ffffff")
    return ON_LIGHT if is_light else ON_DARK


def pale_maps(contrasts: Contrasts, background: str) -> Iterable[str]:
    """Find out whether the maps of a film, all together, are too near to the ground.

    Parameters
    ----------
    contrasts
        Of all shades, each map's once, but for that of zero.
    background
        The ground's colour, ``"#rrggbb"``.
    """
    if contrasts.size < FEWEST_SHADES:
        return
    limits = limits_on(background)
    for name, share, least in (
        ("median", 0.5, limits.median),
        ("95th percentile", 0.95, limits.brightest),
    ):
        found = float(np.quantile(contrasts, share))
        if found < least:
            yield f"the maps' contrast to the ground has its {name} at {found:.1f}, below {least}"


class MapContrasts:
    """Collects the shades of all maps that a film shows, each map once.

    Shades, not cells: what has to be seen is how values differ. Where most of a picture is of one
    colour, most cells have what the filter answers to nothing, near zero, and are rightly seen as
    that: one thing to see, however large it is. A zero is seen as a surface only.

    Left out are photos and what is grey, such as a photo's channels: how bright they are is not
    for us to say.

    Parameters
    ----------
    zone
        The stage.
    background, zero
        Colours of the ground, and of a cell whose value is zero, ``"#rrggbb"``.
    """

    def __init__(self, zone: Zone, background: str, zero: str) -> None:
        self._zone = zone
        self._background = relative_luminance(background)
        self._zero = np.array(rgb_of_hex(zero), np.uint8)
        self._maps: dict[int, tuple[Bitmap, Contrasts]] = {}

    def add(self, scene: LectureScene) -> None:
        """Add the maps that now stand on the stage."""
        for mobject in mobjects_to_draw(scene):
            if (
                isinstance(mobject, HeatMap)
                and not isinstance(mobject, Photo)
                and mobject.opacity >= FULL
                and id(mobject.bitmap) not in self._maps
                and is_on(self._zone, mobject.corners())
            ):  # bitmaps are kept, so that no other one can have the same id
                self._maps[id(mobject.bitmap)] = mobject.bitmap, self._contrasts(mobject.bitmap)

    @property
    def all(self) -> Contrasts:
        """The contrasts of all shades, in no order."""
        return np.concatenate([np.empty(0), *(shades for _, shades in self._maps.values())])

    def _contrasts(self, bitmap: Bitmap) -> Contrasts:
        cells = bitmap.rgba.reshape(-1, 4)
        colours = cells[cells[:, 3] == 255, :3]
        _, shades = np.unique(colours @ _AS_ONE_NUMBER, return_index=True)
        colours = colours[shades]
        if not len(colours) or not np.ptp(colours, axis=1).any():
            return np.empty(0)
        colours = colours[(colours != self._zero).any(axis=1)]
        luminances = _LINEAR[colours] @ np.array([0.2126, 0.7152, 0.0722])
        bright = np.maximum(luminances, self._background) + 0.05
        return np.asarray(bright / (np.minimum(luminances, self._background) + 0.05))


_AS_ONE_NUMBER = np.array([1 << 16, 1 << 8, 1])
"""Times red, green and blue: numbers are told apart faster than rows."""

_SHARES = np.arange(256) / 255
_LINEAR = np.where(_SHARES <= 0.04045, _SHARES / 12.92, ((_SHARES + 0.055) / 1.055) ** 2.4)
"""What a channel, 0 to 255, gives as light: see :func:`cnnviz.style.colour.relative_luminance`."""
