import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.style.colour import ColourScale, contrast_ratio, hex_of_rgb, rgb_of_hex
from cnnviz.style.theme import Theme, dark_theme, light_theme, theme_of

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@given(COLOURS)
def test_hex_and_back(rgb: tuple[int, int, int]) -> None:
    assert rgb_of_hex(hex_of_rgb(rgb)) == rgb


def test_contrast_of_black_and_white_is_the_largest() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
    assert contrast_ratio("#777777", "#777777") == pytest.approx(1)


def test_scale_hits_its_stops_and_clamps() -> None:
    scale = ColourScale(-2, 2, ("#ff0000", "#000000", "#0000ff"))
    assert scale.colour(-2) == scale.colour(-9) == "#ff0000"
    assert scale.colour(0) == "#000000"
    assert scale.colour(2) == scale.colour(9) == "#0000ff"
    assert scale.colours(np.zeros((2, 3))).shape == (2, 3, 3)


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_scale_is_monotonic(a: float, b: float) -> None:
    scale = dark_theme().grey_scale(-5, 5)
    low, high = sorted((a, b))
    assert scale.colours(low)[0] <= scale.colours(high)[0]


@pytest.mark.parametrize("theme", [dark_theme(), light_theme()], ids=lambda theme: theme.name)
def test_themes_are_legible(theme: Theme) -> None:
    palette = theme.palette
    for colour in (palette.text, palette.text_muted, palette.accent, *palette.channels):
        assert contrast_ratio(colour, palette.background) >= 4.5
    for colour in (palette.positive, palette.negative):
        assert contrast_ratio(colour, palette.background) >= 3


@given(COLOURS)
def test_text_on_any_cell_is_legible(rgb: tuple[int, int, int]) -> None:
    colour = hex_of_rgb(rgb)
    assert contrast_ratio(dark_theme().text_on(colour), colour) >= 4.5


@given(st.integers(1, 300), st.floats(0.5, 5))
def test_cells_are_whole_pixels(cells: int, available: float) -> None:
    layout = dark_theme().layout
    pixels = layout.cell_size(cells, available) / layout.pixel
    assert pixels == pytest.approx(round(pixels))
    assert pixels >= 1


def test_unknown_theme() -> None:
    with pytest.raises(UserError, match='no theme "blue": choose dark, light'):
        theme_of("blue")
