"""No ink outside of a vector mobject's boxes, and none of them larger than need be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import (
    CapStyleType,
    Line,
    LineJointType,
    Scene,
    Square,
    Star,
    Text,
    ValueTracker,
    VGroup,
    VMobject,
)
from manim.camera.camera import Camera

from cnnviz.mobjects.viewport import Viewport
from cnnviz.rendering.boxes import area, clip
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.rendering.renderer import FilmRenderer
from cnnviz.rendering.sinks import NoFrames
from cnnviz.rendering.vectors import ink_of, vector_boxes, vector_signature

VIEWPORT = Viewport(320, 180, 128 / 9, 8.0)


def paint(vector):
    camera = Camera(pixel_width=320, pixel_height=180, background_opacity=0)
    camera.capture_mobjects([vector])
    return camera.pixel_array.any(axis=2)


def boxes_of(vector, viewport=VIEWPORT):
    return vector_boxes(vector, ink_of(vector), viewport)


def assert_ink_within_boxes(vector):
    ink = paint(vector)
    for box in boxes_of(vector):
        inside = clip(box, 320, 180)
        if inside:
            ink[inside.top : inside.bottom, inside.left : inside.right] = False
    assert not ink.any()


coordinates = st.floats(-4, 4, allow_nan=False, width=16)
points = st.lists(st.tuples(coordinates, coordinates, st.just(0.0)), min_size=2, max_size=6)


@settings(deadline=None, max_examples=80)
@given(
    points,
    st.sampled_from([1, 10, 60]),
    st.sampled_from(LineJointType),
    st.sampled_from(CapStyleType),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0, 0.5]),
)
def test_no_ink_outside_of_the_boxes(corners, width, joint, cap, is_smooth, is_closed, fill):
    vector = VMobject(stroke_width=width, joint_type=joint, cap_style=cap, fill_opacity=fill)
    corners = [*corners, corners[0]] if is_closed else corners
    if is_smooth:
        vector.set_points_smoothly(corners)
    else:
        vector.set_points_as_corners(corners)
    assert_ink_within_boxes(vector)


@pytest.mark.parametrize(
    "vector",
    [
        Star(9, outer_radius=2, density=4, stroke_width=50),
        VMobject(stroke_width=30).append_points(Square(1).points).append_points(Square(2).points),
        Square(stroke_width=0, fill_opacity=1).set_stroke(width=40, background=True),
        VMobject(stroke_width=60).set_points_as_corners([[0, 0, 0], [2, 0, 0], [1e-7, 1e-8, 0]]),
        VMobject(stroke_width=60).set_points_as_corners([[0, 0, 0], [1e-3, 0, 0], [0, 1e-4, 0]]),
        VMobject().set_points(np.full((4, 3), np.nan)),
    ],
)
def test_no_ink_outside_of_special_boxes(vector):
    assert_ink_within_boxes(vector)


def test_invisible_vectors_have_no_boxes():
    assert not boxes_of(Square(stroke_opacity=0))
    assert not boxes_of(VMobject())


@pytest.mark.parametrize("vector", [Line([-6, -3, 0], [6, 3, 0]), Square(7)])
def test_a_long_line_has_boxes_along_it(vector):
    viewport = Viewport(1920, 1080, 128 / 9, 8.0)
    around = vector.width * vector.height * viewport.pixels_per_unit**2
    assert sum(area(box) for box in boxes_of(vector, viewport)) < around / 2


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.shift([1e-9, 0, 0]),
        lambda m: m.set_fill("#010101"),
        lambda m: m.set_stroke(opacity=0.99),
        lambda m: m.set_stroke(width=4.01),
        lambda m: m.set_stroke(width=1, background=True),
        lambda m: m.set_sheen(0.1),
        lambda m: setattr(m, "joint_type", LineJointType.ROUND),
        lambda m: m.set_cap_style(CapStyleType.ROUND),
    ],
)
def test_every_visible_change_changes_the_signature(change):
    square = Square(fill_opacity=1)
    before = vector_signature(square)
    change(square)
    assert vector_signature(square) != before


def test_drawing_order_is_that_of_manims_camera():
    scene = Scene(renderer=FilmRenderer(NoFrames()))
    shared = Square()
    group = VGroup(Square(), shared, Square(z_index=2))
    scene.add(Square(z_index=1), group, ValueTracker(3), Text("ab"), VGroup(shared), Square())
    scene.add_foreground_mobject(group[0])
    expected = scene.camera.get_mobjects_to_display(scene.mobjects)
    expected = [mobject for mobject in expected if isinstance(mobject, VMobject)]
    assert mobjects_to_draw(scene) == expected
