"""What can be said about a scene without importing it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cnnviz.cache.store import Cache
from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.staging.registry import (
    SceneDescription,
    describe_scene,
    describe_scenes,
    load_scene,
    scene_module,
    scene_names,
)


@pytest.mark.parametrize("name", scene_names())
def test_a_description_says_what_the_class_says(name: str, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    expected = SceneDescription.of(load_scene(name))
    assert describe_scene(name, cache) == expected
    assert describe_scene(name, cache) == expected
    assert SceneDescription.from_json(expected.to_json()) == expected
    (entry,) = cache.entries()
    for damaged in ("null", "{", ""):
        entry.path.write_text(damaged)
        assert describe_scene(name, cache) == expected


def test_a_known_scene_is_described_without_manim(tmp_path: Path) -> None:
    describe_scene("conv", Cache(tmp_path))
    code = (
        "import sys; from pathlib import Path; from cnnviz.cache.store import Cache;"
        "from cnnviz.staging.registry import describe_scene;"
        "print(describe_scene('conv', Cache(Path(sys.argv[1]))).name, 'manim' in sys.modules)"
    )
    call = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout == "conv False\n"


def test_modules_are_found_without_importing() -> None:
    assert scene_module("conv") == "cnnviz.scenes.conv.scene"
    with pytest.raises(UserError, match='no scene "nothing"'):
        scene_module("nothing")


def install_broken_scene(content: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be a package of others whose scene "broken" cannot be imported."""
    package = folder / "broken_scenes"
    package.mkdir()
    (package / "__init__.py").write_text(content)
    metadata = folder / "broken_scenes-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-scenes\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[cnnviz.scenes]\nbroken = broken_scenes:Scene\n")
    monkeypatch.syspath_prepend(folder)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("raise RuntimeError('broken\\nError: forged')", r"RuntimeError: broken\nError: forged"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def (", "SyntaxError: invalid syntax"),
    ],
)
def test_a_scene_of_another_package_that_cannot_be_imported_is_named(
    content: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    install_broken_scene(content, tmp_path, monkeypatch)
    assert "broken" in scene_names()
    with pytest.raises(UserError, match=r'"broken" cannot be imported from "broken_scenes:Scene"'):
        load_scene("broken")
    capfd.readouterr()
    names = [each.name for each in describe_scenes(Cache())]
    assert names == sorted(set(scene_names()) - {"broken"})
    assert main(["scenes"]) == 0
    assert main(["render", "conv", "--help"]) == 0
    assert main(["render", "broken"]) == 2
    (line,) = [line for line in capfd.readouterr().err.splitlines() if line.startswith("Error")]
    assert reason in line


@pytest.mark.slow
def test_a_broken_scene_of_another_package_stops_no_lecture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    install_broken_scene("raise RuntimeError('broken')", tmp_path, monkeypatch)
    film = tmp_path / "lecture.mp4"
    small = ["-q", "l", "--fps", "2", "--pace", "0.1", "-o", str(film)]
    assert main(["render", "lecture", *small, "--scenes", "relu"]) == 0
    assert capfd.readouterr().out == f"{film}\n"
    for misspelt in ("rleu", "brokn"):
        assert main(["render", "lecture", *small, "--force", "--scenes", f"conv,{misspelt}"]) == 2
        (line,) = capfd.readouterr().err.splitlines()
        assert f'the lecture has no scene "{misspelt}": choose average, conv, flatten, ' in line
        assert "broken" not in line
    assert main(["render", "lecture", *small, "--force", "--scenes", "conv,broken"]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert 'the scene "broken" cannot be imported from "broken_scenes:Scene": RuntimeErr' in line
    assert main(["render", "rleu"]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert 'there is no scene "rleu": did you mean "relu"' in line
    assert main(["render", "--help"]) == 0
    printed = capfd.readouterr()
    assert "broken" not in printed.out
    assert 'the scene "broken" cannot be imported' in printed.err
