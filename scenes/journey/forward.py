"""How a pixel's way through the layers is told: stop by stop, then the vector and the scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from manim import AnimationGroup, FadeIn, LaggedStart, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.explain.fields import Field
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.journey.map import MapBoard
from cnnviz.scenes.journey.passed import PassedBoard
from cnnviz.scenes.journey.pixel import PixelBoard
from cnnviz.scenes.journey.pool import PoolBoard
from cnnviz.scenes.journey.products import ProductBoard
from cnnviz.scenes.journey.scores import ScoreBoard
from cnnviz.scenes.journey.stages import Journey
from cnnviz.scenes.journey.steps import Stop
from cnnviz.scenes.journey.trail import Trail, channel_colours
from cnnviz.scenes.journey.vector import VectorBoard
from cnnviz.scenes.journey.walk import JourneyTransition, OutgoingMap
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone

if TYPE_CHECKING:
    from manim.typing import Point3D

SLOW_STOPS = 3
"""Stops that are told slowly; the later ones only repeat what they have shown."""

QUICK = 0.45
"""How long the motions of the later ones take, in relation to the first."""


class Forward:
    """Tells the way of one pixel from the picture to the probabilities, beat by beat.

    Parameters
    ----------
    scene
        What it plays on.
    journey
        What becomes of the pixel.
    class_index
        The class towards whose score the channels are followed.
    trail
        Fills as the pixel goes on.
    zone
        The room below the trail.
    """

    def __init__(
        self, scene: LectureScene, journey: Journey, class_index: int, trail: Trail, zone: Zone
    ) -> None:
        self.scene, self.journey, self.trail, self.zone = scene, journey, trail, zone
        self.class_index = class_index
        self.walk = JourneyTransition(scene, trail)
        self._pixel = (journey.row, journey.column)

    # -- the pixel --------------------------------------------------------------------------

    def show_pixel(self, board: PixelBoard) -> None:
        """Turn the photo into pixels and show one of them from near, with its numbers."""
        scene, timing = self.scene, self.scene.timing
        scene.fade_in(board.picture, board.note, run_time=timing.move)
        scene.remove(board.photo)
        scene.fade_in(board.mark)
        scene.fade_in(*board.near_parts, run_time=timing.move)
        scene.fade_in(*board.fact_parts)
        mark = self.trail.mark(0, Field(INPUT, self._pixel[:1], self._pixel[1:]))
        name = scene.words("common.picture")
        self.walk.leaving = OutgoingMap(0, board.picture, board.mark, mark, name, "1×1")

    # -- the first convolution ----------------------------------------------------------------

    def multiply(self, stop: Stop) -> None:
        """Show the pixel's products, their sums, and the outputs they are a part of."""
        scene, timing = self.scene, self.scene.timing
        board = ProductBoard(
            scene.trace, stop.first, *self._pixel, self.zone, scene.theme, scene.words
        )
        self.walk.move_on([part for parts in board.values for part in parts])
        scene.fade_in(*(part for parts in board.weights for part in parts))
        groups = [AnimationGroup(*map(FadeIn, parts)) for parts in board.products]
        run_time = timing.move + timing.fade * len(groups) / 2
        scene.play(LaggedStart(*groups, lag_ratio=0.6), run_time=run_time)
        scene.wait(timing.pause / 2)
        flights = [grid.cells.copy() for grid in board.grids]
        scene.bring_to_back(*flights)
        scene.play(
            *(
                flight.animate.scale(board.own.cells.width / flight.width)
                .move_to(board.own.cells)
                .set_opacity(0.0)
                for flight in flights
            ),
            *map(FadeIn, [*board.own.parts, board.own_heading]),
            run_time=timing.move,
        )
        scene.remove(*flights)
        scene.wait(timing.pause / 2)
        scene.fade_in(*board.outputs.parts, board.outputs_heading)

    # -- maps ---------------------------------------------------------------------------------

    def show_map(self, stop: Stop, index: int) -> None:
        """Show the map, what the pixel reaches of it, its part of that, and the ReLU."""
        scene, timing = self.scene, self.scene.timing
        speed = self._speed(index)
        board = MapBoard(scene.trace, stop, self.zone, scene.theme, scene.words)
        self.walk.move_on([board.map, board.frame, board.heading, board.mark])
        scene.play(
            Drive([board.mark], board.show_mark, 0, 1),
            run_time=speed * timing.move,
            rate_func=smooth,
        )
        scene.fade_in(*board.close_up_parts, *([] if board.takes_turns else board.own_parts))
        if board.has_relu:
            scene.wait(speed * timing.pause / 2)
            self._apply_relu(board, speed)
        if board.takes_turns:
            scene.wait(speed * timing.pause)
            scene.fade_out(*board.values.parts, board.values_heading, board.foot)
            scene.fade_in(*board.own_parts)
        mark = self.trail.mark(index, stop.last.field)
        self.walk.leaving = OutgoingMap(index, board.map, board.mark, mark, *self._labels(stop))

    def _apply_relu(self, board: MapBoard, speed: float) -> None:
        """Let what is not above zero become zero."""
        scene = self.scene
        scene.play(
            Drive(board.moving_parts, board.show_relu, 0, 1),
            run_time=1.2 * speed * scene.timing.move,
            rate_func=linear,
        )
        scene.fade_in(board.foot)

    def pool(self, stop: Stop, index: int) -> None:
        """Show the windows, let the winners through, and what is left of the pixel."""
        scene, timing = self.scene, self.scene.timing
        speed = self._speed(index)
        board = PoolBoard(scene.trace, stop, self.zone, scene.theme, scene.words)
        self.walk.move_on(board.before_parts)
        scene.fade_in(*board.marks)
        scene.wait(speed * timing.pause / 2)
        scene.play(
            Drive(board.before.parts, board.show_losers, 0, 1),
            run_time=speed * timing.move,
            rate_func=smooth,
        )
        self._fly(board.flights(), board.after.cells, [FadeIn(board.after_heading)], timing.move)
        scene.add(*board.after.parts)
        scene.fade_in(board.foot, *board.own_parts)
        stage = stop.last
        colours = channel_colours(scene.trace, stage.layer, stage.channel, scene.theme)
        mark = self.trail.mark(index, stage.field)
        target = self.trail.map(index, colours)
        self.walk.leaving = OutgoingMap(index, target, None, mark, *self._labels(stop))

    def pass_quickly(self, stops: Sequence[Stop]) -> None:
        """Show the maps of stops that are not told in full, one after the other."""
        scene, timing = self.scene, self.scene.timing
        board = PassedBoard(scene.trace, stops, self.zone, scene.theme, scene.words)
        board.show(0)
        self.walk.move_on(board.parts)
        scene.play(
            Drive(board.parts, board.show, 0, len(stops) - 1),
            run_time=min(len(stops) * timing.fade, timing.sweep),
            rate_func=linear,
        )

    def lose(self, stop: Stop) -> None:
        """Show the map that the pixel does not get to."""
        board = PassedBoard(self.scene.trace, [stop], self.zone, self.scene.theme, self.scene.words)
        board.show(0)
        self.walk.move_on(board.parts)

    # -- the end ------------------------------------------------------------------------------

    def flatten(self) -> None:
        """Let one channel's cells fly to their places in the vector, then light all others."""
        scene, timing = self.scene, self.scene.timing
        board = VectorBoard(scene.trace, self.journey, self.zone, scene.theme, scene.words)
        board.show_reached(0)
        self.walk.move_on([*board.grid.parts, board.grid_heading])
        scene.fade_in(board.frame, board.vector, *board.arithmetic)
        arriving = [FadeIn(board.mark), FadeIn(board.heading)]
        self._fly(board.flights(), board.vector, arriving, 1.5 * timing.move)
        runs = [board.runs[line] for line in board.order]
        scene.play(
            Drive([board.vector], board.show_reached, 0, 1),
            LaggedStart(*map(FadeIn, runs), lag_ratio=0.5),
            run_time=timing.move,
            rate_func=linear,
        )
        scene.fade_in(board.foot)

    def score(self) -> ScoreBoard:
        """Show what the cells add to each class's score, and the pixel's own part of it."""
        scene = self.scene
        board = ScoreBoard(
            scene.trace, self.journey, self.class_index, self.zone, scene.theme, scene.words
        )
        self.walk.move_on([*board.names, *board.added_parts])
        scene.wait(scene.timing.pause / 2)
        scene.fade_in(*board.own_parts)
        return board

    def show_probabilities(self, board: ScoreBoard) -> None:
        """Show the whole scores, and the probabilities that softmax makes of them."""
        scene = self.scene
        scene.fade_in(*board.score_parts)
        scene.wait(scene.timing.pause / 2)
        scene.fade_in(*board.probability_parts)

    # -- from stop to stop --------------------------------------------------------------------

    def _fly(
        self,
        flights: Sequence[tuple[HeatMap, Point3D]],
        target: HeatMap,
        meanwhile: Sequence[Any],
        run_time: float,
    ) -> None:
        """Let cells fly to their places and take the size that they have on `target`."""
        scene, cells = self.scene, [cell for cell, _ in flights]
        width, height = target.cell_size()
        scene.bring_to_back(*cells)  # No number is ever covered.
        scene.play(
            *(
                cell.animate.move_to(place)
                .stretch_to_fit_width(width)
                .stretch_to_fit_height(height)
                for cell, place in flights
            ),
            *meanwhile,
            run_time=run_time,
        )
        scene.remove(*cells)

    def _labels(self, stop: Stop) -> tuple[str, str]:
        rows, columns = stop.last.values.shape
        return stop.last.layer, f"{rows}×{columns}"

    def _speed(self, index: int) -> float:
        """Return by how much motions are shorter at a stop: what is known goes faster."""
        return 1.0 if index <= SLOW_STOPS else QUICK
