"""What is drawn: a mobject together with what it looked like when last painted.

Only two kinds can be tracked, rasters and vector mobjects. Everything Manim's camera reads of
them is in their signature, so equal signatures mean equal pixels.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, TypeAlias

import cairo
from manim import Mobject, PMobject, VMobject
from manim.constants import LineJointType
from manim.mobject.types.image_mobject import AbstractImageMobject

from cnnviz.mobjects.raster import Raster
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.rendering.boxes import area

if TYPE_CHECKING:
    from manim import Camera, Scene

Context: TypeAlias = "cairo.Context[Any]"

MITRE_LIMIT = 10
"""How many line widths long Cairo lets a mitred corner become; Manim does not change it."""

CLIP_FROM_AREA = 20_000
"""Rasters larger than this many pixels are painted within the damage only."""


def mobjects_to_draw(scene: Scene) -> list[Mobject]:
    """Return what the scene shows, from back to front.

    Same order as Manim's camera: families of the scene's mobjects, each where it last occurs,
    sorted by ``z_index``.
    """
    found: list[Mobject] = []

    def visit(mobject: Mobject) -> None:
        if len(mobject.points) and isinstance(mobject, (VMobject, PMobject, AbstractImageMobject)):
            found.append(mobject)
        for submobject in mobject.submobjects:
            visit(submobject)

    foreground = scene.foreground_mobjects
    for mobject in scene.mobjects:
        if mobject not in foreground:
            visit(mobject)
    for mobject in foreground:
        visit(mobject)
    if len(set(found)) < len(found):
        found = list(dict.fromkeys(reversed(found)))[::-1]
    if any(mobject.z_index != found[0].z_index for mobject in found):
        found.sort(key=lambda mobject: mobject.z_index)
    return found


def is_trackable(mobject: Mobject) -> bool:
    """Return whether changes of the mobject can be followed: a raster or a plain vector one."""
    if isinstance(mobject, VMobject):
        return mobject.background_image is None
    return isinstance(mobject, Raster)


class Drawn(ABC):
    """A mobject as it was last painted.

    Attributes
    ----------
    mobject
        The mobject.
    box
        Pixels it covers, or a little more; None if it covers none.
    """

    mobject: Mobject
    box: Box | None

    @staticmethod
    def of(mobject: Mobject, viewport: Viewport) -> Drawn:
        """Return the mobject, looked at for the first time."""
        if isinstance(mobject, Raster):
            return DrawnRaster(mobject, viewport)
        if isinstance(mobject, VMobject):
            return DrawnVector(mobject, viewport)
        raise TypeError(f"{mobject} is neither a raster nor a vector mobject")

    @abstractmethod
    def look_again(self, viewport: Viewport) -> list[Box]:
        """Compare with the last look and return the boxes that need repainting."""

    @abstractmethod
    def paint(self, context: Context, camera: Camera, viewport: Viewport, clip: list[Box]) -> None:
        """Paint it; what lies outside of `clip` may be painted or not."""


class DrawnRaster(Drawn):
    """A raster as it was last painted."""

    def __init__(self, raster: Raster, viewport: Viewport) -> None:
        self.mobject = self.raster = raster
        self.state: Hashable = raster.state()
        self.box = _visible_raster_box(raster, viewport)

    def look_again(self, viewport: Viewport) -> list[Box]:
        """Ask the raster for its state, and for the part that changed."""
        state = self.raster.state()
        if state == self.state:
            return []
        before_state, before_box = self.state, self.box
        self.state, self.box = state, _visible_raster_box(self.raster, viewport)
        if self.box is not None and self.box == before_box:
            part = self.raster.damage(before_state, viewport)
            if part is not None:
                return part
        return _distinct(before_box, self.box)

    def paint(self, context: Context, camera: Camera, viewport: Viewport, clip: list[Box]) -> None:
        """Paint the raster; a clip along whole pixels leaves its pixels as they are."""
        if self.box is None:
            return
        if area(self.box) < CLIP_FROM_AREA:
            self.raster.paint(context, viewport)
            return
        context.save()
        matrix = context.get_matrix()
        context.identity_matrix()
        context.new_path()
        for box in clip:
            context.rectangle(box.left, box.top, box.right - box.left, box.bottom - box.top)
        context.clip()
        context.set_matrix(matrix)
        self.raster.paint(context, viewport)
        context.restore()


def _visible_raster_box(raster: Raster, viewport: Viewport) -> Box | None:
    return raster.pixel_box(viewport) if raster.is_visible else None


class DrawnVector(Drawn):
    """A vector mobject as it was last painted."""

    def __init__(self, vector: VMobject, viewport: Viewport) -> None:
        self.mobject = self.vector = vector
        self.signature = vector_signature(vector)
        self.box = vector_box(vector, viewport)

    def look_again(self, viewport: Viewport) -> list[Box]:
        """Compare everything the camera reads."""
        signature = vector_signature(self.vector)
        if signature == self.signature:
            return []
        before = self.box
        self.signature, self.box = signature, vector_box(self.vector, viewport)
        return _distinct(before, self.box)

    def paint(self, context: Context, camera: Camera, viewport: Viewport, clip: list[Box]) -> None:
        """Paint with Manim's own camera, never clipped: Cairo's clip changes edge pixels."""
        camera.display_vectorized(self.vector, context)
        context.new_path()


def _distinct(before: Box | None, after: Box | None) -> list[Box]:
    return [box for box in {before, after} if box is not None]


def vector_signature(vector: VMobject) -> Hashable:
    """Return everything that Manim's camera reads of a vector mobject."""
    fill, stroke = vector.get_fill_rgbas(), vector.get_stroke_rgbas()
    background = vector.background_stroke_width
    return (
        vector.points.tobytes(),
        fill.tobytes(),
        stroke.tobytes(),
        vector.stroke_width,
        background,
        vector.get_stroke_rgbas(background=True).tobytes() if background else None,
        vector.joint_type,
        vector.cap_style,
        (*vector.sheen_direction, vector.shade_in_3d) if len(fill) + len(stroke) > 2 else None,
        vector.background_image,
    )


def vector_box(vector: VMobject, viewport: Viewport) -> Box | None:
    """Return a box outside of which a vector mobject paints nothing, None if it paints nothing."""
    points = vector.points
    if len(points) < vector.n_points_per_cubic_curve:
        return None
    reach = _stroke_reach(vector)
    if reach == 0 and not vector.get_fill_rgbas()[:, 3].any():
        return None
    left, bottom = (points[:, :2].min(axis=0) - reach).tolist()
    right, top = (points[:, :2].max(axis=0) + reach).tolist()
    if not math.isfinite(left + bottom + right + top):
        return None  # Manim's camera skips it too
    x0, y0 = viewport.to_pixels(left, top)
    x1, y1 = viewport.to_pixels(right, bottom)
    return Box(math.floor(x0) - 1, math.floor(y0) - 1, math.ceil(x1) + 1, math.ceil(y1) + 1)


def _stroke_reach(vector: VMobject) -> float:
    """Return how far, in Manim units, ink can lie outside of the points' bounding box."""
    width = 0.0
    for background in (True, False):
        if vector.get_stroke_rgbas(background)[:, 3].any():
            width = max(width, vector.get_stroke_width(background))
    if width == 0:
        return 0.0
    line_width = 0.01 * width  # Camera.cairo_line_width_multiple
    if len(vector.points) <= 4 or vector.joint_type in (LineJointType.ROUND, LineJointType.BEVEL):
        return line_width  # half of it, and a square cap's corner
    return line_width * MITRE_LIMIT / 2
