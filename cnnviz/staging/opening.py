"""How a scene about one layer begins: the photo, what the network receives, the layer."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut

from cnnviz.mobjects.network_strip import NetworkStrip
from cnnviz.mobjects.text import Label
from cnnviz.staging.first_look import FirstLook
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import point

STRIP_WIDTH = 12.4
STRIP_HEIGHT = 1.0
"""Largest size of the strip on the stage, in Manim units."""

CORNER_WIDTH = 4.6
CORNER_HEIGHT = 0.5
"""And once it has moved into the title zone."""


class Opening:
    """The photo on the stage, ready to become what the network sees of it.

    Making one puts the photo into the scene, so that the film's first frame shows it. In a
    lecture everybody has seen it: there the network alone appears.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene
        self._stage = scene.theme.layout.stage
        self._look = FirstLook(scene)
        self.photo, self.picture = self._look.photo, self._look.picture
        self.question = self._look.question
        if scene.inherited is None:
            scene.set_stage(self.photo)

    def show_where_we_are(self, layer: str) -> NetworkStrip:
        """Turn the photo into pixels, show the whole network and light `layer` in it.

        Afterwards only the small strip is left, at the right of the title.
        """
        scene = self.scene
        width = min(STRIP_WIDTH, self._stage.width)
        strip = NetworkStrip(scene.trace, layer, scene.theme, width, STRIP_HEIGHT)
        strip.move_to(self._stage.centre)
        if scene.continues_previous:  # the stage is not empty: say in the corner only where we are
            corner = self._corner(strip)
            scene.play(FadeIn(corner), *scene.settle_title(), run_time=scene.timing.fade)
            return corner
        if scene.inherited is None:
            self.show_pixels()
            self._become_strip(strip)
        else:
            scene.fade_in(*strip.thumbnails)
        return self._light_layer(strip, layer)

    def show_pixels(self) -> None:
        """Let the photo become what the network receives of it: see :class:`FirstLook`."""
        self._look.show_pixels()

    def _become_strip(self, strip: NetworkStrip) -> None:
        """Let the picture shrink into its place among the layers."""
        slot = strip.picture
        self.scene.play(
            *map(FadeOut, self.question),
            self.picture.animate.scale(slot.width / self.picture.width)
            .move_to(slot)
            .set_opacity(slot.opacity),
            *map(FadeIn, strip.thumbnails[1:]),
            run_time=self.scene.timing.move,
        )
        self.scene.remove(self.picture)
        self.scene.add(slot)

    def _light_layer(self, strip: NetworkStrip, layer: str) -> NetworkStrip:
        """Name the layer, then let a small strip in the corner take over."""
        scene, timing, layout = self.scene, self.scene.timing, self.scene.theme.layout
        name = Label(layer, scene.theme.sizes.body, scene.theme.palette.accent, weight=600)
        name.move_to(strip.current.get_top() + point(0.0, 0.4))
        overhang = name.width / 2 + abs(name.get_center()[0]) - layout.right
        if overhang > 0:  # at the end of a narrow frame
            name.shift(point(-np.sign(name.get_center()[0]) * overhang, 0.0))
        appearing = [*map(FadeIn, (strip.light, name)), *scene.settle_title()]
        scene.play(*appearing, run_time=timing.fade)
        scene.wait(timing.pause)
        corner = self._corner(strip)
        scene.play(FadeOut(strip, name), FadeIn(corner), run_time=timing.fade)
        return corner

    def _corner(self, strip: NetworkStrip) -> NetworkStrip:
        """Return a small copy of the strip for the title zone."""
        corner, room = strip.copy(), self.scene.corner
        width, height = min(CORNER_WIDTH, room.width), min(CORNER_HEIGHT, room.height)
        corner.scale(min(width / corner.width, height / corner.height))
        return corner.move_to(point(room.right - corner.width / 2, room.y))
