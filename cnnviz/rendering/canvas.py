"""The picture on screen, repainted only where it changed.

Two persistent layers: the base holds what lies below everything that moves, the front holds
the whole picture. Per frame every drawn mobject is compared with how it was last painted; the
boxes that changed are painted again on the front, from the base upwards, and returned as the
frame's damage. The result is bit for bit that of a full repaint.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

import cairo
import numpy as np
from manim import MovingCamera
from manim.camera.camera import Camera

from cnnviz.arrays import ByteArray
from cnnviz.mobjects.raster import Raster
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.rendering.boxes import difference, merge, overlap
from cnnviz.rendering.damage import Context, Drawn, UntrackableError
from cnnviz.rendering.profile import Profile

if TYPE_CHECKING:
    from manim import Mobject

LOG = logging.getLogger(__name__)


class Canvas:
    """The picture that a camera has of mobjects.

    Parameters
    ----------
    camera
        Manim's camera. Where it is a flat one, changes are tracked, and all is repainted only
        in frames in which it moves. Any other camera repaints every frame.
    profile
        Where to count the time.
    """

    def __init__(self, camera: Camera, profile: Profile) -> None:
        self._camera = camera
        self._profile = profile
        self._is_flat = type(camera) in (Camera, MovingCamera)
        self._viewport = _viewport_of(camera)
        self._said: set[str] = set()
        height, width = camera.pixel_height, camera.pixel_width
        self._whole = Box(0, 0, width, height)
        self._width, self._height = width, height
        self._scratch = np.empty((height, width, 4), np.uint8)
        self._base = np.empty_like(self._scratch)
        self._front = np.empty_like(self._scratch)
        if self._is_flat:
            _share_pixels(camera, self._scratch)
        self._background = _background_of(camera)
        self._context = _context_on(self._scratch, self._viewport)
        self._drawn: list[Drawn] = []
        self._on_base: list[Drawn] = []
        self._moving: set[Mobject] = set()
        self._is_blank = True  # nothing has been painted yet
        self._is_stale = True  # the layers do not hold the last picture
        self._is_split_due = True

    @property
    def pixels(self) -> ByteArray:
        """The picture, RGBA of shape (height, width, 4): valid until the next update."""
        return self._front

    def expect(self, moving: Iterable[Mobject]) -> None:
        """Say what will move from now on, so that what lies below it is kept on the base.

        Only speed depends on it: whatever else changes is found as well.
        """
        self._moving = set(moving)
        self._is_split_due = True

    def update(self, mobjects: Sequence[Mobject]) -> list[Box]:
        """Bring the picture up to date and return the boxes in which it changed.

        Parameters
        ----------
        mobjects
            What is on screen, from back to front.
        """
        try:
            return self._track(mobjects)
        except UntrackableError as reason:
            self._say(str(reason))
            return self._replace(self.repainted(mobjects))

    def _track(self, mobjects: Sequence[Mobject]) -> list[Box]:
        if not self._is_flat:
            raise UntrackableError(self._camera)
        viewport = _viewport_of(self._camera)
        if viewport != self._viewport:
            self._say(f"{type(self._camera).__name__} moves: its frames are repainted in full")
        if self._is_stale or viewport != self._viewport or self._has_new_background():
            self._start_over(viewport)
        changed = self._compare(mobjects)
        if self._is_split_due:
            self._split(changed)
        damage = merge(changed, self._width, self._height)
        if self._is_stale:
            damage = [self._whole]
            self._is_blank = self._is_stale = False
        self._repair(self._front, self._base, self._drawn[len(self._on_base) :], damage)
        return damage

    def _replace(self, picture: ByteArray) -> list[Box]:
        damage = [self._whole] if self._is_blank else difference(self._front, picture)
        self._front = picture
        self._is_blank, self._is_stale = False, True
        return damage

    def repainted(self, mobjects: Sequence[Mobject]) -> ByteArray:
        """Return the whole picture painted anew, RGBA of shape (height, width, 4)."""
        camera = self._camera
        camera.reset()
        if not self._is_flat:
            camera.capture_mobjects(mobjects)
            return self._camera_pixels().copy()
        context = _context_on(self._camera_pixels(), _viewport_of(camera))
        others: list[Mobject] = []
        for mobject in mobjects:
            if not isinstance(mobject, Raster):
                others.append(mobject)
                continue
            camera.capture_mobjects(others, include_submobjects=False)
            others = []
            mobject.paint(context, _viewport_of(camera))
        camera.capture_mobjects(others, include_submobjects=False)
        return self._camera_pixels().copy()

    def _camera_pixels(self) -> ByteArray:
        return cast("ByteArray", self._camera.pixel_array)

    # -- comparing ---------------------------------------------------------------------

    def _say(self, message: str) -> None:
        if message not in self._said:
            self._said.add(message)
            LOG.info(message)

    def _has_new_background(self) -> bool:
        return _background_of(self._camera) is not self._background

    def _start_over(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self._background = _background_of(self._camera)
        self._context = _context_on(self._scratch, viewport)
        self._base[:] = self._background
        self._drawn, self._on_base = [], []
        self._is_stale = self._is_split_due = True

    def _compare(self, mobjects: Sequence[Mobject]) -> list[Box]:
        """Take over what is on screen now and return the boxes that changed."""
        changed: list[Box] = []
        if len(mobjects) != len(self._drawn) or any(
            drawn.mobject is not mobject
            for drawn, mobject in zip(self._drawn, mobjects, strict=True)
        ):
            changed += self._match(mobjects)
        base_count = len(self._on_base)
        for place, drawn in enumerate(self._drawn):
            boxes = drawn.look_again(self._viewport)
            if boxes:
                changed += boxes
                if place < base_count:  # a side effect that nobody announced
                    self._moving.add(drawn.mobject)
                    self._is_split_due = True
        return changed

    def _match(self, mobjects: Sequence[Mobject]) -> list[Box]:
        """Take over another list of mobjects; return boxes of what came, went or changed places."""
        known = {id(drawn.mobject): (place, drawn) for place, drawn in enumerate(self._drawn)}
        matched: list[Drawn] = []
        boxes: list[Box] = []
        highest = -1
        for mobject in mobjects:
            if id(mobject) in known:
                place, drawn = known.pop(id(mobject))
                if place < highest:  # it is now in front of something it was behind
                    boxes += drawn.boxes
                highest = max(highest, place)
            else:
                drawn = Drawn.of(mobject, self._viewport)
                boxes += drawn.boxes
                self._moving.add(mobject)
            matched.append(drawn)
        for _, drawn in known.values():
            boxes += drawn.boxes
        self._drawn = matched
        self._is_split_due = True
        return boxes

    # -- painting ----------------------------------------------------------------------

    def _split(self, changed: list[Box]) -> None:
        """Put what lies below everything that moves on the base."""
        self._is_split_due = False
        first_moving = next(
            (place for place, drawn in enumerate(self._drawn) if drawn.mobject in self._moving),
            len(self._drawn),
        )
        before, now = self._on_base, self._drawn[:first_moving]
        self._on_base = now
        kept = {id(drawn) for drawn in before} & {id(drawn) for drawn in now}
        moved = [drawn for drawn in (*before, *now) if id(drawn) not in kept]
        boxes = changed + [box for drawn in moved for box in drawn.boxes]
        self._repair(self._base, self._background, now, merge(boxes, self._width, self._height))

    def _repair(
        self,
        target: ByteArray,
        under: ByteArray,
        drawn: Sequence[Drawn],
        boxes: list[Box],
    ) -> None:
        """Paint boxes of `target` anew: what is `under` it, and then all that is drawn there.

        Everything is painted whole onto the scratch picture, of which only the boxes are
        copied, because what Cairo paints through a clip is not always the same.
        """
        if not boxes:
            return
        with self._profile.stage("draw"):
            self._repair_now(target, under, drawn, boxes)

    def _repair_now(
        self,
        target: ByteArray,
        under: ByteArray,
        drawn: Sequence[Drawn],
        boxes: list[Box],
    ) -> None:
        for left, top, right, bottom in boxes:
            self._scratch[top:bottom, left:right] = under[top:bottom, left:right]
        self._context.get_target().mark_dirty()
        for one in drawn:
            needed = overlap(one.boxes, boxes)
            if needed is not None:
                one.paint(self._context, self._camera, self._viewport, needed)
        self._context.get_target().flush()
        for left, top, right, bottom in boxes:
            target[top:bottom, left:right] = self._scratch[top:bottom, left:right]


def _background_of(camera: Camera) -> ByteArray:
    return cast("ByteArray", camera.background)


def _share_pixels(camera: Camera, scratch: ByteArray) -> None:
    """Let a camera have no pixels of its own: two frames less in memory.

    It paints on the scratch picture, and a background of one colour is a single row.
    """
    camera.pixel_array = cast("Any", scratch)
    if camera.background_image is None:
        row = _background_of(camera)[:1].copy()  # a view would keep the whole
        camera.background = cast("Any", np.broadcast_to(row, scratch.shape))


def _viewport_of(camera: Camera) -> Viewport:
    x, y = camera.frame_center[:2]
    return Viewport(
        camera.pixel_width,
        camera.pixel_height,
        float(camera.frame_width),
        float(camera.frame_height),
        (float(x), float(y)),
    )


def _context_on(pixels: ByteArray, viewport: Viewport) -> Context:
    """Return a Cairo context in scene coordinates that paints onto RGBA pixels."""
    surface = cairo.ImageSurface.create_for_data(
        pixels.data, cairo.FORMAT_ARGB32, viewport.pixel_width, viewport.pixel_height
    )
    context = cairo.Context(surface)
    x_scale = viewport.pixel_width / viewport.frame_width
    y_scale = viewport.pixel_height / viewport.frame_height
    x, y = viewport.centre
    context.set_matrix(
        cairo.Matrix(
            x_scale,
            0,
            0,
            -y_scale,
            viewport.pixel_width / 2 - x * x_scale,
            viewport.pixel_height / 2 + y * y_scale,
        )
    )
    return context
