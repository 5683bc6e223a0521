"""ARCHITECTURE.md tells of the house as it is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]

TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

TOP = "cnnviz|scenes|scripts|tests|torture|weights|benchmarks|docs"

PLACES = sorted(set(re.findall(rf"`((?:{TOP})/[\w/.]*)`", TEXT)))

FILES = sorted(set(re.findall(r"`(\w+\.(?:py|toml))`", TEXT)) - {"cnnviz.toml"})

ROOMS = sorted(
    f"{path.parent.relative_to(ROOT).as_posix()}/"
    for path in (*ROOT.glob("*/__init__.py"), *ROOT.glob("cnnviz/*/__init__.py"))
    if not path.parent.is_symlink() and path.parent.name != "cnnviz"
)

MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.glob("cnnviz/*.py")
    if path.name != "__init__.py"
)

TABLE = re.findall(r"^\| (`.*?) \|", TEXT.partition("\n## ")[0], re.MULTILINE)
"""The first column of the first table: what each row is about."""


def test_every_place_that_is_named_exists() -> None:
    assert len(PLACES) > 50
    assert [place for place in PLACES if not (ROOT / place).exists()] == []


def test_every_file_that_is_named_exists() -> None:
    folders = (ROOT.glob("*"), (ROOT / "cnnviz").rglob("*"), ROOT.glob("scenes/*/*"))
    known = {path.name for paths in folders for path in paths}
    assert len(FILES) > 20
    assert [name for name in FILES if name not in known] == []


def test_every_room_has_its_row() -> None:
    assert len(ROOMS) > 15
    rows = {room: sum(f"`{room}`" in row for row in TABLE) for room in (*ROOMS, *MODULES)}
    assert {room: count for room, count in rows.items() if count != 1} == {}


def test_every_row_is_about_rooms_that_are_there() -> None:
    named = [room for row in TABLE for room in re.findall("`(.*?)`", row)]
    assert [room for room in named if not (ROOT / room).exists()] == []


def test_the_import_contract_knows_the_same_rooms() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(each["layers"] for each in contracts["contracts"] if "layers" in each)
    known = {name.strip() for layer in layers for name in layer.split("|")}
    listed = {Path(room).stem for row in TABLE for room in re.findall("`(.*?)`", row)}
    assert known <= listed


def test_every_scene_is_a_folder_with_its_words() -> None:
    folders = [path for path in (ROOT / "scenes").iterdir() if (path / "scene.py").is_file()]
    assert len(folders) >= 9
    for folder in folders:
        assert {"__init__.py", "scene.py", "en.toml", "zh.toml"} <= {
            path.name for path in folder.iterdir()
        }
