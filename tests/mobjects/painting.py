"""What the tests of rasters share: the pixels that they paint."""

from __future__ import annotations

import cairo
import numpy as np

from cnnviz.mobjects.raster import Raster
from cnnviz.mobjects.viewport import Box, Viewport


def painted_in(viewport: Viewport, *rasters: Raster, within: Box | None = None) -> np.ndarray:
    """Return what rasters paint on nothing, one over the other: BGRA of the viewport's size."""
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, viewport.pixel_width, viewport.pixel_height)
    context = cairo.Context(surface)
    for raster in rasters:
        raster.paint(context, viewport, within)
    surface.flush()
    shape = (viewport.pixel_height, viewport.pixel_width, 4)
    return np.frombuffer(surface.get_data(), np.uint8).reshape(shape).copy()
