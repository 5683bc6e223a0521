"""A scene from elsewhere: one file and one entry point, no change in cnnviz."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = '''
from dataclasses import dataclass

from cnnviz.mobjects.heat_map import Photo
from cnnviz.parameters import parameter
from cnnviz.scene import LectureScene


@dataclass(frozen=True)
class VerdictParameters:
    side: int = parameter("number", "Side of the photo, 1 to 5.", 4)


class VerdictScene(LectureScene):
    """The photo, and what the network takes it for."""

    name, Parameters, poster_beat = "verdict", VerdictParameters, "answer"
    texts = {"en": {"title": "The verdict", "captions": {"photo": "?", "answer": "{answer}!"}}}

    @classmethod
    def resolve(cls, trace, parameters):
        return parameters  # or a UserError that says what is allowed

    def construct(self):
        photo = Photo(self.trace.photo, self.parameters.side, self.parameters.side)
        self.set_stage(*self.make_title(self.word("title"), self.trace.architecture.name))
        with self.beat("photo"):
            self.fade_in(photo, run_time=self.timing.move)
        with self.beat("answer", answer=self.trace.predicted_class):
            self.play(photo.animate.scale(1.2), run_time=self.timing.move)
'''
"""As in the README."""

METADATA = "Metadata-Version: 2.1\nName: my-scenes\nVersion: 0.1\n"

ENTRY_POINTS = "[cnnviz.scenes]\nverdict = verdict:VerdictScene\n"


@pytest.fixture
def outside_package(tmp_path: Path) -> Path:
    """A folder as pip leaves it: the module, and what was installed."""
    folder = tmp_path / "site"
    described = folder / "my_scenes-0.1.dist-info"
    described.mkdir(parents=True)
    (folder / "verdict.py").write_text(SOURCE, encoding="utf-8")
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
    captions = [beat["caption"] for beat in manifest["beats"]]
    assert captions[0] == "?"
    assert captions[1] in {"cat!", "dog!", "owl!"}
    assert film.with_suffix(".vtt").is_file()
    assert film.with_suffix(".png").is_file()


def test_a_scene_from_outside_is_listed_with_its_parameters(outside_package: Path) -> None:
    listing = json.loads(cnnviz(outside_package, "scenes", "--json"))
    assert listing["verdict"]["summary"] == "The photo, and what the network takes it for."
    assert listing["verdict"]["parameters"]["side"]["kind"] == "number"
