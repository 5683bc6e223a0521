"""Only the renderer's room touches what Manim keeps to itself, its configuration and its camera."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from cnnviz.animations.drive import Drive
from cnnviz.rendering.in_place import InPlaceAnimation

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


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def taken_from_manim(path: Path) -> set[str]:
    """Return the names that a module imports from Manim, its modules' names among them."""
    taken: set[str] = set()
    for node in ast.walk(tree_of(path)):
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


def test_modules_take_public_names_only() -> None:
    taken = {path: taken_from_manim(path) for path in MODULES}
    assert "Mobject" in taken[ROOT / "cnnviz" / "auditing" / "visit.py"]
    hidden = {
        path: {name for name in names if name.startswith("_") or name in RESERVED}
        for path, names in taken.items()
    }
    assert {path: names for path, names in hidden.items() if names} == {}


def private_names_touched(tree: ast.Module) -> set[str]:
    """Return the private names of other objects that are used, and every ``.camera``.

    ``os._exit`` is documented and has no other name.
    """
    touched = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        is_private = node.attr.startswith("_") and not node.attr.endswith("__")
        is_camera = node.attr == "camera"
        if (is_private or is_camera) and ast.unparse(node) != "os._exit":
            is_own = ast.unparse(node.value) in {"self", "cls", "super()"}
            if is_camera or not is_own:
                touched.add(node.attr)
    return touched


@cache
def private_names_of(found: type) -> frozenset[str]:
    """Return the methods and attributes of a class that begin with an underscore."""
    source = inspect.getsource(found)
    return frozenset(re.findall(r"(?:\bself\.|\bcls\.|\bdef )(_[a-z]\w*)", source))


def taken_from_a_base(found: type) -> frozenset[str]:
    """Return the private names that a class shares with those of its bases that are Manim's."""
    bases = [base for base in found.__mro__ if base.__module__.split(".")[0] == "manim"]
    return private_names_of(found) & frozenset().union(*map(private_names_of, bases))


def subclasses_of_manims() -> Iterator[type]:
    """Find our classes outside the renderer's room that Manim's are bases of."""
    for path in MODULES:
        if not re.search(r"^class \w+\(", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = import_module(f"cnnviz.{name.removeprefix('cnnviz.')}")
        for _, found in inspect.getmembers(module, inspect.isclass):
            is_ours = found.__module__ == module.__name__
            if is_ours and any(base.__module__.startswith("manim.") for base in found.__mro__):
                yield found


def test_modules_leave_private_names_of_others_alone() -> None:
    touched = {path: private_names_touched(tree_of(path)) for path in MODULES}
    assert {path: names for path, names in touched.items() if names} == {}


def test_no_subclass_takes_private_names_of_its_base() -> None:
    found = {each: taken_from_a_base(each) for each in subclasses_of_manims()}
    assert Drive in found
    assert not {each: names for each, names in found.items() if names}


def test_what_is_private_would_be_found() -> None:
    tree = ast.parse("self._own; scene._renderer; self.camera.frame_rate")
    assert private_names_touched(tree) == {"_renderer", "camera"}
    assert taken_from_a_base(InPlaceAnimation) == {"_setup_scene"}


def test_the_renderer_is_where_they_are() -> None:
    taken = set().union(*map(taken_from_manim, RENDERING.glob("*.py")))
    assert taken & RESERVED


def sets_run_time(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(each.arg == "run_time" for each in node.keywords)


def test_no_animation_loses_its_length_to_that_of_the_play() -> None:
    """Manim gives every animation the play's length, if it has one: frames outlasted their maps."""
    lost = [
        f"{path.relative_to(ROOT)}:{play.lineno}"
        for path in MODULES
        for play in ast.walk(tree_of(path))
        if sets_run_time(play) and isinstance(play, ast.Call)
        if isinstance(play.func, ast.Attribute) and play.func.attr == "play"
        if any(sets_run_time(part) for each in play.args for part in ast.walk(each))
    ]
    assert not lost
