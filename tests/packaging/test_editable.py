"""A checkout in a folder named cnnviz, installed in editable mode, used from the folder above."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.packaging.environments import ROOT, build_editable, make_environment, run

pytestmark = pytest.mark.slow

SCRIPT = """\
import cnnviz
from cnnviz.scenes.conv.scene import ConvScene
from cnnviz.weights import bundled_weights

network = cnnviz.load_network(bundled_weights())
name: str = ConvScene.name
"""

MISTAKE = "count: int = network.architecture.name\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("above") / "cnnviz"
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "tests", "media", "*.mp4")
    shutil.copytree(ROOT, copy, symlinks=True, ignore=unwanted)
    return copy


@pytest.fixture(scope="module")
def editable(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_editable(checkout, tmp_path_factory.mktemp("editable"))


def test_python_finds_it_from_the_folder_above(
    checkout: Path, editable: Path, tmp_path: Path
) -> None:
    commands = make_environment(tmp_path / "environment", editable)
    script = SCRIPT + "print(network.name, name, cnnviz.__file__)\n"
    printed = run(commands / "python", "-c", script, cwd=checkout.parent)
    assert printed.split() == ["Tiny", "VGG", "conv", str(checkout / "cnnviz" / "__init__.py")]


def test_type_checkers_find_it_from_the_folder_above(
    checkout: Path, editable: Path, tmp_path: Path
) -> None:
    commands = make_environment(tmp_path / "environment", editable, alone=True)
    script = checkout.parent / "script.py"
    mypy = (sys.executable, "-m", "mypy", "--python-executable", commands / "python")
    command = (*mypy, "--cache-dir", tmp_path / "types", script)

    script.write_text(SCRIPT)
    assert "no issues" in run(*command, cwd=checkout.parent)
    script.write_text(SCRIPT + MISTAKE)
    with pytest.raises(AssertionError, match='expression has type "str"'):
        run(*command, cwd=checkout.parent)
