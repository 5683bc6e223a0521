"""The proof that tracking damage loses nothing: frames compared with full repaints."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from manim import Mobject
from manim.camera.camera import Camera

from cnnviz.arrays import ByteArray
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.canvas import Canvas
from cnnviz.rendering.conversion import PlanesConverter, area_around
from cnnviz.rendering.frame_sink import FrameRun
from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.recording import MakeScene
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.ring import Ring, areas_to_convert, shared_descriptor
from cnnviz.rendering.settings import FilmSettings


@dataclass
class FilmCheck:
    """What comparing a film's pictures with full repaints found.

    Attributes
    ----------
    picture_count
        Pictures drawn; a frozen wait is one.
    compared_count
        Pictures compared.
    wrong_pixels
        For each picture that differs from its full repaint, its number and how many bytes.
    wrong_planes
        The same for the YUV planes and a conversion of the full picture.
    """

    picture_count: int = 0
    compared_count: int = 0
    wrong_pixels: list[tuple[int, int]] = field(default_factory=list)
    wrong_planes: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_exact(self) -> bool:
        """Whether something was compared and not one byte differed."""
        return bool(self.compared_count) and not self.wrong_pixels and not self.wrong_planes


def check_film(make_scene: MakeScene, settings: FilmSettings, every: int = 1) -> FilmCheck:
    """Draw a film and compare pictures with full repaints and full conversions.

    Parameters
    ----------
    make_scene
        Makes the scene.
    settings
        Size, frame rate and background.
    every
        Compare every so many pictures; 1 compares all.
    """
    check = FilmCheck()
    with film_config(settings):
        renderer = FilmRenderer(
            _CheckedPlanes(settings, check, every),
            make_canvas=lambda camera, profile: _CheckedCanvas(camera, profile, check, every),
        )
        make_scene(renderer).render()
    return check


class _CheckedCanvas(Canvas):
    def __init__(self, camera: Camera, profile: Profile, check: FilmCheck, every: int) -> None:
        super().__init__(camera, profile)
        self._check, self._every = check, every

    def update(self, mobjects: Sequence[Mobject]) -> list[Box]:
        """Update, then repaint everything and compare."""
        damage = super().update(mobjects)
        check = self._check
        if check.picture_count % self._every == 0:
            check.compared_count += 1
            different = int((self.pixels != self.repainted(mobjects)).sum())
            if different:
                check.wrong_pixels.append((check.picture_count, different))
        check.picture_count += 1
        return damage


class _CheckedPlanes:
    """Converts as the encoder process does, and once more all at once."""

    def __init__(self, settings: FilmSettings, check: FilmCheck, every: int) -> None:
        self._width, self._height = width, height = settings.pixel_width, settings.pixel_height
        descriptor = shared_descriptor(width, height)
        self._ring = Ring(descriptor, width, height)
        os.close(descriptor)
        self._by_areas = PlanesConverter(width, height)
        self._at_once = PlanesConverter(width, height)
        self._whole = area_around(Box(0, 0, width, height), width, height)
        self._check, self._every = check, every

    def wants(self, frames: FrameRun) -> bool:
        return True

    def is_done(self, first: int, section: int) -> bool:
        return False

    def show(self, frames: FrameRun, pixels: ByteArray, damage: Sequence[Box]) -> None:
        areas = areas_to_convert(damage, self._width, self._height)
        self._ring.write(0, pixels, areas)
        for area, view in zip(areas, self._ring.views(0, areas), strict=True):
            self._by_areas.update(area, view)
        picture = self._check.picture_count - 1
        if picture % self._every == 0:
            self._at_once.update(self._whole, pixels)
            different = int((self._by_areas.planes != self._at_once.planes).sum())
            if different:
                self._check.wrong_planes.append((picture, different))
