"""The edges between two layers of an overview: many fine curves, one mobject."""

from __future__ import annotations

import math
from collections.abc import Hashable
from itertools import chain
from typing import Any

import cairo
import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray, Float64Array
from cnnviz.mobjects.network_map.view import clip_box
from cnnviz.mobjects.raster import Raster, paint_pixels
from cnnviz.mobjects.text import SCREEN_PIXELS_PER_UNIT
from cnnviz.mobjects.viewport import Box, Viewport
from cnnviz.style.colour import ColourScale, rgb_of_hex
from cnnviz.style.theme import Theme

WIDTH, WIDEST = 0.0065, 0.022
"""Of an edge that carries nothing, and of one that carries most, in Manim units."""

LIT_WIDTH = 0.03
"""And of one that is lit and carries most."""

FAINTEST, FAINT = 0.05, 0.22
"""Opacity of an edge that carries nothing, and of one that would carry most, ..."""

BRIGHT, BRIGHTEST = 0.5, 0.95
"""... and the same of the strongest ones."""

STRONGEST_SHARE = 0.1
"""So many of a bundle's edges are drawn bright: those that carry most."""

LIT_FAINTEST = 0.55
"""Opacity of a lit edge that carries nothing; one that carries most is opaque."""

TOLERANCE = 0.5
"""How far in pixels what is drawn may lie from a curve: with Cairo's own 0.1 it takes half as long
again. Of an edge that is narrower it is the width, because Cairo leaves out what is far thinner."""


class EdgeBundle(Raster):
    """Curves from the maps of one layer to those of the next.

    Each edge can be drawn in part, from its source on, and some can be lit. It keeps to `clip`.

    Parameters
    ----------
    starts, ends
        Scene coordinates (x, y) of each edge's ends, both of shape (edges, 2).
    strengths
        0..1 for each edge: the stronger, the brighter and the wider. The strongest tenth are
        drawn bright, all others faint; where two cross, the stronger one hides the other.
    runs_down
        Whether edges leave and arrive vertically; else horizontally.
    theme
        Knows the colours.
    bulge
        By how much curves are pulled out of their line, across and towards the middle of all:
        of arcs that lead around others.

    Attributes
    ----------
    faint_share
        How much of their opacity the faint edges keep that are not lit, 0 to 1. Nine in ten are
        faint: without them a bundle is drawn in a fraction of the time.
    """

    def __init__(
        self,
        starts: Float64Array,
        ends: Float64Array,
        strengths: Float64Array,
        *,
        runs_down: bool,
        theme: Theme,
        bulge: float = 0.0,
    ) -> None:
        bend = np.where([runs_down, not runs_down], starts, (starts + ends) / 2)
        bend_end = np.where([runs_down, not runs_down], ends, (starts + ends) / 2)
        across = 0 if runs_down else 1
        out = np.zeros_like(starts)
        out[:, across] = bulge * np.where(starts > starts.mean(axis=0), -1, 1)[:, across]
        curves = np.stack([starts, bend + out, bend_end + out, ends], axis=1)
        low, high = curves.min(axis=(0, 1)), curves.max(axis=(0, 1))
        size = high - low
        self._curves = (curves - low) / np.where(size > 0, size, 1)
        self._strengths = strengths
        self._colour = theme.palette.text_muted
        self._is_bright = among_strongest(strengths)
        self._accent = theme.palette.accent
        self.grown = np.zeros(len(starts))
        self._is_lit = np.zeros(len(starts), bool)
        self.emphasis = 0.0
        self.others = 1.0
        self.faint_share = 1.0
        self._drawn: tuple[Hashable, cairo.ImageSurface] | None = None
        super().__init__(*size)
        self.move_to(np.array([*(low + high) / 2, 0.0]))

    @property
    def lit(self) -> frozenset[int]:
        """The edges that are lit."""
        return frozenset(np.flatnonzero(self._is_lit).tolist())

    @property
    def count(self) -> int:
        """The number of edges."""
        return len(self.grown)

    def grow(self, shares: Float64Array) -> None:
        """Draw of each edge the share 0..1, from its source on: shape (edges,)."""
        self.grown = np.clip(shares, 0.0, 1.0)

    def light(self, edges: frozenset[int], emphasis: float = 1.0, others: float = 1.0) -> None:
        """Light some edges, by their index, and give all others the opacity `others`.

        `emphasis` 0..1 lies between usual and lit.
        """
        self._is_lit = np.isin(np.arange(self.count), list(edges))
        self.emphasis = emphasis
        self.others = others

    @property
    def is_visible(self) -> bool:
        """Whether any edge has begun to grow."""
        return self.opacity > 0 and bool(self.grown.any())

    def state(self) -> Hashable:
        """Return everything that :meth:`paint` reads."""
        return (self.opacity, *self._look())

    def _look(self) -> tuple[Hashable, ...]:
        return (
            self.grown.tobytes(),
            self._is_lit.tobytes(),
            self.emphasis,
            self.others,
            self.faint_share,
            self.corners(),
            self.clip,
        )

    def pixel_box(self, viewport: Viewport) -> Box:
        """Return a box around all curves, wide lines included."""
        left, top, right, bottom = self.corners()
        x0, y0 = viewport.to_pixels(left - LIT_WIDTH, top + LIT_WIDTH)
        x1, y1 = viewport.to_pixels(right + LIT_WIDTH, bottom - LIT_WIDTH)
        return Box(int(x0) - 1, int(y0) - 1, int(np.ceil(x1)) + 1, int(np.ceil(y1)) + 1)

    def paint(
        self, context: cairo.Context[Any], viewport: Viewport, within: Box | None = None
    ) -> None:
        """Copy the picture of the edges, drawn anew where it changed, onto whole pixels."""
        box = self.pixel_box(viewport).common(viewport.whole)
        if box is not None and self.clip is not None:
            box = box.common(clip_box(self.clip, viewport))
        if box is not None and self.is_visible:
            paint_pixels(context, self._picture(viewport, box), box.left, box.top, self.opacity)

    def get_pixel_array(self) -> npt.NDArray[Any]:
        """Return RGBA at twice the resolution of 1080p, opacity included."""
        left, top, right, bottom = self.corners()
        width, height = max(right - left, WIDTH), max(top - bottom, WIDTH)
        columns, rows = (max(round(side * SCREEN_PIXELS_PER_UNIT), 1) for side in (width, height))
        centre = ((left + right) / 2, (top + bottom) / 2)
        viewport = Viewport(columns, rows, width, height, centre)
        surface = self._draw(viewport, Box(0, 0, columns, rows))
        shape = (rows, surface.get_stride() // 4, 4)
        drawn = np.frombuffer(surface.get_data(), np.uint8).reshape(shape)[:, :columns]
        premultiplied = drawn.astype(np.float64)
        alpha = premultiplied[..., 3:]
        colours = np.minimum(premultiplied[..., :3] * 255 / np.maximum(alpha, 1), 255)
        pixels: npt.NDArray[Any] = np.rint(np.dstack([colours, alpha * self.opacity]))
        return pixels.astype(np.uint8)

    def _picture(self, viewport: Viewport, box: Box) -> cairo.ImageSurface:
        key = (*self._look(), viewport, box)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(viewport, box))
        return self._drawn[1]

    def _draw(self, viewport: Viewport, box: Box) -> cairo.ImageSurface:
        surface = cairo.ImageSurface(
            cairo.FORMAT_ARGB32, box.right - box.left, box.bottom - box.top
        )
        context = cairo.Context(surface)
        left, top, right, bottom = self.corners()
        x0, y0 = viewport.to_pixels(left, top)
        x1, y1 = viewport.to_pixels(right, bottom)
        # Relative coordinates have y upwards, pixels downwards.
        origin = np.array([x0 - box.left, y1 - box.top])
        curves = origin + self._curves * np.array([x1 - x0, y0 - y1])
        plain = tuple(value / 255 for value in rgb_of_hex(self._colour))
        lit = tuple(value / 255 for value in rgb_of_hex(self._lit_colour()))
        opacities = self._opacities()
        widths = (self._widths() * viewport.pixels_per_unit).tolist()
        context.set_operator(cairo.OPERATOR_SOURCE)  # an edge hides others instead of adding up
        for index in self._from_back_to_front(opacities):
            red, green, blue = lit if self._is_lit[index] else plain
            # Red first in memory, see Bitmap.
            context.set_source_rgba(blue, green, red, opacities[index])
            context.set_line_width(widths[index])
            context.set_tolerance(min(TOLERANCE, widths[index]))
            share = float(self.grown[index])
            curve = curves[index] if share == 1 else first_part(curves[index], share)
            start, *steps = curve.tolist()
            context.move_to(*start)
            context.curve_to(*chain(*steps))
            context.stroke()
        surface.flush()
        return surface

    def _from_back_to_front(self, opacities: Float64Array) -> list[int]:
        """Return the edges that are seen: strong ones lie above weak ones, lit ones above all."""
        order = np.lexsort((self._strengths, self._is_bright, self._is_lit))
        seen: list[int] = order[(self.grown > 0)[order] & (opacities > 0)[order]].tolist()
        return seen

    def _lit_colour(self) -> str:
        if self.emphasis <= 0:
            return self._colour
        return ColourScale(0, 1, (self._colour, self._accent)).colour(self.emphasis)

    def _opacities(self) -> Float64Array:
        """Return each edge's opacity, 0..1."""
        low = np.where(self._is_bright, BRIGHT, FAINTEST)
        high = np.where(self._is_bright, BRIGHTEST, FAINT)
        plain = low + (high - low) * self._strengths
        plain = np.where(self._is_bright, plain, plain * self.faint_share)
        lit = LIT_FAINTEST + (1 - LIT_FAINTEST) * self._strengths
        opacities: Float64Array = np.where(
            self._is_lit,
            plain + (lit - plain) * self.emphasis,
            plain * (1 + (self.others - 1) * self.emphasis),
        )
        return opacities

    def _widths(self) -> Float64Array:
        """Return each edge's width in Manim units."""
        widest = WIDEST + (LIT_WIDTH - WIDEST) * self.emphasis * self._is_lit
        widths: Float64Array = WIDTH + (widest - WIDTH) * self._strengths
        return widths


def among_strongest(strengths: Float64Array) -> BoolArray:
    """Return of each edge whether it is one of the strongest tenth, and carries anything."""
    strongest = np.argsort(-strengths, kind="stable")[: math.ceil(STRONGEST_SHARE * len(strengths))]
    is_strongest = np.zeros(len(strengths), bool)
    is_strongest[strongest] = strengths[strongest] > 0
    return is_strongest


def first_part(curve: Float64Array, share: float) -> Float64Array:
    """Return the first part of a cubic Bézier curve, (4, 2), by de Casteljau's algorithm."""
    points, part = curve, [curve[0]]
    while len(points) > 1:
        points = points[:-1] + (points[1:] - points[:-1]) * share
        part.append(points[0])
    return np.array(part)
