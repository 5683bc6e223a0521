"""Signs that the font lacks match those that it has, with and without the Chinese font."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import cairo
import numpy as np
import pytest

import cnnviz
from cnnviz.locales import texts_of
from cnnviz.mobjects.line_sprites import draw_line
from cnnviz.style.composed_glyphs import COMPOSED
from cnnviz.style.typography import shape_line

WEIGHTS = (100, 400, 600, 900)

PACKAGE = Path(cnnviz.__file__).parent
SCREEN_ROOMS = (
    PACKAGE / "mobjects",
    PACKAGE / "animations",
    PACKAGE / "explain",
    PACKAGE / "scenes",
)
"""Where characters are written that reach the screen."""

DRAWN_OTHERWISE = {"⌊", "⌋"}
"""Brackets that grow with what is between them, so they are no text."""


def drawn(text: str, weight: int = 400) -> np.ndarray:
    """Return the coverage of a line, big, 0..1 of shape (height, width)."""
    sprite = draw_line(text, weight, "#ffffff", 400.0, 0)
    assert isinstance(sprite.surface, cairo.ImageSurface)
    rows = np.frombuffer(sprite.surface.get_data(), np.uint8)
    return rows.reshape(sprite.surface.get_height(), -1, 4)[..., 3] / 255


def along_axis(coverage: np.ndarray) -> np.ndarray:
    """Return the row in the middle of what is drawn."""
    rows = np.flatnonzero(coverage.any(axis=1))
    return coverage[(rows[0] + rows[-1]) // 2]


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("sign", COMPOSED)
def test_a_sign_lies_on_the_axis_of_the_others(sign: str, weight: int) -> None:
    _, bottom, _, top = shape_line(sign, weight).ink
    _, minus_bottom, _, minus_top = shape_line("−", weight).ink
    assert (bottom + top) / 2 == pytest.approx((minus_bottom + minus_top) / 2, abs=0.005)


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("sign", COMPOSED)
def test_a_sign_has_blanks_at_its_sides_as_others_have(sign: str, weight: int) -> None:
    run = shape_line(sign, weight)
    assert 0.03 < run.ink[0] < 0.08
    assert run.ink[0] == pytest.approx(run.advance - run.ink[2], abs=0.01)


def thickness_of_minus(weight: int) -> float:
    minus = drawn("−", weight)
    return float(minus[:, minus.shape[1] // 2].sum())


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_shaft_of_an_arrow_is_as_thick_as_the_minus(weight: int) -> None:
    shaft = drawn("→", weight)[:, 60]
    assert shaft.sum() == pytest.approx(thickness_of_minus(weight), abs=1)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_infinity_has_two_open_loops_drawn_as_thick_as_the_minus(weight: int) -> None:
    axis = along_axis(drawn("∞", weight))
    edges = np.flatnonzero(np.diff((axis > 0.5).astype(int)))
    assert len(edges) == 6  # the left end, the crossing, the right end
    ends = axis[: edges[1] + 2].sum(), axis[edges[4] - 1 :].sum()
    assert ends == pytest.approx([thickness_of_minus(weight)] * 2, abs=1.5)


@pytest.mark.parametrize("sign", COMPOSED)
def test_it_is_drawn_once_for_each_time_it_is_written(sign: str) -> None:
    once, thrice = shape_line(sign), shape_line(sign * 3)
    assert len(thrice.glyphs) == 3 * len(once.glyphs)
    assert thrice.advance == pytest.approx(3 * once.advance)


@pytest.fixture
def with_chinese_font() -> dict[tuple[str, int], object]:
    """How each sign is set where the Chinese font is there."""
    return {(sign, weight): shape_line(sign, weight) for sign in COMPOSED for weight in WEIGHTS}


def test_signs_do_not_change_with_the_chinese_font(
    with_chinese_font: dict[tuple[str, int], object], without_chinese_font: None
) -> None:
    for (sign, weight), run in with_chinese_font.items():
        assert shape_line(sign, weight) == run


def texts_in(path: Path) -> Iterator[str]:
    """Yield every text that is written in a module, docstrings apart."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in documentation:
            yield node.value


@pytest.mark.usefixtures("without_chinese_font")
def test_every_character_of_english_films_is_drawn_without_the_chinese_font() -> None:
    written = {
        path: set("".join(texts_in(path))) for room in SCREEN_ROOMS for path in room.rglob("*.py")
    }
    assert any("→" in characters for characters in written.values())
    written[Path("locales")] = set("".join(texts_of("en")))
    for path, characters in written.items():
        for character in characters - DRAWN_OTHERWISE - {"\n"}:
            assert shape_line(character).advance > 0, path
