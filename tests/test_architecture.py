"""ARCHITECTURE.md tells of the house as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

PLACES = sorted(
    set(re.findall(r"`((?:cnnviz|scenes|tests|weights|benchmarks|docs)/[\w/.]*)`", TEXT))
)

FILES = sorted(set(re.findall(r"`(\w+\.(?:py|toml))`", TEXT)) - {"cnnviz.toml"})

ROOMS = sorted(
    path.parent.relative_to(ROOT).as_posix()
    for path in ROOT.glob("cnnviz/*/__init__.py")
    if not path.parent.is_symlink()
)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_that_is_named_exists(place: str) -> None:
    assert (ROOT / place).exists()


@pytest.mark.parametrize("name", FILES)
def test_every_file_that_is_named_exists(name: str) -> None:
    assert list(ROOT.glob(f"cnnviz/**/{name}")) or list(ROOT.glob(f"scenes/*/{name}"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_named(room: str) -> None:
    assert f"`{room}/`" in TEXT


def test_every_scene_is_a_folder_with_its_words() -> None:
    folders = [path for path in (ROOT / "scenes").iterdir() if (path / "scene.py").is_file()]
    assert len(folders) >= 9
    for folder in folders:
        assert {"__init__.py", "scene.py", "en.toml", "zh.toml"} <= {
            path.name for path in folder.iterdir()
        }
