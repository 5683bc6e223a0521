"""The wheel on a stranger's machine: no extras, no test tools, no checkout."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import av
import pytest

from cnnviz.staging.registry import scene_names

pytestmark = pytest.mark.slow

QUICKLY = ("-q", "l", "--fps", "2", "--pace", "0.2", "--jobs", "1")

ABSENT = ("hypothesis", "noto_cjk_sans_otc", "pytest", "tests", "mypy")


@pytest.fixture
def cnnviz(installed: Path, shared_folder: Path, tmp_path: Path):
    """Run a command of the fresh environment in an empty folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    own = {"HOME": str(tmp_path / "home"), "CNNVIZ_CACHE_DIR": str(shared_folder / "cache")}
    folder = tmp_path / "work"
    folder.mkdir()

    def run(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed / command, *arguments],
            cwd=folder,
            env={**kept, **own},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_nothing_else_is_there(cnnviz, installed: Path) -> None:
    found = cnnviz(
        "python",
        "-c",
        "import cnnviz, importlib.util as u, sys\n"
        f"print(cnnviz.__file__, *[name for name in {ABSENT} if u.find_spec(name)])",
    )
    assert found.stdout.startswith(str(installed.parent / "lib")), found.stderr
    assert found.stdout.endswith("cnnviz/__init__.py\n")


def test_doctor_has_nothing_to_say(cnnviz) -> None:
    doctor = cnnviz("cnnviz", "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "missing" not in doctor.stdout


RENDER_ALL = """
import sys
import cnnviz
left_out = ("lecture", "skip", "average")  # there is no addition, and no average pooling
alone = (scene for scene in cnnviz.scenes() if not scene.compares)
scenes = ",".join(scene.name for scene in alone if scene.name not in left_out)
quickly = {"quality": "l", "fps": 1, "pace": 0.1}
cnnviz.render("lecture", output="film.mp4", weights=sys.argv[1], scenes=scenes, **quickly)
"""


def test_every_scene_renders(cnnviz, small_weights: Path, tmp_path: Path) -> None:
    done = cnnviz("python", "-c", RENDER_ALL, str(small_weights))
    assert done.returncode == 0, done.stderr
    manifest = check_film(tmp_path / "work" / "film.mp4")
    assert {beat["name"].partition(".")[0] for beat in manifest["beats"]} == {*scene_names()} - {
        "average",
        "compare",
        "compare_overview",
        "skip",
    }


def test_the_command_renders(cnnviz, tmp_path: Path) -> None:
    done = cnnviz("cnnviz", "render", "overview", *QUICKLY, "-o", "film.mp4")
    assert done.returncode == 0, done.stderr
    manifest = check_film(tmp_path / "work" / "film.mp4")
    probabilities = {each["class"]: each["probability"] for each in manifest["prediction"]}
    assert max(probabilities, key=probabilities.__getitem__) == "cat"  # as the bundled photo is


def check_film(film: Path) -> dict[str, Any]:
    """Assert that it can be played, and return its manifest."""
    with av.open(str(film)) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames > 1
    manifest: dict[str, Any] = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    return manifest


def test_chinese_names_the_package_that_lacks(cnnviz, tmp_path: Path) -> None:
    done = cnnviz("cnnviz", "render", "softmax", *QUICKLY, "--language", "zh")
    assert done.returncode == 2
    assert "noto-cjk-sans-otc" in done.stderr or "cjk" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list((tmp_path / "work").rglob("*.mp4"))
