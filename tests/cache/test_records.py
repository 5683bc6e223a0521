"""A record gives exactly what was sealed, or nothing."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.cache.records import content_of, is_record, read_ordinary, sealed

contents = st.binary(max_size=200)
names = st.text(st.characters(codec="ascii", exclude_characters="\n/"), max_size=8)


@given(names, names, contents)
def test_what_was_sealed_comes_back(kind, key, content):
    assert content_of(kind, key, sealed(kind, key, content)) == content


@given(contents, st.data())
def test_no_flipped_bit_goes_unnoticed(content, data):
    record = bytearray(sealed("traces", "key", content))
    position = data.draw(st.integers(0, 8 * len(record) - 1))
    record[position // 8] ^= 1 << position % 8
    assert content_of("traces", "key", bytes(record)) is None


@given(contents, st.data())
def test_no_cut_and_nothing_added_goes_unnoticed(content, data):
    record = sealed("traces", "key", content)
    assert content_of("traces", "key", record[: data.draw(st.integers(0, len(record) - 1))]) is None
    assert content_of("traces", "key", record + data.draw(st.binary(min_size=1))) is None


@given(contents, names, names, names, names)
def test_a_record_belongs_to_one_name(content, kind, key, other_kind, other_key):
    found = content_of(other_kind, other_key, sealed(kind, key, content))
    assert found == (content if (kind, key) == (other_kind, other_key) else None)


def test_only_ordinary_files_are_read(tmp_path):
    record = tmp_path / "record"
    record.write_bytes(sealed("films", "key", b"content"))
    assert is_record(record)
    (tmp_path / "link").symlink_to(record)
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", ".", "nothing"):
        with pytest.raises(OSError, match=r"ordinary|Is a directory|symbolic|No such"):
            read_ordinary(tmp_path / name)
        assert not is_record(tmp_path / name)


def test_a_pipe_that_somebody_writes_to_is_not_read(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    descriptor = os.open(pipe, os.O_RDWR)
    try:
        os.write(descriptor, sealed("films", "key", b""))
        assert not is_record(pipe)
    finally:
        os.close(descriptor)
