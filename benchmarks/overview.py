# ruff: noqa: D102  (what each method makes is plain from its name)
"""The overview: ten layers of ten maps, their edges, and a selection that moves through them."""

from __future__ import annotations

from manim import (
    GREY_B,
    RESAMPLING_ALGORITHMS,
    YELLOW,
    Create,
    FadeIn,
    Group,
    ImageMobject,
    Indicate,
    LaggedStart,
    Line,
    Mobject,
    Scene,
    Square,
    Text,
)

from benchmarks.content import LAYERS, PIXEL, diverging, feature_map, place
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label

MAP_SIZE = 78
CHOSEN = 3

NAME_SIZE = 18.5
"""As large in Noto Sans as the other way's names."""


def map_place(layer: int, channel: int, dx: float = 0) -> tuple[float, float]:
    """Return the middle of a map, in pixels of 1080p."""
    return 120 + 180 * layer + dx, 130 + 90 * channel


class Overview(Scene):
    """Twelve seconds; subclasses say how a map is drawn."""

    def construct(self) -> None:
        layers = [
            Group(*(self.make_map(layer, channel) for channel in range(10)))
            for layer in range(len(LAYERS))
        ]
        names = [
            self.make_name(f"layer {layer}").move_to(place(120 + 180 * layer, 60))
            for layer in range(len(LAYERS))
        ]
        edges = [[self.make_edge(layer, channel) for channel in range(6)] for layer in range(9)]
        chosen = Square(MAP_SIZE * PIXEL + 0.05, color=YELLOW, stroke_width=4)
        chosen.move_to(place(*map_place(0, CHOSEN)))
        self.play(LaggedStart(*map(FadeIn, layers), lag_ratio=0.2), *map(FadeIn, names), run_time=2)
        every_edge = [edge for column in edges for edge in column]
        self.play(LaggedStart(*map(Create, every_edge), lag_ratio=0.05), run_time=2)
        self.play(Create(chosen), run_time=0.5)
        for layer in range(1, len(LAYERS)):
            self.play(
                chosen.animate.move_to(place(*map_place(layer, CHOSEN))),
                *(Indicate(edge, scale_factor=1, color=YELLOW) for edge in edges[layer - 1]),
                run_time=0.5,
            )
            self.wait(0.25)
        self.wait(1)

    def make_edge(self, layer: int, channel: int) -> Line:
        start = place(*map_place(layer, channel + 1, MAP_SIZE / 2))
        end = place(*map_place(layer + 1, CHOSEN, -MAP_SIZE / 2))
        return Line(start, end, stroke_width=1.5, color=GREY_B)

    def make_name(self, name: str) -> Mobject:
        return Text(name, font_size=20)

    def make_map(self, layer: int, channel: int) -> Mobject:
        raise NotImplementedError


class Images(Overview):
    """Maps as images."""

    def make_map(self, layer: int, channel: int) -> ImageMobject:
        image = ImageMobject(diverging(feature_map(layer, channel), 1.0))
        image.set_resampling_algorithm(RESAMPLING_ALGORITHMS["nearest"])
        image.height = MAP_SIZE * PIXEL
        return image.move_to(place(*map_place(layer, channel)))


class Bitmaps(Overview):
    """Maps as heat maps."""

    seekable = True

    def make_name(self, name: str) -> Label:
        return Label(name, NAME_SIZE, "#ffffff")

    def make_map(self, layer: int, channel: int) -> HeatMap:
        side = MAP_SIZE * PIXEL
        heat_map = HeatMap(diverging(feature_map(layer, channel), 1.0), side, side)
        return heat_map.move_to(place(*map_place(layer, channel)))
