"""Only the renderer's room touches what Manim keeps to itself, its configuration and its camera."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

RENDERING = ROOT / "cnnviz" / "rendering"

RESERVED = {"config", "tempconfig", "Camera", "CairoRenderer", "SceneFileWriter"}
"""Names of Manim that decide how a film is drawn."""

MODULES = [
    path
    for folder in ("cnnviz", "scenes")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if RENDERING not in path.parents
]


def taken_from_manim(path: Path) -> set[str]:
    """Return the names that a module imports from Manim, its modules' names among them."""
    taken: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "manim":
            taken |= {each.name for each in node.names} | set((node.module or "").split("."))
        if isinstance(node, ast.Import):
            taken |= {
                part
                for each in node.names
                if each.name.split(".")[0] == "manim"
                for part in each.name.split(".")
            }
    return taken


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_takes_public_names_only(path: Path) -> None:
    taken = taken_from_manim(path)
    assert not {name for name in taken if name.startswith("_")}
    assert not taken & RESERVED


def test_the_renderer_is_where_they_are() -> None:
    taken = set().union(*map(taken_from_manim, RENDERING.glob("*.py")))
    assert taken & RESERVED
