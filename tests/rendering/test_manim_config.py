import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from manim import MathTypst, config

from cnnviz.rendering.manim_config import film_config
from cnnviz.rendering.settings import FilmSettings

STRAY = """\
[CLI]
background_color = RED
background_opacity = 0.5
frame_rate = 3
pixel_height = 100
pixel_width = 333
renderer = opengl
format = gif
save_sections = True
write_all = True
preview = True
log_to_file = True
verbosity = DEBUG
progress_bar = leave
media_dir = ./elsewhere
seed = 77
from_animation_number = 1
upto_animation_number = 1
"""

HASH_A_FILM = """
import hashlib
from manim import RED, Circle, Create, FadeIn, Scene, Square
from cnnviz.rendering.film import stills
from cnnviz.rendering.settings import FilmSettings

class Tiny(Scene):
    def construct(self):
        self.play(Create(Circle(color=RED)), run_time=0.3)
        self.play(FadeIn(Square()), run_time=0.3)
        self.wait(0.2)

frames = stills(lambda renderer: Tiny(renderer=renderer), FilmSettings(160, 90, 10), range(8))
print(hashlib.sha256(b"".join(frame.tobytes() for frame in frames)).hexdigest())
"""


def hash_a_film(folder):
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", HASH_A_FILM],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()[-1]


def test_a_stray_manim_cfg_changes_nothing(tmp_path):
    plain, stray = tmp_path / "plain", tmp_path / "stray"
    plain.mkdir()
    stray.mkdir()
    (stray / "manim.cfg").write_text(STRAY)
    assert hash_a_film(stray) == hash_a_film(plain)
    assert [path.name for path in stray.iterdir()] == ["manim.cfg"]


def state_of_manim():
    return dict(config), logging.getLogger("manim").level, set(logging.getLogger().handlers)


def test_everything_is_as_before_afterwards(settings):
    before = state_of_manim()
    with film_config(settings):
        assert config["frame_width"] == pytest.approx(128 / 9)
    assert state_of_manim() == before


def test_a_handler_that_was_taken_away_before_stays_away(settings):
    root, manim = logging.getLogger(), logging.getLogger("manim")
    before = list(root.handlers)
    for handler in manim.handlers:
        root.removeHandler(handler)
    taken_away = set(root.handlers)
    with film_config(settings):
        pass
    after = set(root.handlers)
    root.handlers = before
    assert after == taken_away


def test_everything_is_as_before_after_an_error(settings):
    before = state_of_manim()
    with pytest.raises(KeyError), film_config(settings):
        raise KeyError
    assert state_of_manim() == before


def test_scratch_files_are_shared_and_vanish(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with film_config(settings):
        outer = Path(config["tex_dir"])
        MathTypst("x^2")
        with film_config(FilmSettings(640, 360, 30)):
            assert Path(config["tex_dir"]) == outer
            assert config["pixel_width"] == 640
        assert any(outer.iterdir())
    assert not outer.exists()
    assert not list(tmp_path.iterdir())
