"""Where keys and items of a TOML text stand."""

from __future__ import annotations

import string
import tomllib
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.course.lines import lines_of

TEXT = '''# a comment with [brackets] = "and quotes"
title = "a # no comment"   # but this is one
output.folder = 'c:\\no\\escape'
"quoted key" = """
several
lines \\""" and \""""

[defaults]
pictures = [  # one
  "a]",

  { path = "b", crop = [1, 2] }, "c" ]
[[films]]
scene = "conv"
[films.page]
side = 3
[[ films ]]
scene = { name = "pool", "odd = key" = 1 }
pace = 1.5
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("output",), 3),
        (("output", "folder"), 3),
        (("quoted key",), 4),
        (("defaults",), 8),
        (("defaults", "pictures"), 9),
        (("defaults", "pictures", 0), 10),
        (("defaults", "pictures", 1), 12),
        (("defaults", "pictures", 1, "crop", 1), 12),
        (("defaults", "pictures", 2), 12),
        (("films",), 13),
        (("films", 0), 13),
        (("films", 0, "scene"), 14),
        (("films", 0, "page", "side"), 16),
        (("films", 1), 17),
        (("films", 1, "scene", "odd = key"), 18),
        (("films", 1, "pace"), 19),
    ],
)
def test_lines(path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(TEXT)
    assert lines_of(TEXT)[path] == line


KEYS = st.text(string.ascii_letters + "-_ .#=[]\"'", min_size=1, max_size=6)
VALUES = st.recursive(
    st.one_of(
        st.integers(-(2**60), 2**60),
        st.booleans(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(string.printable, max_size=12),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    found = {path} if path else set()
    return found.union(*(paths(inner, (*path, key)) for key, inner in items))


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_every_key_and_every_item_has_its_line(content: dict[str, Any]) -> None:
    """tomlkit, which writes all kinds of tables, strings and keys, is somebody else's."""
    text = tomlkit.dumps(content)
    lines = lines_of(text)
    assert set(lines) == paths(tomllib.loads(text))
    written = text.split("\n")
    for path, line in lines.items():
        if isinstance(path[-1], str) and path[-1].isalpha():
            assert path[-1] in written[line - 1]
