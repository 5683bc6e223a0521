"""What is drawn: a mobject together with what it looked like when last painted.

Only two kinds can be tracked, rasters and vector mobjects. Everything Manim's camera reads of
them is in their signature, so equal signatures mean equal pixels.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import cairo
from manim import Mobject, PMobject, VMobject
from manim.constants import LineJointType
from manim.mobject.types.image_mobject import AbstractImageMobject

from cnnviz.mobjects.raster import Raster
from cnnviz.mobjects.viewport import Box, Viewport

if TYPE_CHECKING:
    from manim import Camera, Scene

Context: TypeAlias = "cairo.Context[Any]"

MITRE_LIMIT = 10
"""How many line widths long Cairo lets a mitred corner become; Manim does not change it."""


def mobjects_to_draw(scene: Scene) -> list[Mobject]:
    """Return what the scene shows, from back to front.

    Same order as Manim's camera: families of the scene's mobjects, each where it last occurs,
    sorted by ``z_index``.
    """
    found: list[Mobject] = []

    def visit(mobject: Mobject) -> None:
        if len(mobject.points) and _is_drawn(type(mobject)):  # type: ignore[arg-type]  # classes do hash
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
    if len({mobject.z_index for mobject in found}) > 1:
        found.sort(key=lambda mobject: mobject.z_index)
    return found


@cache  # isinstance is slow on Manim's classes, and there are few of them
def _is_drawn(kind: type[Mobject]) -> bool:
    return issubclass(kind, (VMobject, PMobject, AbstractImageMobject))


class UntrackableError(Exception):
    """Changes of something on screen cannot be followed.

    Parameters
    ----------
    culprit
        A mobject, or the camera.
    """

    def __init__(self, culprit: Mobject | Camera) -> None:
        super().__init__(f"{type(culprit).__name__} in use: frames are repainted in full")


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
        """Return the mobject, looked at for the first time.

        Raises
        ------
        UntrackableError
            If it is neither a raster nor a plain vector mobject.
        """
        if isinstance(mobject, Raster):
            return DrawnRaster(mobject, viewport)
        if isinstance(mobject, VMobject):
            return DrawnVector(mobject, viewport)
        raise UntrackableError(mobject)

    @abstractmethod
    def look_again(self, viewport: Viewport) -> Collection[Box]:
        """Compare with the last look and return the boxes that need repainting.

        Raises
        ------
        UntrackableError
            If its changes cannot be followed any more.
        """

    @abstractmethod
    def paint(self, context: Context, camera: Camera, viewport: Viewport) -> None:
        """Paint all of it.

        Never through a clip: Cairo would compute edges of paths, and which cells of a scaled
        bitmap lie under its pixels, slightly differently.
        """


class DrawnRaster(Drawn):
    """A raster as it was last painted."""

    def __init__(self, raster: Raster, viewport: Viewport) -> None:
        self.mobject = self.raster = raster
        self.state: Hashable = raster.state()
        self.box = _visible_raster_box(raster, viewport)

    def look_again(self, viewport: Viewport) -> Collection[Box]:
        """Ask the raster for its state, and for the part that changed."""
        state = self.raster.state()
        if state == self.state:
            return ()
        before_state, before_box = self.state, self.box
        self.state, self.box = state, _visible_raster_box(self.raster, viewport)
        if self.box is not None and self.box == before_box:
            part = self.raster.damage(before_state, viewport)
            if part is not None:
                return part
        return _distinct(before_box, self.box)

    def paint(self, context: Context, camera: Camera, viewport: Viewport) -> None:
        """Let the raster paint itself."""
        if self.box is not None:
            self.raster.paint(context, viewport)


def _visible_raster_box(raster: Raster, viewport: Viewport) -> Box | None:
    return raster.pixel_box(viewport) if raster.is_visible else None


class DrawnVector(Drawn):
    """A vector mobject as it was last painted."""

    def __init__(self, vector: VMobject, viewport: Viewport) -> None:
        self.mobject = self.vector = vector
        self._take(vector_signature(vector), viewport)

    def _take(self, signature: Hashable, viewport: Viewport) -> None:
        if self.vector.background_image is not None:
            raise UntrackableError(self.vector)
        self.signature = signature
        self.box = vector_box(self.vector, viewport)
        self._path: PathRecorder | None = None
        self._is_new = True

    def look_again(self, viewport: Viewport) -> Collection[Box]:
        """Compare everything the camera reads."""
        signature = vector_signature(self.vector)
        if signature == self.signature:
            return ()
        before = self.box
        self._take(signature, viewport)
        return _distinct(before, self.box)

    def paint(self, context: Context, camera: Camera, viewport: Viewport) -> None:
        """Paint with Manim's own camera.

        What is painted a second time without having changed has its path recorded.
        """
        if self._is_new:
            self._is_new = False
            camera.display_vectorized(self.vector, context)
        else:
            if self._path is None:
                self._path = PathRecorder()
                camera.set_cairo_context_path(cast("Context", self._path), self.vector)
            self._path.replay(context)
            camera.apply_stroke(context, self.vector, background=True)
            camera.apply_fill(context, self.vector)
            camera.apply_stroke(context, self.vector)
        context.new_path()


class PathRecorder:
    """Stands in for a Cairo context while Manim's camera traces a path.

    Working a path out takes Manim longer than painting it takes Cairo.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[str, tuple[float, ...]]] = []

    def new_path(self) -> None:
        """Forget what came before."""
        self._steps = [("new_path", ())]

    def new_sub_path(self) -> None:
        """Record a jump."""
        self._steps.append(("new_sub_path", ()))

    def move_to(self, *point: float) -> None:
        """Record where a part starts."""
        self._steps.append(("move_to", tuple(map(float, point))))

    def curve_to(self, *points: float) -> None:
        """Record a Bezier curve."""
        self._steps.append(("curve_to", tuple(map(float, points))))

    def close_path(self) -> None:
        """Record that a part is closed."""
        self._steps.append(("close_path", ()))

    def replay(self, context: Context) -> None:
        """Trace the recorded path on a real context."""
        for name, arguments in self._steps:
            getattr(context, name)(*arguments)


def _distinct(before: Box | None, after: Box | None) -> Collection[Box]:
    return {box for box in (before, after) if box is not None}


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
