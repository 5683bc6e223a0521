from __future__ import annotations

import os

import pytest

from cnnviz.errors import UserError
from cnnviz.network.files import write_together


def test_files_appear_together(tmp_path):
    write_together({tmp_path / "a" / "one": b"1", tmp_path / "b" / "two": b"2"})
    assert (tmp_path / "a" / "one").read_bytes() == b"1"
    assert (tmp_path / "b" / "two").read_bytes() == b"2"


def test_new_files_have_ordinary_permissions(tmp_path):
    (tmp_path / "ordinary").touch()
    write_together({tmp_path / "ours": b""})
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


def test_none_appears_if_one_cannot_be_written(tmp_path):
    (tmp_path / "one").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=r'cannot write ".*folder": it is a folder'):
        write_together({tmp_path / "one": b"new", tmp_path / "folder": b""})
    assert (tmp_path / "one").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["folder", "one"]


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot write"):
        write_together({tmp_path / "file" / "inside": b""})
