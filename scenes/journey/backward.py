"""How the way back is told: from one cell to all that it has seen of the picture."""

from __future__ import annotations

from collections.abc import Sequence

from manim import FadeIn, FadeOut, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.animations.flight import fly
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.journey.cone import Cone, Patch
from cnnviz.scenes.journey.panel import zoom_lines
from cnnviz.scenes.journey.trail import Trail
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import around, between, meet

STEP = 0.6
"""How long one step back takes in the mean, in moves."""

EVENNESS = 0.25
"""How much of the steps' time is the same for all; the rest follows the patches' widths."""


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
    slots
        The trail's slot for each of them, the picture's first.
    """

    def __init__(self, scene: LectureScene, cone: Cone, trail: Trail, slots: Sequence[int]) -> None:
        self.scene, self.cone, self.trail, self._slots = scene, cone, trail, slots

    def show_cell(self) -> None:
        """Let the cell's map grow out of the trail, and the cell out of its map, with its value.

        Of the trail, what the pixel did not come to is lit as well.
        """
        scene, cone, board = self.scene, self.cone, self.cone.board
        last, zoom = self._slots[-1], scene.timing.zoom
        outline = self.trail.marks[last]
        leaving = [each for each in scene.on_stage_but(self.trail.parts) if each is not outline]
        mark = self.trail.mark(last, cone.fields[-1])
        scene.remove(mark)  # it was elsewhere on its map
        growing = fly(board.map, board.home, zoom, self.trail.maps[last].corners())
        scene.add(board.map)
        lighting = FadeTo(self.trail.maps, 1.0)
        scene.play(*map(FadeOut, leaving), FadeIn(mark), lighting, growing, run_time=zoom)
        scene.fade_in(board.frame, board.heading, board.mark)
        scene.add(board.cell, board.outline)

        def grow(share: float) -> None:
            place = between(board.edges, board.cell_home, share)
            board.cell.set_corners(*place)
            board.outline.set_edges(*place)

        grow(0.0)
        drive = Drive([board.cell, board.outline], grow, 0, 1, rate_func=smooth)
        scene.play(drive, FadeIn(board.lines), run_time=scene.while_read(scene.timing.zoom))
        scene.fade_in(cone.value)

    def widen(self) -> None:
        """Step back layer by layer; the cone widens, and the cell's map goes before it comes there.

        So the stage is not empty while the first fields, which are small, stand at its end.
        """
        scene, cone, tip, board = self.scene, self.cone, self.cone.crops[-1], self.cone.board
        timing, steps = scene.timing, len(cone.fields) - 1
        shares = _shares_of_time([crop.width for crop in cone.crops[:-1]])
        total = timing.move + steps * STEP * timing.move
        leaving = self._motion_before_the_map(tip)
        slowed = (scene.while_read(total) + timing.fade) / total  # the next beat begins at rest
        scene.play(
            board.cell.animate.scale(tip.width / board.cell.width).move_to(tip),
            board.outline.animate.become(cone.outlines[-1]),
            cone.value.animate.move_to(cone.value_goal),
            *map(FadeOut, [board.lines, *(board.around if leaving == 0 else [])]),
            run_time=slowed * timing.move,
        )
        scene.remove(board.cell, board.outline)
        scene.add(tip, cone.outlines[-1])
        size_of_cell = [FadeIn(cone.sizes[-1])]  # with the first step
        for index in reversed(range(steps)):
            mark = self.trail.mark(self._slots[index], cone.fields[index])
            scene.play(
                FadeIn(cone.sides[index]),
                FadeIn(cone.crops[index], target_position=cone.crops[index + 1], scale=0.6),
                FadeIn(cone.outlines[index], target_position=cone.crops[index + 1], scale=0.6),
                FadeIn(cone.sizes[index]),
                FadeIn(mark),
                *size_of_cell,
                *map(FadeOut, board.around if leaving == steps - index else []),
                run_time=slowed * shares[index] * steps * STEP * timing.move,
            )
            size_of_cell = []

    def _motion_before_the_map(self, tip: HeatMap) -> int:
        """Return during which motion, from 0, the cell's map goes: the one before it is covered.

        The first motion is the cell's to its place, and each other one a field's to its own.
        """
        cone, board = self.cone, self.cone.board
        taken = around((board.home, board.heading.corners()))
        moved = cone.value.copy().move_to(cone.value_goal)
        cells_way = board.cell_home, tip.corners(), cone.value.corners(), moved.corners()
        motions = [around(cells_way)]
        for index in reversed(range(len(cone.crops) - 1)):
            parts = (cone.crops[index], cone.crops[index + 1], cone.sizes[index])
            motions.append(around(part.corners() for part in parts))
        covered = [meet(each, taken) for each in motions]
        first = covered.index(True) if any(covered) else len(motions)
        return max(first - 1, 0)

    def show_patch(self, patch: Patch) -> None:
        """Let the cone's base grow beside the picture, and show the photo at the same place."""
        scene, timing, base = self.scene, self.scene.timing, self.cone.crops[0]
        outline = self.cone.outlines[0]
        leaving = scene.on_stage_but([base, outline])
        scene.bring_to_front(base, outline)
        scene.play(
            *(FadeOut(each, run_time=timing.fade) for each in leaving),
            base.animate(run_time=timing.zoom)  # type: ignore[operator]
            .scale(patch.near.width / base.width)
            .move_to(patch.near),
            outline.animate(run_time=timing.zoom).become(patch.near_mark),  # type: ignore[operator]
            *(FadeIn(each, run_time=timing.zoom) for each in patch.parts),
        )
        scene.remove(base, outline)
        scene.add(patch.near, patch.near_mark)
        lines = zoom_lines(patch.edges, patch.near, scene.theme, below=patch.is_below)
        scene.fade_in(lines, patch.near_heading, run_time=timing.move)
        scene.fade_in(patch.sharp, patch.sharp_heading, run_time=timing.move)
        scene.wait(timing.pause)


def _shares_of_time(widths: Sequence[float]) -> list[float]:
    """Return the share of the time that each step takes: a larger patch is looked at for longer."""
    even, total = 1 / len(widths), sum(widths)
    return [EVENNESS * even + (1 - EVENNESS) * width / total for width in widths]
