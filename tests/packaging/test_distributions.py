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


def test_the_sdist_makes_the_same_wheel(shipped: dict[str, bytes], from_sdist: Path) -> None:
    assert contents(next(from_sdist.glob("*.whl"))) == shipped


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
