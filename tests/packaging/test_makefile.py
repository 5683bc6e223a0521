"""What ``make`` promises: ``demo`` takes no test tools, ``clean`` takes no films."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.environments import ROOT, run

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    return tmp_path


def planned(checkout: Path, *arguments: str) -> str:
    return run("make", "--dry-run", "--no-print-directory", *arguments, cwd=checkout)


def test_demo_takes_what_rendering_needs_and_test_takes_the_tools(checkout: Path) -> None:
    demo, test = planned(checkout, "demo"), planned(checkout, "test")
    assert "setup.sh .venv\n" in demo
    assert ".venv dev" not in demo
    assert test.index("setup.sh .venv\n") < test.index("setup.sh .venv dev\n")
    assert test.index("setup.sh .venv dev\n") < test.index("pytest")


def test_what_is_installed_is_not_installed_again(checkout: Path) -> None:
    for stamp in (".cnnviz-installed", ".cnnviz-tools"):
        (checkout / ".venv").mkdir(exist_ok=True)
        (checkout / ".venv" / stamp).touch()
    assert "setup.sh" not in planned(checkout, "test")
    assert 'PYTHON="python9"' in planned(checkout, "demo", "PYTHON=python9")


def test_a_wrong_python_fails_also_after_the_set_up(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / ".cnnviz-installed").touch()
    done = subprocess.run(
        ["make", "setup", "PYTHON=python9"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "PYTHON=python9: there is no such program" in done.stderr


def test_clean_removes_what_was_made_here_and_leaves_films_and_photos(checkout: Path) -> None:
    made = [
        *(".venv/bin/python", ".mypy_cache/a", ".pytest_cache/a", ".ruff_cache/a"),
        *(".hypothesis/a", "dist/cnnviz.whl", "cnnviz/__pycache__/a.pyc"),
    ]
    own = ["media/conv_cat.mp4", "media/gallery/a.png", "cat.jpg", "cnnviz/a.py", "films/a.mp4"]
    for name in made + own:
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    run("make", "clean", cwd=checkout)
    assert not [name for name in made if (checkout / name).parent.exists() and "__" in name]
    assert not [name for name in made if (checkout / name).exists()]
    assert all((checkout / name).exists() for name in own)


def test_help_names_every_target_that_a_user_needs(checkout: Path) -> None:
    printed = run("make", "help", cwd=checkout)
    for target in ("setup", "demo", "test", "test-slow", "gallery", "bench", "clean"):
        assert f"  make {target} " in printed


def test_what_is_not_tried_by_test_is_tried_by_test_slow(checkout: Path) -> None:
    assert 'pytest -n auto --dist worksteal -m "not slow"\n' in planned(checkout, "test")
    assert "pytest -n auto --dist worksteal -m slow\n" in planned(checkout, "test-slow")
    decides = (ROOT / ".ci" / "run").read_text()
    assert {"make test", "make test-slow"} <= set(decides.splitlines())
