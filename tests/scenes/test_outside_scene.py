"""A scene from elsewhere: one file and one entry point, no change in cnnviz."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def source() -> str:
    """Return the scene that the README shows."""
    chapter = README.read_text(encoding="utf-8").partition("## A scene of your own")[2]
    return chapter.partition("```python\n")[2].partition("```")[0]


METADATA = "Metadata-Version: 2.1\nName: my-scenes\nVersion: 0.1\n"

ENTRY_POINTS = "[cnnviz.scenes]\nverdict = verdict:VerdictScene\n"


@pytest.fixture
def outside_package(tmp_path: Path) -> Path:
    """A folder as pip leaves it: the module, and what was installed."""
    folder = tmp_path / "site"
    described = folder / "my_scenes-0.1.dist-info"
    described.mkdir(parents=True)
    (folder / "verdict.py").write_text(source(), encoding="utf-8")
    (described / "METADATA").write_text(METADATA, encoding="utf-8")
    (described / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    return folder


def cnnviz(package: Path, *arguments: str) -> str:
    """Run the command with the package on the path; return what it printed."""
    path = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))
    call = [sys.executable, "-c", "from cnnviz.cli.main import main; raise SystemExit(main())"]
    done = subprocess.run(
        [*call, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_scene_from_outside_is_rendered(
    outside_package: Path, small_weights: Path, tmp_path: Path
) -> None:
    film = tmp_path / "verdict.mp4"
    options = ["-q", "l", "--fps", "5", "--pace", "0.3", "--weights", str(small_weights)]
    printed = cnnviz(outside_package, "render", "verdict", "--side", "3", *options, "-o", str(film))
    assert printed.strip() == str(film)
    manifest = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    assert manifest["parameters"] == {"side": 3}
    assert manifest["aspect"] == "16:9"
    captions = [beat["caption"] for beat in manifest["beats"]]
    assert [beat["title"] for beat in manifest["beats"]] == ["photo", "answer"]
    assert captions[0] == "?"
    assert captions[1] in {"cat!", "dog!", "owl!"}
    assert film.with_suffix(".vtt").is_file()
    assert film.with_suffix(".poster.png").is_file()


def test_a_scene_from_outside_is_listed_with_its_parameters(outside_package: Path) -> None:
    listing = json.loads(cnnviz(outside_package, "scenes", "--json"))
    assert listing["verdict"]["summary"] == "The photo, and what the network takes it for."
    assert listing["verdict"]["parameters"]["side"]["kind"] == "number"
