import pytest

from cnnviz.errors import UserError
from cnnviz.typography import MissingGlyphError, line_advance, shape_line


def test_digits_are_tabular() -> None:
    assert len({shape_line(digit * 4).advance for digit in "0123456789"}) == 1


def test_letters_are_kerned() -> None:
    apart = shape_line("T").advance + shape_line("o").advance
    assert shape_line("To").advance < apart


def test_weight_changes_the_outline() -> None:
    assert shape_line("n", 700).contours != shape_line("n", 400).contours


def test_approximation_sign_is_drawn_as_two_tildes() -> None:
    run = shape_line("≈ 2")
    assert len(run.contours) == 2 + len(shape_line("2").contours)
    assert run.advance > shape_line("2").advance


@pytest.mark.parametrize("text", ["", " "])
def test_blank_text_has_no_ink(text: str) -> None:
    assert shape_line(text).ink == (0, 0, 0, 0)


def test_missing_glyphs_are_named() -> None:
    with pytest.raises(MissingGlyphError, match="no glyph for '学' in 'a学'") as caught:
        shape_line("a学")
    assert isinstance(caught.value, UserError)


def test_the_advance_alone_is_that_of_the_line():
    for text in ("", "To", "≈ 0.25 ≈", "12 × −3 = −36"):
        for weight in (400, 600):
            assert line_advance(text, weight) == shape_line(text, weight).advance
