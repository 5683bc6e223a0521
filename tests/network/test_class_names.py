from __future__ import annotations

import pytest

from cnnviz.errors import UserError
from cnnviz.network.class_names import check_drawable, read_class_names

CLASSES = ("cat", "bell pepper")


def read(folder, text, language="zh"):
    file = folder / "names.toml"
    file.write_text(text, encoding="utf-8")
    return read_class_names({language: file}, CLASSES)


@pytest.mark.parametrize("key", ["bell_pepper", '"bell pepper"'])
def test_names_are_in_the_order_of_the_classes(tmp_path, key):
    assert read(tmp_path, f'{key} = "甜椒"\ncat = "猫"') == {"zh": ("猫", "甜椒")}


@pytest.mark.parametrize(
    ("text", "language", "message"),
    [
        ('cat = "猫"', "zh", "has no name for bell pepper"),
        (
            'cat = "猫"\nbell_pepper = "甜椒"\ndog = "狗"',
            "zh",
            "there is no class 'dog'; there are",
        ),
        ('cat = "猫"\nbell_pepper = 3', "zh", "the name of 'bell pepper' is 3, no text"),
        ('cat = "猫"\nbell_pepper = "\U0001f336"', "zh", "no glyph"),
        ('cat = "猫"\nbell_pepper = "a"\n"bell pepper" = "b"', "zh", "names a class twice"),
        ("cat is a cat", "zh", ".toml:1: "),
        ('cat = "Katze"\nbell_pepper = "Paprika"', "de", 'there is no language "de"'),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path, text, language, message):
    with pytest.raises(UserError) as caught:
        read(tmp_path, text, language)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_or_not_utf_8_is_told(tmp_path):
    with pytest.raises(UserError, match="cannot read"):
        read_class_names({"zh": tmp_path / "none.toml"}, CLASSES)
    (tmp_path / "names.toml").write_bytes(b'cat = "\xff"')
    with pytest.raises(UserError, match="this is not UTF-8"):
        read_class_names({"zh": tmp_path / "names.toml"}, CLASSES)


@pytest.mark.parametrize("name", ["שלום", "قط", "cat \U0001f431"])
def test_a_class_that_films_cannot_name_is_refused_with_what_to_do(name):
    with pytest.raises(UserError, match=r"class folder '.*': .*; rename the folder"):
        check_drawable(["cat", name])
