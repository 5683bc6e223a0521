"""Formulas look the same whatever film a process has made before."""

from __future__ import annotations

import pytest

from cnnviz.mobjects import formula as formulas
from cnnviz.rendering.film import film_config
from cnnviz.rendering.settings import FilmSettings
from cnnviz.style.theme import theme_of

FRACTION = "a / (b + c)"


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (320, 180), (480, 854)])
def test_a_fraction_bar_is_as_wide_in_every_film(width: int, height: int) -> None:
    widths = set()
    for size in ((854, 480), (width, height)):
        formulas._set.cache_clear()
        with film_config(FilmSettings(*size, 10, frame_height=8.0)):
            made = formulas.formula(FRACTION, theme_of("dark"), max_width=9.0)
        widths.add(tuple(part.get_stroke_width() for part in made.family_members_with_points()))
    assert len(widths) == 1
    assert any(widths.pop()), "the bar is a line"
