"""How all outputs are told: both windows glide in step, and both maps fill."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Animation, FadeIn, FadeOut, Mobject, linear, rush_into, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.animations.flight import fly
from cnnviz.scenes.compare.board import CompareBoard
from cnnviz.scenes.compare.pair_maps import PairMaps
from cnnviz.scenes.compare.patch import Patch
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.colour import rgb_of_hex
from cnnviz.style.geometry import point

STEPS = 5
"""Positions at which the windows rest, so that both sums can be read."""

GLIDED_ROWS = 2
"""Rows along which the windows are seen to glide."""

TRAIL_SHARE = 0.25
"""Of a map's cells: so many behind the newest still glow."""

BELOW = 0.35
"""Opacity of a picture below its map, while that fills."""


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
        covered = [] if self._pair.pictures else [half.picture for half in board.halves]
        scene.remove(*board.maps, *covered)
        scene.add(*self._pair.maps)

    def _grow(self, others: Sequence[Mobject]) -> None:
        """Let both maps take the room of the sums; the pictures go beside them, if they can.

        Else they go below them, dimmed: what is computed of them covers them cell by cell.
        """
        scene, board, pair, timing = self._scene, self._board, self._pair, self._scene.timing
        pictures, frames = zip(*((half.picture, half.frame) for half in board.halves), strict=True)
        names = (name for half in board.halves for name in (half.picture_heading, half.map_heading))
        going = [FadeOut(each, run_time=timing.fade) for each in (*others, *names)]
        scene.play(*going, *([] if pair.pictures else self._slides()))
        ends = [each.corners() for each in pair.maps]
        places = [each.corners() for each in pair.pictures] or ends
        flights = zip([*board.maps, *pictures], [*ends, *places], strict=True)
        scene.play(
            *(fly(each, end, timing.zoom) for each, end in flights),
            *(
                frame.animate.become(target)
                for frame, target in zip(frames, pair.frames, strict=True)
            ),
            *(FadeIn(each, rate_func=arriving) for each in (*pair.names, pair.legend)),
            run_time=timing.zoom,
        )
        scene.remove(*frames)
        scene.add(*pair.frames)

    def _slides(self) -> list[Animation]:
        """Return how pictures go below their maps, dimmed, and both to where the map will grow.

        There they stand in one row and column with nothing else, and pass over nothing.
        """
        board, run_time = self._board, self._scene.timing.move
        slides: list[Animation] = [
            FadeTo([half.picture for half in board.halves], BELOW, run_time=run_time)
        ]
        for half, large in zip(board.halves, self._pair.maps, strict=True):
            left, top, right, bottom = half.map.corners()
            across = float(large.get_center()[0]) - (left + right) / 2
            place = (left + across, top, right + across, bottom)
            slides += [
                *(fly(each, place, run_time) for each in (half.picture, half.map)),
                half.frame.animate(run_time=run_time)  # type: ignore[operator]
                .shift(point(across, 0.0))
                .build(),
            ]
        return slides

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
