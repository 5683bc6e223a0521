import numpy as np
import pytest
from manim import Scene, Square, linear, tempconfig

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label
from cnnviz.style.theme import dark_theme

SETTINGS = {"pixel_width": 160, "pixel_height": 90, "frame_rate": 10, "dry_run": True}


def test_drive_runs_its_number_and_leaves_the_scene_alone() -> None:
    with tempconfig(SETTINGS):
        scene = Scene()
        below, above = Square(), Square()
        scene.add(below, above)
        seen: list[float] = []
        scene.play(Drive([below], seen.append, 2, 4, run_time=1, rate_func=linear))
    assert scene.mobjects == [below, above]
    assert seen[0] == 2
    assert seen[-1] == 4
    assert seen == sorted(seen)


def test_fade_to_keeps_hidden_parts_hidden() -> None:
    with tempconfig(SETTINGS):
        scene = Scene()
        shown, hidden = Label("a", 30, "#ffffff"), Label("b", 30, "#ffffff").set_opacity(0)
        frame = Square(fill_opacity=0)
        scene.add(shown, hidden, frame)
        scene.play(FadeTo([shown, hidden, frame], 0.3, run_time=0.2))
        assert (shown.opacity, hidden.opacity) == pytest.approx((0.3, 0))
        assert frame.get_stroke_opacity() == pytest.approx(0.3)
        assert frame.get_fill_opacity() == 0
        scene.play(FadeTo([shown, hidden, frame], 1.0, run_time=0.2))
        assert (shown.opacity, hidden.opacity) == (1, 0)


def test_a_window_encloses_its_cells() -> None:
    board = HeatMap(np.zeros((6, 8, 3), np.uint8), 4, 3)
    window = KernelWindow(board, 3, dark_theme())
    window.show_position(2, 1)
    left, top = board.cell_centre(1.5, 0.5)[:2]
    right, bottom = board.cell_centre(4.5, 3.5)[:2]
    margin = 0.05
    assert left - margin < window.get_left()[0] < left
    assert right < window.get_right()[0] < right + margin
    assert top < window.get_top()[1] < top + margin
    assert bottom - margin < window.get_bottom()[1] < bottom
