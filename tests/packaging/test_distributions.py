"""What is in the wheel and in the sdist, and what their metadata say."""

from __future__ import annotations

import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.packaging.environments import ROOT


@pytest.fixture(scope="module")
def shipped(wheel: Path) -> dict[str, bytes]:
    return contents(wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_every_file_of_every_package(shipped: dict[str, bytes]) -> None:
    sources = {
        Path(package, path.relative_to(folder)).as_posix()
        for package, folder in [
            ("cnnviz", ROOT / "cnnviz"),
            ("cnnviz/scenes", ROOT / "cnnviz" / "scenes"),
            ("cnnviz/weights", ROOT / "cnnviz" / "weights"),
        ]
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in shipped if ".dist-info/" not in name} == sources
    assert len([name for name in sources if name.startswith("cnnviz/scenes/")]) > 9


@pytest.mark.slow
def test_the_sdist_makes_the_same_wheel(shipped: dict[str, bytes], from_sdist: Path) -> None:
    assert contents(next(from_sdist.glob("*.whl"))) == shipped


@pytest.mark.slow
def test_the_sdist_is_a_whole_checkout(from_sdist: Path) -> None:
    with tarfile.open(next(from_sdist.glob("*.tar.gz"))) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    top = {
        *("ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile", "README.md"),
        *("constraints.txt", "pyproject.toml", "scripts/setup.sh", "docs/performance.md"),
    }
    folders = [ROOT / name for name in ("tests", "benchmarks", "scripts", "media/gallery")]
    files = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert top | files <= packed
    assert not [name for name in packed if name.startswith((".venv", "media/conv"))]


SHIPPED = {
    *(".py", ".toml", ".md", ".txt", ".jpg", ".png", ".safetensors", ".typed", ".tsv"),
    *(".css", ".js", ".jinja"),
    *("METADATA", "WHEEL", "RECORD", "LICENSE"),
}
"""What files of a wheel may be, by their endings or their whole names."""

LARGEST = 2 * 2**20
"""Bytes of a file of ours."""


def test_the_wheel_holds_nothing_that_is_not_ours_to_ship(shipped: dict[str, bytes]) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in shipped} == {"cnnviz"}
    assert not [name for name in shipped if not name.endswith(tuple(SHIPPED))]
    assert not [name for name, content in shipped.items() if len(content) > LARGEST]
    assert not [name for name in shipped if any(part.startswith(".") for part in name.split("/"))]


def test_what_is_shipped_names_no_folder_of_a_machine(shipped: dict[str, bytes]) -> None:
    texts = {
        name: content
        for name, content in shipped.items()
        if name.endswith((".py", ".toml", ".md", ".txt", "METADATA", "RECORD"))
    }
    homes = (b"/home/", b"/Users/", str(Path.home()).encode() + b"/", str(ROOT).encode())
    assert not [name for name, content in texts.items() if any(home in content for home in homes)]
