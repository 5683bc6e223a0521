"""Code counts where it decides something, and only there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from cnnviz.cache import code
from cnnviz.cache.code import module_files, network_code, network_files, shared_code

CNNVIZ = code.PACKAGE

HOUSE = {
    "__init__.py": "",
    "errors.py": "",
    "style/theme.py": "",
    "locales/__init__.py": "",
    "locales/en/common.toml": "",
    "scenes/__init__.py": "",
    "scenes/conv/scene.py": "",
    "scenes/conv/en.toml": "",
    "explain/rounding.py": "",
    "layers/kinds.py": "import cnnviz.errors\nfrom cnnviz import (\n    explain,\n    units,\n)\n",
    "units.py": "",
    "model/trace.py": "from cnnviz.layers.kinds import (\n    Kind,\n)\n",
    "network/network.py": "from cnnviz.model.trace import Trace\n",
    "network/process.py": "from cnnviz.cache.traces import TRACED\n",
    "network/descriptions/tiny.toml": "",
    "network/training/loop.py": "from cnnviz.style.theme import Theme\n",
    "cache/traces.py": "from cnnviz.style.theme import Theme\n",
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small cnnviz, in which all that counts is there."""
    folder = tmp_path / "cnnviz"
    for name, content in HOUSE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    monkeypatch.setattr(code, "PACKAGE", folder)
    return folder


@pytest.mark.parametrize(
    ("name", "films", "traces"),
    [
        ("__init__.py", True, False),
        ("style/theme.py", True, False),
        ("locales/__init__.py", True, False),
        ("locales/en/common.toml", False, False),
        ("scenes/__init__.py", True, False),
        ("scenes/conv/scene.py", False, False),
        ("scenes/conv/en.toml", False, False),
        ("errors.py", True, True),
        ("units.py", True, True),
        ("explain/rounding.py", True, True),
        ("layers/kinds.py", True, True),
        ("model/trace.py", True, True),
        ("network/network.py", True, True),
        ("network/descriptions/tiny.toml", True, True),
        ("network/training/loop.py", True, False),
        ("cache/traces.py", True, False),
    ],
)
def test_a_changed_file_changes_what_it_decides(
    house: Path, name: str, films: bool, traces: bool
) -> None:
    before = shared_code(), network_code()
    (house / name).write_text((house / name).read_text() + "# changed")
    assert (shared_code() != before[0], network_code() != before[1]) == (films, traces)


def test_a_file_more_or_moved_counts(house: Path) -> None:
    seen = [shared_code()]
    (house / "style" / "colour.py").write_text("")
    seen.append(shared_code())
    (house / "style" / "colour.py").rename(house / "style" / "colours.py")
    seen.append(shared_code())
    assert len(set(seen)) == 3


def test_an_edit_of_the_same_size_is_seen_at_once(house: Path) -> None:
    seen = set()
    for number in range(9):
        (house / "errors.py").write_text(f"x = {number}")
        seen.add(network_code())
    assert len(seen) == 9


def test_a_linked_folder_counts_like_a_real_one_and_a_circle_ends(house: Path) -> None:
    before = shared_code()
    (house / "style").rename(house.with_name("elsewhere"))
    (house / "style").symlink_to(house.with_name("elsewhere"))
    assert shared_code() == before
    (house / "style" / "round").symlink_to(house)
    assert shared_code() == before


def test_all_that_the_network_imports_counts() -> None:
    """What its process imports to see a picture, but not the cache, which calls it."""
    loaded = "[getattr(each, '__file__', None) for each in sys.modules.values()]"
    for_all, for_the_cache = (
        set(
            json.loads(
                subprocess.check_output(
                    [
                        sys.executable,
                        "-c",
                        f"import json, sys; from cnnviz.{import_line}; print(json.dumps({loaded}))",
                    ]
                )
            )
        )
        for import_line in ("network import load_network, trace", "cache import traces")
    )
    needed = {
        Path(file) for file in for_all - for_the_cache if file and Path(file).is_relative_to(CNNVIZ)
    }
    assert len(needed) > 5
    assert needed <= set(network_files())


def test_libraries_that_run_or_draw_count_and_tools_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = code._version_of

    def seen_with(changed: str) -> tuple[bool, bool]:
        before = shared_code(), network_code()
        with monkeypatch.context() as patch:
            patch.setattr(code, "_version_of", lambda name: "0" if name == changed else real(name))
            return shared_code() != before[0], network_code() != before[1]

    assert seen_with("manim") == (True, False)
    assert seen_with("fontpkg-noto-sans") == (True, False)
    assert seen_with("noto-cjk-sans-otc") == (True, False)
    for name in ("torch", "numpy", "pillow", "safetensors"):
        assert seen_with(name) == (True, True), name
    for name in ("ruff", "pytest", "mypy", "hypothesis"):
        assert seen_with(name) == (False, False), name


def test_packages_and_modules_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "somepackage" / "inner").mkdir(parents=True)
    for name in ("__init__.py", "inner/same.py", "colours.toml", "picture.png"):
        (tmp_path / "somepackage" / name).write_text("")
    (tmp_path / "somemodule.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    folder, files = module_files("somepackage")
    assert {file.relative_to(folder).as_posix() for file in files} == {
        "__init__.py",
        "inner/same.py",
        "colours.toml",
    }
    assert module_files("somemodule") == (tmp_path, [tmp_path / "somemodule.py"])
    monkeypatch.setitem(sys.modules, "made_by_hand", ModuleType("made_by_hand"))
    for name in ("nowhere_at_all", "nowhere.at_all", "made_by_hand"):
        assert module_files(name)[1] == []
