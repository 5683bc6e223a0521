import pytest

from cnnviz.errors import UserError
from cnnviz.style.typography import MissingGlyphError, line_advance, require_font_of, shape_line


def test_digits_are_tabular() -> None:
    assert len({shape_line(digit * 4).advance for digit in "0123456789"}) == 1


def test_letters_are_kerned() -> None:
    apart = shape_line("T").advance + shape_line("o").advance
    assert shape_line("To").advance < apart


def test_weight_changes_the_outline() -> None:
    assert shape_line("n", 700).glyphs != shape_line("n", 400).glyphs


@pytest.mark.parametrize("text", ["", " "])
def test_blank_text_has_no_ink(text: str) -> None:
    assert shape_line(text).ink == (0, 0, 0, 0)


def test_missing_glyphs_are_named() -> None:
    with pytest.raises(MissingGlyphError, match="no glyph for 'ꦏ' in 'aꦏ'") as caught:
        shape_line("aꦏ")
    assert isinstance(caught.value, UserError)


def test_chinese_is_set_full_width_beside_tabular_digits() -> None:
    assert shape_line("卷积").advance == pytest.approx(2)
    assert shape_line("12卷").advance == pytest.approx(shape_line("12").advance + 1)
    assert shape_line("卷", 600).glyphs != shape_line("卷").glyphs


@pytest.mark.usefixtures("without_chinese_font")
def test_without_the_extra_the_message_says_how_to_get_it() -> None:
    with pytest.raises(MissingGlyphError, match=r"pip install .*cjk\]'"):
        shape_line("没有字体")
    with pytest.raises(UserError, match=r'the language "zh" needs a font: .*cjk\]') as caught:
        require_font_of("zh")
    assert "\n" not in str(caught.value)
    require_font_of("en")


def test_the_advance_alone_is_that_of_the_line():
    for text in ("", "To", "≈ 0.25 ≈", "12 × −3 = −36", "3 → −∞"):
        for weight in (400, 600):
            assert line_advance(text, weight) == shape_line(text, weight).advance
