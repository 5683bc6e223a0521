"""How all outputs are told: both windows glide in step, and both maps fill."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import FadeIn, FadeOut, Mobject, linear, rush_into, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.crossing import rates_apart
from cnnviz.scenes.compare.pair_maps import PairMaps
from cnnviz.scenes.compare.patch import Patch
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.colour import rgb_of_hex

STEPS = 5
"""Positions at which the windows rest, so that both sums can be read."""

GLIDED_ROWS = 2
"""Rows along which the windows are seen to glide."""

TRAIL_SHARE = 0.25
"""Of a map's cells: so many behind the newest still glow."""


class PairSweep:
    """Tells all outputs: first step by step, with their sums, then faster and faster.

    Parameters
    ----------
    scene
        What it plays on; pictures and filter are on the stage.
    board
        The stage.
    pair
        Both maps, large: there most of their cells appear.
    """

    def __init__(self, scene: LectureScene, board: CompareBoard, pair: PairMaps) -> None:
        self._scene, self._board, self._pair = scene, board, pair
        self._patches = [
            Patch(half, scene.word("patch", name=name), half.places.patch, scene.theme)
            for half, name in zip(board.halves, board.sides.names, strict=True)
        ]

    def play(self) -> None:
        """Let both windows glide in step, and fill both maps."""
        scene, board, timing = self._scene, self._board, self._scene.timing
        count = board.rows * board.columns
        board.show_position(0)
        board.fill(1)
        tables = [part for half in board.halves for part in half.table.parts]
        windows = [window for half in board.halves for window in half.windows]
        scene.add(*board.maps)
        scene.fade_out(*(part for group in board.kernels for part in group))
        tiles = [*board.tiles, *board.tile_parts]
        frames = [part for half in board.halves for part in (half.frame, half.map_heading)]
        scene.play(*map(FadeIn, (*tiles, *frames, *tables, *windows)), run_time=timing.fade)
        gliding = [*windows, *board.maps]
        driven = [*board.moving, *board.maps]
        steps = min(STEPS, board.columns) - 1
        for step in range(steps):
            scene.play(
                Drive(driven, self._step_to, step, step + 1),
                run_time=timing.example_step,
                rate_func=linear,
            )
        glided = min(GLIDED_ROWS, board.rows) * board.columns - 1
        patches = [part for patch in self._patches for part in patch.parts]
        if glided > steps:
            self._show_patches(steps)
            scene.play(
                *(FadeOut(each, rate_func=leaving) for each in tables),
                *(FadeIn(each, rate_func=arriving) for each in patches),
                run_time=timing.fade,
            )
            followers = [*gliding, *(patch.cells for patch in self._patches)]
            scene.play(
                Drive(followers, self._glide_with_patches, steps, glided),
                run_time=timing.sweep_first_row * (glided - steps + 1) / board.columns,
                rate_func=linear,
            )
        self._grow([*windows, *tiles, *scene.present([*tables, *patches])])
        if glided + 1 < count:
            scene.play(
                Drive(board.maps, self._run_to, glided + 1, count * (1 + TRAIL_SHARE)),
                run_time=scene.while_read(timing.sweep),
                rate_func=rush_into,
            )
        board.fill(count)
        scene.remove(*board.maps)
        scene.add(*self._pair.maps)

    def _grow(self, others: Sequence[Mobject]) -> None:
        """Let both maps take the room of the sums; the pictures go beside them, if they can."""
        scene, board, pair, timing = self._scene, self._board, self._pair, self._scene.timing
        pictures, frames = zip(*((half.picture, half.frame) for half in board.halves), strict=True)
        names = (name for half in board.halves for name in (half.picture_heading, half.map_heading))
        going = [*others, *names]
        if not pair.pictures:
            going += pictures
        scene.play(*map(FadeOut, going), run_time=timing.fade)
        ends = [each.corners() for each in pair.maps]
        rates = rates_apart([each.corners() for each in board.maps], ends)
        flights = zip(
            [*board.maps, *pictures],
            [*ends, *(each.corners() for each in pair.pictures)],
            [*rates, *rates],
            strict=False,
        )
        scene.play(
            *(fly(each, end, timing.zoom, rate_func=rate) for each, end, rate in flights),
            *(
                frame.animate(rate_func=rate).become(target)
                for frame, target, rate in zip(frames, pair.frames, rates, strict=True)
            ),
            *(FadeIn(each, rate_func=arriving) for each in (*pair.names, pair.legend)),
            run_time=timing.zoom,
        )
        scene.remove(*frames)
        scene.add(*pair.frames)

    def _step_to(self, position: float) -> None:
        """Show a position of the steps: the windows rest for half of each."""
        whole = int(position)
        self._glide_to(whole + float(smooth(min(2 * (position - whole), 1.0))))

    def _glide_to(self, position: float) -> None:
        """Put the windows at a position in reading order, and fill the maps up to there."""
        self._board.fill(int(position + 0.5) + 1)
        self._board.show_position(position)

    def _glide_with_patches(self, position: float) -> None:
        """Do the same, and show from near what the windows lie on."""
        self._glide_to(position)
        self._show_patches(position)

    def _show_patches(self, position: float) -> None:
        """Show what the output sees that is filled last at a position."""
        for patch in self._patches:
            patch.show(*divmod(int(position + 0.5), self._board.columns))

    def _run_to(self, count: float) -> None:
        """Fill the first `count` cells of both maps; the newest of them glow."""
        board = self._board
        trail = TRAIL_SHARE * board.rows * board.columns
        light = np.array(rgb_of_hex(board.theme.palette.text), np.float64)
        for half in board.halves:
            half.glow(count, trail, light)
