from __future__ import annotations

import pytest

from cnnviz.errors import UserError
from cnnviz.importing.class_list import numbered_classes, read_class_list
from cnnviz.network.limits import MAX_CLASSES


@pytest.mark.parametrize(
    "text",
    [
        "tench\ngreat white shark\ncock\n",
        "\ufefftench\r\ngreat white shark\r\ncock",
        '["tench", "great_white_shark", "cock"]',
        '{"0": ["n01440764", "tench"], "2": ["n3", "cock"], "1": ["n2", "great_white_shark"]}',
        '{"0": "tench", "1": "great white shark", "2": "cock"}',
    ],
)
def test_ways_to_name_classes(tmp_path, text):
    (tmp_path / "names").write_bytes(text.encode())
    names = read_class_list(tmp_path / "names", 3)
    assert names == ("tench", "great white shark", "cock")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a\nb", "names 2 classes, but the network has 3"),
        (b"a\nb\na", "names 'a' twice"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1, 2, 3]", "1 is no name"),
        (b"[", "begins like JSON"),
        (b'{"0": "a", "1": "b", "3": "c"}', "not the numbers"),
        (b"a\nb\n\x07", "no glyph"),
        (b"[" * 100_000, "begins like JSON"),
    ],
)
def test_bad_lists_get_one_line(tmp_path, content, reason):
    (tmp_path / "names").write_bytes(content)
    with pytest.raises(UserError, match=reason) as caught:
        read_class_list(tmp_path / "names", 3)
    assert "\n" not in str(caught.value)


def test_without_names_classes_have_the_numbers_of_their_scores():
    assert numbered_classes(3) == ("class 0", "class 1", "class 2")
    assert len(numbered_classes(MAX_CLASSES)) == MAX_CLASSES
    with pytest.raises(UserError, match=f"it has {MAX_CLASSES + 1:,} classes; at most"):
        numbered_classes(MAX_CLASSES + 1)
