"""The zoom from the whole network into a layer, and back: nothing is lost, nothing jumps."""

from __future__ import annotations

from collections.abc import Hashable

import cairo
import numpy as np
import pytest
from manim import Mobject

from cnnviz.animations.zoom import Zoom
from cnnviz.locales import Words
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.mobjects.raster import Raster
from cnnviz.mobjects.text import Label
from cnnviz.mobjects.viewport import Viewport
from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.style.geometry import point
from cnnviz.style.names import ASPECTS
from cnnviz.style.theme import Theme, theme_of


@pytest.fixture(scope="module")
def tiny_vgg() -> Trace:
    return trace(bundled_photo(), load_network())


def whole_network(seen: Trace, theme: Theme) -> NetworkMap:
    network = NetworkMap(seen, theme.layout.stage, theme, Words("en"))
    network.show_all()
    return network


def look_of(mobject: Mobject) -> list[Hashable]:
    return [
        each.state() if isinstance(each, Raster) else (each.points.tobytes(), each.stroke_opacity)
        for each in mobject.family_members_with_points()
    ]


def square(side: float, x: float) -> HeatMap:
    return HeatMap(np.zeros((4, 4, 3), np.uint8), side, side).move_to(point(x, 0.5))


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("grows", [True, False])
def test_a_zoom_begins_and_ends_exactly(tiny_vgg: Trace, aspect: str, grows: bool) -> None:
    network = whole_network(tiny_vgg, theme_of("dark", aspect))
    network.light_layer("conv_1_2")
    one, other = square(1.6, -2.0), square(1.2, 2.0)
    places = {("relu_1_1", 3): one, ("conv_1_2", 0): other} if grows else {}
    before, board = look_of(network), [look_of(one), look_of(other)]
    zoom = Zoom(network, "conv_1_2", places)
    for share in (0.0, 0.4, 1.0):
        zoom.show(share)
    assert [look_of(one), look_of(other)] == board
    assert all(each.opacity == 0 for each in network.tiles)
    assert all(each.opacity == 0 for each in network.bundles)
    zoom.show(0.0)
    assert look_of(network) == before
    if grows:
        assert one.opacity == 0
        assert one.corners() == pytest.approx(network.tile("relu_1_1", 3).corners())


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("layer", ["input", "conv_1_1", "max_pool_2", "output"])
def test_maps_slide_into_no_name(tiny_vgg: Trace, aspect: str, layer: str) -> None:
    """For a quarter of a second maps and edges ran through the names of the classes."""
    network = whole_network(tiny_vgg, theme_of("dark", aspect))
    zoom = Zoom(network, layer, {})
    names = [each for each in network.get_family() if isinstance(each, Label)]
    starts = [each.get_center() for each in network.tiles]
    for share in np.linspace(0.0, 0.15, 31):
        zoom.show(share)
        moved = [
            np.abs(each.get_center() - start).max()
            for each, start in zip(network.tiles, starts, strict=True)
        ]
        assert max(each.opacity for each in names) * max(moved) < 0.1


@pytest.mark.parametrize("aspect", ASPECTS)
def test_nothing_is_painted_outside_the_stage(tiny_vgg: Trace, aspect: str) -> None:
    """Title and caption stay free, whatever slides by."""
    theme = theme_of("dark", aspect)
    network = whole_network(tiny_vgg, theme)
    zoom = Zoom(network, "relu_2_1", {("conv_2_1", 0): square(2.0, 0.0)})
    layout = theme.layout
    size = (round(layout.frame_width * 30), round(layout.frame_height * 30))
    viewport = Viewport(*size, layout.frame_width, layout.frame_height)
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, *size)
    for share in (0.2, 0.5, 0.8):
        zoom.show(share)
        for each in (*network.tiles, *network.bundles):
            each.paint(cairo.Context(surface), viewport)
    surface.flush()
    painted = np.frombuffer(surface.get_data(), np.uint8).reshape(size[1], size[0], 4)
    top = viewport.to_pixels(0, layout.stage.top)[1]
    bottom = viewport.to_pixels(0, layout.stage.bottom)[1]
    rows = np.flatnonzero(painted.any(axis=(1, 2)))
    assert rows.min() >= int(top)
    assert rows.max() <= int(np.ceil(bottom))


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_photo_keeps_to_its_place(tiny_vgg: Trace, aspect: str) -> None:
    theme = theme_of("dark", aspect)
    network = whole_network(tiny_vgg, theme)
    left, top, right, bottom = network.photo.corners()
    zone, pixel = network.plan.photo, theme.layout.pixel
    assert zone.left - pixel <= left < right <= zone.right + pixel
    assert zone.bottom - pixel <= bottom < top <= zone.top + pixel


def test_what_there_is_no_room_for_grows_out_of_its_layer(tiny_vgg: Trace) -> None:
    network = whole_network(tiny_vgg, theme_of("dark", "16:9"))
    assert network.place("conv_1_1", 99) == network.place("conv_1_1", 9)
    assert network.tile_at("conv_1_1", 99) is None
    with pytest.raises(KeyError):
        network.tile("conv_1_1", 99)
    assert network.tile_at("input", None) is network.photo


def test_what_was_lit_is_taken_back(tiny_vgg: Trace) -> None:
    network = whole_network(tiny_vgg, theme_of("dark", "16:9"))
    winner, name = network.bars.names[3], network.headings.names[1]
    colours = winner.colour, name.colour
    network.light_layer("conv_1_1")
    network.light_scores([network.bars.classes[3]], 1.0, 0.4)
    network.tile("conv_2_1", 2).opacity = 0.5
    assert winner.colour != colours[0]
    network.calming()(1.0)
    assert (winner.colour, name.colour) == colours
    assert all(tile.opacity == 1 for tile in network.tiles)
    assert all(bundle.emphasis == 0 for bundle in network.bundles)


def test_the_light_goes_from_one_layer_to_the_next(tiny_vgg: Trace) -> None:
    network = whole_network(tiny_vgg, theme_of("dark", "16:9"))
    accent = theme_of("dark", "16:9").palette.accent
    network.light_layer("conv_1_1")
    network.light_layer("relu_1_1", "conv_1_1", 1.0)
    lit = [label.text for label in network.headings.names if label.colour == accent]
    assert lit == ["relu_1_1"]
    left, _, right, _ = network.place("relu_1_1")
    assert network.light_frame.get_left()[0] < left
    assert right < network.light_frame.get_right()[0] < network.place("conv_1_2")[0]
