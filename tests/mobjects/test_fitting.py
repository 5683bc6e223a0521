from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.mobjects.fitting import SMALLEST, FittedLabel, even_size, fit_text, wrap_text
from cnnviz.mobjects.text import Label, line_width
from cnnviz.mobjects.viewport import Viewport
from cnnviz.style.geometry import point

INK = "#ffffff"


@given(text=st.text("abc XYZ_熊", min_size=1, max_size=60), width=st.floats(0.1, 6))
def test_no_character_is_lost_and_no_line_is_too_wide(text: str, width: float) -> None:
    lines, size = fit_text(text, 20, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert SMALLEST <= size <= 20
    assert all(line_width(line, size) <= width + 1e-9 or len(line.strip()) == 1 for line in lines)
    assert len(lines) == 1 or size == SMALLEST


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("bell pepper", 3.0, ("bell pepper",)),
        ("bell pepper", 1.3, ("bell pepper",)),
        ("bell pepper", 0.9, ("bell", "pepper")),
        ("a_convolution", 1.1, ("a_", "convolution")),
        ("gossamer-winged butterfly", 1.2, ("gossamer-", "winged", "butterfly")),
        ("Donaudampfschiff", 0.8, ("Donauda", "mpfschiff")),
        ("浓缩咖啡", 0.5, ("浓缩", "咖啡")),
    ],
)
def test_where_lines_end(text: str, room: float, lines: tuple[str, ...]) -> None:
    found, _ = fit_text(text, 15, room)
    assert found == lines


def test_it_is_set_smaller_before_it_is_broken() -> None:
    roomy, tight = (FittedLabel("sports car", 20, INK, room) for room in (3.0, 1.1))
    assert roomy.font_size == 20
    assert SMALLEST < tight.font_size < 20
    assert tight.width == pytest.approx(1.1)
    assert tight.lines == ("sports car",)


@pytest.mark.parametrize("anchor", ["left", "centre", "right"])
def test_another_text_keeps_the_anchor_and_the_scale(anchor: str) -> None:
    label = FittedLabel("cat", 16, INK, 1.0, anchor=anchor).scale(2).move_to(point(3.0, 1.0))
    before = label.corners()
    label.set_text("a small red panda bear")
    assert len(label.lines) > 1
    left, top, right, bottom = label.corners()
    assert (top + bottom) / 2 == pytest.approx(1.0)
    held = {"left": (before[0], left), "right": (before[2], right)}
    was, now = held.get(anchor, ((before[0] + before[2]) / 2, (left + right) / 2))
    assert now == pytest.approx(was)
    assert label.em * 72 == pytest.approx(2 * SMALLEST)
    label.set_text("cat")
    np.testing.assert_allclose(label.corners(), before)


def test_several_lines_are_drawn_inside_of_their_box() -> None:
    label = FittedLabel("a small red panda bear", 16, INK, 1.0)
    left, top, right, bottom = label.corners()
    ink = label.ink_corners()
    assert left <= ink[0] < ink[2] <= right + 0.01
    assert bottom <= ink[3] < ink[1] <= top
    box = label.pixel_box(Viewport(1920, 1080, 128 / 9, 8.0))
    assert box.bottom - box.top > 1.5 * (
        (
            one := Label("a small", SMALLEST, INK).pixel_box(Viewport(1920, 1080, 128 / 9, 8.0))
        ).bottom
        - one.top
    )
    pixels = label.get_pixel_array()
    lines = (pixels[..., 3] > 0).any(axis=1)
    gaps = np.flatnonzero(np.diff(lines.astype(int)) == -1)
    assert len(gaps) >= len(label.lines) - 1  # dark between the lines


def test_lines_come_before_a_smaller_size_where_they_are_asked_for() -> None:
    name = "German Shepherd Dog"
    wrapped = FittedLabel(name, 15, INK, 1.5, max_height=0.5, wraps=True)
    assert (wrapped.lines, wrapped.font_size) == (("German", "Shepherd Dog"), 15)
    layer = FittedLabel("depth_6_relu", 15, INK, 1.1, max_height=0.5, wraps=True)
    assert (layer.lines, layer.font_size) == (("depth_6_", "relu"), 15)
    low = FittedLabel(name, 15, INK, 1.5, max_height=0.2, wraps=True)
    assert len(low.lines) == 1
    assert low.font_size < 15


def test_names_in_rooms_alike_have_one_size() -> None:
    names = ["dingo", "German Shepherd Dog"]
    size = even_size(names, 19, SMALLEST, 1.5, 0.45)
    assert SMALLEST <= size < 19
    assert all(wrap_text(name, size, 1.5, max_height=0.45) for name in names)
    assert even_size(["dingo"], 19, SMALLEST, 1.5, 0.45) == 19
    assert even_size(["Staffordshire" * 3], 19, SMALLEST, 1.5, 0.45) == SMALLEST
