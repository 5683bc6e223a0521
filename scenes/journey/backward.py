"""How the way back is told: from one cell to all that it has seen of the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import FadeIn, FadeOut, Mobject, smooth

from cnnviz.animations.drive import Drive
from cnnviz.scenes.journey.cone import Cone, Patch
from cnnviz.scenes.journey.panel import zoom_lines
from cnnviz.scenes.journey.trail import Trail
from cnnviz.staging.scene import LectureScene

STEP = 0.6
"""How long one step back takes, in moves."""


class Backward:
    """Tells what one cell sees, layer by layer back to the picture.

    Parameters
    ----------
    scene
        What it plays on.
    cone
        The cell's fields.
    trail
        Shows where they lie.
    """

    def __init__(self, scene: LectureScene, cone: Cone, trail: Trail) -> None:
        self.scene, self.cone, self.trail = scene, cone, trail

    def show_cell(self, rest: Sequence[Mobject]) -> None:
        """Show the one cell with its value, its place on its map, and the `rest` of the trail."""
        scene, cone = self.scene, self.cone
        last = len(cone.fields) - 1
        leaving = scene.on_stage_but(self.trail.shown)
        scene.remove(*scene.present([self.trail.marks[last]]))  # it is to be seen elsewhere
        leaving = [each for each in leaving if each is not self.trail.marks[last]]
        mark = self.trail.mark(last, cone.fields[last])
        scene.play(*map(FadeOut, leaving), *map(FadeIn, [*rest, mark]), run_time=scene.timing.move)
        start, end = np.array(_edges_of(mark)), np.array(cone.cell.corners())

        def grow(share: float) -> None:
            left, top, right, bottom = map(float, start + (end - start) * share)
            cone.cell.set_corners(left, top, right, bottom)
            cone.cell_outline.set_edges(left, top, right, bottom)

        grow(0.0)
        scene.add(cone.cell, cone.cell_outline)
        drive = Drive([cone.cell, cone.cell_outline], grow, 0, 1, rate_func=smooth)
        scene.play(drive, run_time=2 * scene.timing.move)
        scene.fade_in(cone.cell_name, cone.value)

    def widen(self) -> None:
        """Step back layer by layer; the cone widens."""
        scene, cone, tip = self.scene, self.cone, self.cone.crops[-1]
        scene.play(
            cone.cell.animate.scale(tip.width / cone.cell.width).move_to(tip),
            cone.cell_outline.animate.become(cone.outlines[-1]),
            cone.value.animate.move_to(cone.value_goal),
            FadeOut(cone.cell_name),
            run_time=scene.timing.move,
        )
        scene.remove(cone.cell, cone.cell_outline)
        scene.add(tip, cone.outlines[-1])
        scene.fade_in(cone.sizes[-1])
        for index in reversed(range(len(cone.fields) - 1)):
            mark = self.trail.mark(index, cone.fields[index])
            scene.play(
                FadeIn(cone.sides[index]),
                FadeIn(cone.crops[index], target_position=cone.crops[index + 1], scale=0.6),
                FadeIn(cone.outlines[index], target_position=cone.crops[index + 1], scale=0.6),
                FadeIn(cone.sizes[index]),
                FadeIn(mark),
                run_time=STEP * scene.timing.move,
            )

    def show_patch(self, patch: Patch) -> None:
        """Let the cone's base grow beside the picture, and show the photo at the same place."""
        scene, timing, base = self.scene, self.scene.timing, self.cone.crops[0]
        outline = self.cone.outlines[0]
        scene.fade_out(*scene.on_stage_but([base, outline]))
        scene.play(
            base.animate.scale(patch.near.width / base.width).move_to(patch.near),
            outline.animate.become(patch.near_mark),
            run_time=timing.zoom,
        )
        scene.remove(base, outline)
        scene.add(patch.near, patch.near_mark)
        lines = zoom_lines(patch.edges, patch.near, scene.theme, patch.is_below)
        scene.fade_in(*patch.parts, lines, patch.near_heading, run_time=timing.move)
        scene.fade_in(patch.sharp, patch.sharp_heading, run_time=timing.move)
        scene.wait(timing.pause)


def _edges_of(outline: Mobject) -> tuple[float, float, float, float]:
    """Return (left, top, right, bottom) of what is outlined."""
    return (
        float(outline.get_left()[0]),
        float(outline.get_top()[1]),
        float(outline.get_right()[0]),
        float(outline.get_bottom()[1]),
    )
