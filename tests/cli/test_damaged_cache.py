"""Whatever happens to the files of a cache, the next film is the same; and others' files stay."""

from __future__ import annotations

import logging
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.cache.store import Cache, Entry, Kind
from cnnviz.cli.main import main
from cnnviz.publishing.clip_files import ClipFiles
from tests.short_film.short import SHORT_SCENE

CNNVIZ = [sys.executable, "-c", "import sys; from cnnviz.cli.main import main; sys.exit(main())"]
SMALL = ["render", SHORT_SCENE, "-q", "l", "--fps", "1", "--pace", "0.1"]


@pytest.fixture(scope="module")
def rendered(
    tmp_path_factory: pytest.TempPathFactory, known_traces: Path, small_weights: Path
) -> Path:
    """Return a folder with a film, the cache that it was made with, and the network."""
    folder = tmp_path_factory.mktemp("rendered")
    shutil.copytree(known_traces, folder / "cache")
    shutil.copy(small_weights, folder / "weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNVIZ_CACHE_DIR", str(folder / "cache"))
        assert main([*render_call(folder), "-o", str(folder / "films" / "film.mp4")]) == 0
        assert main(["scenes"]) == 0
    return folder


def render_call(rendered: Path) -> list[str]:
    """Return the command that has made the film, but for where."""
    return [*SMALL, "--weights", str(rendered / "weights")]


def check_after(rendered: Path, folder: Path, harm: Callable[[Cache], None]) -> None:
    """Damage a copy of the cache and assert that the film comes out as before."""
    shutil.copytree(rendered / "cache", folder / "cache")
    cache = Cache(folder / "cache")
    harm(cache)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNVIZ_CACHE_DIR", str(folder / "cache"))
        assert main([*render_call(rendered), "-o", str(folder / "film.mp4")]) == 0
    for path in ClipFiles.at(rendered / "films" / "film.mp4").plain_files():
        same = folder / path.relative_to(rendered / "films")
        assert same.read_bytes() == path.read_bytes(), path.name


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


@pytest.mark.parametrize(
    "harm",
    [
        flip_a_bit,
        become_a_pipe,
        *(pytest.param(harm, marks=pytest.mark.slow) for harm in (take_anothers, become_a_folder)),
    ],
)
def test_damage_everywhere(rendered: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    def harm_all(cache: Cache) -> None:
        for entry in cache.entries():
            harm(entry.path)

    check_after(rendered, tmp_path, harm_all)


@pytest.mark.parametrize("harm", [flip_a_bit, become_a_link])
def test_damage_to_the_mark(rendered: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    """The folder might be anybody's then, and is left alone."""
    check_after(rendered, tmp_path, lambda cache: harm(cache.folder / "CACHEDIR.TAG"))


@pytest.mark.slow
@given(st.data())
@settings(max_examples=3)
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


HELPS = (["render", "--help"], ["render", "conv", "--help"], ["scenes"], ["--help"])


@pytest.fixture(scope="module")
def helps(rendered: Path) -> str:
    """Return what all those say where nothing is damaged."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as said:
        patch.setenv("CNNVIZ_CACHE_DIR", str(rendered / "cache"))
        assert [main(each) for each in HELPS] == [0] * 4
    return said.getvalue()


@pytest.mark.parametrize(
    "harm", [*HARMS[:2], *(pytest.param(harm, marks=pytest.mark.slow) for harm in HARMS[2:])]
)
def test_help_survives(
    rendered: Path,
    helps: str,
    tmp_path: Path,
    harm: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shutil.copytree(rendered / "cache", tmp_path / "cache")
    for entry in Cache(tmp_path / "cache").entries():
        if entry.kind is Kind.SCENE:
            harm(entry.path)
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "cache"))
    assert [main(each) for each in HELPS] == [0] * 4
    assert capsys.readouterr().out == helps


@pytest.mark.parametrize(
    ("whole", "told"), [(Kind.STILL, Kind.SECTION), (Kind.SECTION, Kind.STILL)]
)
def test_damage_is_told_and_mended(
    whole: Kind,
    told: Kind,
    rendered: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A beat is made anew as soon as its still or its section is damaged, and that one is told."""
    monkeypatch.setattr(logging.getLogger("cnnviz"), "handlers", [])  # they say it to this test
    shutil.copytree(rendered / "cache", tmp_path / "cache")
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "cache"))
    entries = [each for each in Cache(tmp_path / "cache").entries() if each.kind is not whole]
    for entry in entries:
        flip_a_bit(entry.path)
    render = [*render_call(rendered), "-v", "-o", str(tmp_path / "film.mp4")]
    assert main(render) == 0
    said = capsys.readouterr()
    damaged = {entry.kind for entry in entries if f"{entry.path} is damaged" in said.err}
    assert damaged == {Kind.SCENE, Kind.TRACE, Kind.FILM, told}
    assert main(render) == 0
    again = capsys.readouterr()
    assert said.out == again.out == f"{tmp_path / 'film.mp4'}\n"
    assert "damaged" not in again.err


def test_nothing_is_said_of_it_unasked(
    rendered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(rendered / "cache", tmp_path / "cache")
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(tmp_path / "cache"))
    for entry in Cache(tmp_path / "cache").entries():
        flip_a_bit(entry.path)
    done = subprocess.run([*CNNVIZ, "scenes"], capture_output=True, text=True, check=True)
    assert "damaged" not in done.stdout + done.stderr
