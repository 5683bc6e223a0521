"""Whatever happens to the files of a cache, the next film is the same; and others' files stay."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.cache.store import Cache, Entry, Kind
from cnnviz.cli.main import main

SMALL = ["render", "conv", "-q", "l", "--fps", "2", "--pace", "0.1"]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a film and the cache that it was made with."""
    folder = tmp_path_factory.mktemp("rendered")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNVIZ_CACHE_DIR", str(folder / "cache"))
        assert main([*SMALL, "-o", str(folder / "films" / "film.mp4")]) == 0
        assert main(["scenes"]) == 0
    return folder


def check_after(rendered: Path, folder: Path, harm: Callable[[Cache], None]) -> None:
    """Damage a copy of the cache and assert that films come out as before, twice."""
    shutil.copytree(rendered / "cache", folder / "cache")
    cache = Cache(folder / "cache")
    harm(cache)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNVIZ_CACHE_DIR", str(folder / "cache"))
        for turn in ("first", "second"):
            assert main([*SMALL, "-o", str(folder / turn / "film.mp4")]) == 0
            for path in (rendered / "films").iterdir():
                assert (folder / turn / path.name).read_bytes() == path.read_bytes(), path.name


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[random.Random(path.name).randrange(len(content))] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def make_null(path: Path) -> None:
    path.write_bytes(b"null")


def take_anothers(path: Path) -> None:
    others = sorted(path.parent.parent.glob("*/*"))
    path.write_bytes(others[others.index(path) - 1].read_bytes())


def become_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "mine.txt").write_text("a user's")


def become_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def become_a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


HARMS = [
    flip_a_bit,
    cut,
    empty,
    make_null,
    take_anothers,
    become_a_folder,
    become_a_pipe,
    become_a_link,
]


@pytest.mark.parametrize("harm", HARMS)
def test_damage_everywhere(rendered: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    def harm_all(cache: Cache) -> None:
        for entry in cache.entries():
            harm(entry.path)

    check_after(rendered, tmp_path, harm_all)


@pytest.mark.parametrize("harm", HARMS)
def test_damage_to_the_mark(rendered: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    """The folder might be anybody's then, and is left alone."""
    check_after(rendered, tmp_path, lambda cache: harm(cache.folder / "CACHEDIR.TAG"))


@given(st.data())
@settings(max_examples=8)
def test_any_bit_of_any_file(
    rendered: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    def flip(cache: Cache) -> None:
        entries = sorted(cache.entries(), key=lambda entry: str(entry.path))
        entry: Entry = data.draw(st.sampled_from(entries))
        content = bytearray(entry.path.read_bytes())
        bit = data.draw(st.integers(0, 8 * len(content) - 1))
        content[bit // 8] ^= 1 << bit % 8
        entry.path.write_bytes(content)

    check_after(rendered, tmp_path_factory.mktemp("damaged"), flip)


@pytest.mark.parametrize("harm", HARMS)
def test_help_survives(
    rendered: Path,
    tmp_path: Path,
    harm: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(rendered / "cache", tmp_path / "cache")
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(rendered / "cache"))
    helps = (["render", "--help"], ["render", "conv", "--help"], ["scenes"], ["--help"])
    assert [main(each) for each in helps] == [0] * 4
    expected = capsys.readouterr().out
    for entry in Cache(tmp_path / "cache").entries():
        if entry.kind is Kind.SCENE:
            harm(entry.path)
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "cache"))
    assert [main(each) for each in helps] == [0] * 4
    assert capsys.readouterr().out == expected
