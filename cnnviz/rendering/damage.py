"""What is drawn: a mobject together with what it looked like when last painted.

Only two kinds can be tracked, rasters and vector mobjects. Everything Manim's camera reads of
them is in their signature, so equal signatures mean equal pixels.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import cairo
from manim import Mobject, PMobject, VMobject
from manim.mobject.types.image_mobject import AbstractImageMobject

from cnnviz.mobjects.raster import Raster
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.rendering.vectors import ink_of, vector_boxes, vector_signature

if TYPE_CHECKING:
    from manim import Camera, Scene

Context: TypeAlias = "cairo.Context[Any]"


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
    boxes
        Pixels it covers, or a little more; none if it covers none.
    """

    mobject: Mobject
    boxes: tuple[Box, ...]

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
    def paint(self, context: Context, camera: Camera, viewport: Viewport, needed: Box) -> None:
        """Paint what is needed of it, or more.

        Never through a clip: Cairo would compute the edges of paths slightly differently.
        """


class DrawnRaster(Drawn):
    """A raster as it was last painted."""

    def __init__(self, raster: Raster, viewport: Viewport) -> None:
        self.mobject = self.raster = raster
        self.state: Hashable = raster.state()
        self.boxes = _visible_boxes(raster, viewport)

    def look_again(self, viewport: Viewport) -> Collection[Box]:
        """Ask the raster for its state, and for the part that changed."""
        state = self.raster.state()
        if state == self.state:
            return ()
        before_state, before = self.state, self.boxes
        self.state, self.boxes = state, _visible_boxes(self.raster, viewport)
        if self.boxes and self.boxes == before:
            part = self.raster.damage(before_state, viewport)
            return before if part is None else part
        return before + self.boxes

    def paint(self, context: Context, camera: Camera, viewport: Viewport, needed: Box) -> None:
        """Let the raster paint itself."""
        self.raster.paint(context, viewport, needed)


def _visible_boxes(raster: Raster, viewport: Viewport) -> tuple[Box, ...]:
    return (raster.pixel_box(viewport),) if raster.is_visible else ()


class DrawnVector(Drawn):
    """A vector mobject as it was last painted."""

    def __init__(self, vector: VMobject, viewport: Viewport) -> None:
        self.mobject = self.vector = vector
        self._take(vector_signature(vector), viewport)

    def _take(self, signature: Hashable, viewport: Viewport) -> None:
        if self.vector.background_image is not None:
            raise UntrackableError(self.vector)
        self.signature = signature
        self.ink = ink_of(self.vector)
        self.boxes = vector_boxes(self.vector, self.ink, viewport)
        self._path: cairo.Path | None = None

    def look_again(self, viewport: Viewport) -> Collection[Box]:
        """Compare everything the camera reads."""
        signature = vector_signature(self.vector)
        if signature == self.signature:
            return ()
        before = self.boxes
        self._take(signature, viewport)
        return before if before == self.boxes else before + self.boxes

    def paint(self, context: Context, camera: Camera, viewport: Viewport, needed: Box) -> None:
        """Paint all that can be seen of it as Manim's own camera does.

        The path is kept: working it out takes Manim longer than painting it takes Cairo.
        """
        vector = self.vector
        if self._path is None:
            camera.set_cairo_context_path(context, vector)
            self._path = context.copy_path()
        else:
            context.append_path(self._path)
        if self.ink.background:
            camera.apply_stroke(context, vector, background=True)
        if self.ink.fill:
            camera.apply_fill(context, vector)
        if self.ink.stroke:
            camera.apply_stroke(context, vector)
        context.new_path()
