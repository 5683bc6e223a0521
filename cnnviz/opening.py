"""How a scene about one layer begins: the photo, what the network receives, the layer."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, FadeOut

from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.maps import picture_pixels
from cnnviz.mobjects.network_strip import NetworkStrip
from cnnviz.mobjects.text import Label
from cnnviz.scene import LectureScene

PICTURE_HEIGHT = 3.9
STRIP_WIDTH = 12.4
STRIP_HEIGHT = 1.0
CORNER_WIDTH = 4.6
CORNER_HEIGHT = 0.42
"""Largest size of the strip once it has moved into the title zone."""


class Opening:
    """The photo on the stage, ready to become what the network sees of it.

    Making one puts the photo into the scene, so that the film's first frame shows it.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene
        pixels = picture_pixels(scene.trace)
        rows, columns = pixels.shape[:2]
        cell = scene.theme.layout.cell_size(max(rows, columns), PICTURE_HEIGHT)
        self.photo = Photo(scene.trace.photo, columns * cell, rows * cell)
        self.picture = HeatMap(pixels, columns * cell, rows * cell)
        self.note = scene.make_label(scene.words("common.photo", columns=columns, rows=rows))
        self.note.move_to(self.photo.get_bottom() - np.array([0.0, 0.25, 0.0]))
        scene.add(self.photo)

    def show_where_we_are(self, layer: str) -> NetworkStrip:
        """Turn the photo into pixels, show the whole network and light `layer` in it.

        Afterwards only the small strip is left, at the right of the title.
        """
        scene, timing = self.scene, self.scene.timing
        scene.fade_in(self.picture, self.note, run_time=timing.move)
        scene.remove(self.photo)
        scene.wait(timing.pause)
        strip = NetworkStrip(scene.trace, layer, scene.theme, STRIP_WIDTH, STRIP_HEIGHT)
        self._become_strip(strip)
        return self._light_layer(strip, layer)

    def _become_strip(self, strip: NetworkStrip) -> None:
        """Let the picture shrink into its place among the layers."""
        slot = strip.picture
        self.scene.play(
            FadeOut(self.note),
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
        name.move_to(strip.current.get_top() + np.array([0.0, 0.4, 0.0]))
        scene.fade_in(strip.light, name)
        scene.wait(timing.pause)
        corner = strip.copy()
        corner.scale(min(CORNER_WIDTH / corner.width, CORNER_HEIGHT / corner.height))
        corner.move_to(np.array([layout.right - corner.width / 2, layout.title_y, 0.0]))
        scene.play(FadeOut(strip, name), run_time=timing.fade)
        scene.play(FadeIn(corner), run_time=timing.fade)
        return corner
