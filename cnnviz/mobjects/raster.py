"""The base of everything drawn as pixels: heat maps, photos and text.

A :class:`Raster` is an ordinary Manim mobject (four corner points, an opacity), so that
``FadeIn``, ``animate.shift`` and friends work on it. It differs from ``ImageMobject`` in
three ways: copies share its pixels, a renderer can ask cheaply whether it changed since the
last frame and where, and it is painted by Cairo straight onto the pixel grid. In a scene
on Manim's own renderer it still shows, through Manim's image path.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import cairo
import numpy as np
import numpy.typing as npt
from manim import Mobject
from manim.mobject.types.image_mobject import AbstractImageMobject
from PIL import Image

from cnnviz.arrays import ByteArray
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.style.geometry import Corners, Zone

if TYPE_CHECKING:
    from manim.typing import Point3D_Array


class Bitmap:
    """Pixels that never change, shared by every mobject that shows them.

    Parameters
    ----------
    rgba
        uint8 of shape (height, width, 4), not premultiplied.

    Notes
    -----
    Two bitmaps are equal only if they are the same object; a mobject that changes takes a
    new one. Cairo's ARGB32 is blue, green, red, alpha in memory; like Manim's camera we keep
    red first and let Cairo believe otherwise.
    """

    def __init__(self, rgba: ByteArray) -> None:
        self.rgba = np.ascontiguousarray(rgba)
        self.rgba.setflags(write=False)
        self._blended: tuple[tuple[int, int], cairo.ImageSurface] | None = None

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.rgba.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.rgba.shape[1])

    @cached_property
    def is_opaque(self) -> bool:
        """Whether nothing behind it shows through."""
        return bool((self.rgba[..., 3] == 255).all())

    @cached_property
    def premultiplied(self) -> npt.NDArray[np.uint32]:
        """The pixels multiplied by their alpha, four bytes in one: (height, width)."""
        buffer = self.rgba
        if not self.is_opaque:
            alpha = self.rgba[..., 3:].astype(np.uint16)
            product = self.rgba[..., :3] * alpha + 128
            buffer = self.rgba.copy()
            buffer[..., :3] = (product + (product >> 8)) >> 8
        return buffer.view(np.uint32)[..., 0]

    @cached_property
    def _image(self) -> Image.Image:
        size = (self.width, self.height)
        return Image.frombuffer("RGBa", size, self.premultiplied, "raw", "RGBa", 0, 1)

    def blended(self, width: int, height: int) -> cairo.ImageSurface:
        """Return a surface of another size, smooth between the pixels.

        By Pillow: Cairo's best filter takes two to four times as long.
        """
        if self._blended is None or self._blended[0] != (width, height):
            pixels = np.array(self._image.resize((width, height), Image.Resampling.BICUBIC))
            self._blended = ((width, height), surface_of(pixels.view(np.uint32)[..., 0]))
        return self._blended[1]


def surface_of(pixels: npt.NDArray[np.uint32]) -> cairo.ImageSurface:
    """Return a Cairo surface over premultiplied pixels, contiguous, of shape (height, width)."""
    height, width = pixels.shape
    return cairo.ImageSurface.create_for_data(pixels.data, cairo.FORMAT_ARGB32, width, height)


def paint_pixels(
    context: cairo.Context[Any],
    surface: cairo.ImageSurface,
    left: int,
    top: int,
    opacity: float,
) -> None:
    """Paint a surface onto whole pixels, its upper left one at (left, top)."""
    context.save()
    context.identity_matrix()
    context.set_source_surface(surface, left, top)
    context.get_source().set_filter(cairo.FILTER_NEAREST)
    context.paint_with_alpha(min(opacity, 1.0))
    context.restore()


class Raster(AbstractImageMobject):
    """An upright rectangle with its own pixels and one opacity.

    Subclasses give :meth:`state`, :meth:`pixel_box`, :meth:`paint` and
    :meth:`get_pixel_array`. Rotating a raster is not supported.

    Parameters
    ----------
    width, height
        Size in Manim units; the centre is the origin until the mobject is moved.
    """

    clip: Zone | None = None
    """What a raster that knows bounds leaves alone all pixels outside of; None is no bound."""

    def __init__(self, width: float, height: float, **kwargs: Any) -> None:
        self._natural_size = (width, height)
        self.opacity = 1.0
        super().__init__(scale_to_resolution=0, **kwargs)

    # -- what a renderer asks ---------------------------------------------------------

    def state(self) -> Hashable:
        """Return a value that differs from an earlier one exactly if the picture may differ."""
        raise NotImplementedError

    def pixel_box(self, viewport: Viewport) -> Box:
        """Return the smallest box outside of which :meth:`paint` leaves every pixel alone."""
        raise NotImplementedError

    def paint(
        self, context: cairo.Context[Any], viewport: Viewport, within: Box | None = None
    ) -> None:
        """Paint onto `context`, whose transformation is left as it was.

        Parameters
        ----------
        context
            With scene coordinates.
        viewport
            How they become pixels.
        within
            What lies outside of it may be painted too, or not.
        """
        raise NotImplementedError

    def damage(self, before: Hashable, viewport: Viewport) -> list[Box] | None:
        """Return the boxes that differ from the state `before`, or None: repaint all of it."""
        return None

    @property
    def is_visible(self) -> bool:
        """Whether painting it can change anything."""
        return self.opacity > 0

    def get_family(self, recurse: bool = True) -> list[Mobject]:  # noqa: FBT001, FBT002
        """Return itself and its submobjects; Manim's way takes long where there are none."""
        return super().get_family(recurse) if self.submobjects else [self]

    # -- geometry -----------------------------------------------------------------------

    def corners(self) -> Corners:
        """Return (left, top, right, bottom) in scene coordinates, y upwards."""
        coordinate = self.points.item  # much faster than indexing and float()
        return coordinate(0, 0), coordinate(0, 1), coordinate(3, 0), coordinate(3, 1)

    def set_corners(self, left: float, top: float, right: float, bottom: float) -> Self:
        """Move the four edges, in scene coordinates, y upwards; a border goes with them."""
        before, self.points = self.points, _corner_points(left, top, right, bottom)
        if self.submobjects:
            self._carry_parts(before)
        return self

    def _carry_parts(self, before: Point3D_Array) -> None:
        """Put what belongs to the raster where it is relative to the corners, as it was."""
        start, end = before[0], self.points[0]
        growth = (self.points[3] - end)[:2] / (before[3] - start)[:2]
        factor = np.array([*growth, 1.0])
        for part in self.get_family()[1:]:
            part.points = end + (part.points - start) * factor

    def reset_points(self) -> Self:
        """Set the four corners around the origin, in Manim's order for images."""
        width, height = self._natural_size
        self.points = _corner_points(-width / 2, height / 2, width / 2, -height / 2)
        return self

    # -- what Manim's animations call, with its signatures ----------------------------

    def set_color(self, *args: Any, **kwargs: Any) -> Self:
        """Do nothing: a raster's colours are those of its pixels."""
        return self

    def set_opacity(self, alpha: float, family: bool = True) -> Self:  # noqa: FBT001, FBT002
        """Set the opacity (0 to 1), here and with `family` in all submobjects."""
        self.opacity = alpha
        if family:
            for submobject in self.submobjects:
                submobject.set_opacity(alpha)
        return self

    def fade(self, darkness: float = 0.5, family: bool = True) -> Self:  # noqa: FBT001, FBT002
        """Take away the share `darkness` (0 to 1) of the opacity."""
        self.opacity *= 1 - darkness
        if family:
            for submobject in self.submobjects:
                submobject.fade(darkness, family)
        return self

    def interpolate_color(self, mobject1: Mobject, mobject2: Mobject, alpha: float) -> Self:
        """Take the opacity that lies at `alpha` between those of two rasters."""
        if isinstance(mobject1, Raster) and isinstance(mobject2, Raster):
            self.opacity = mobject1.opacity + (mobject2.opacity - mobject1.opacity) * alpha
        return self

    def get_pixel_array(self) -> Any:
        """Return RGBA pixels, opacity included: what Manim's own renderer shows."""
        raise NotImplementedError

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Copy the mobject but share its pixels, which never change in place."""
        clone = type(self).__new__(type(self))
        memo[id(self)] = clone
        clone.__dict__.update(self.__dict__)
        clone.points = self.points.copy()
        clone.submobjects = [submobject.copy() for submobject in self.submobjects]
        clone.updaters = list(self.updaters)
        return clone


def _corner_points(left: float, top: float, right: float, bottom: float) -> Point3D_Array:
    """Return the corners in Manim's order for images, from their edges."""
    return np.array(
        [[left, top, 0.0], [right, top, 0.0], [left, bottom, 0.0], [right, bottom, 0.0]]
    )
