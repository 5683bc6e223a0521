"""How a pixel's way through the layers is told: stop by stop, then the vector and the scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from manim import FadeIn, LaggedStart, Mobject, Wait, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.zoom import Zoom
from cnnviz.explain.fields import Field
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.journey.closeup import CloseUp, Corners
from cnnviz.scenes.journey.map import MapBoard
from cnnviz.scenes.journey.passed import PassedBoard
from cnnviz.scenes.journey.pixel import PixelBoard
from cnnviz.scenes.journey.pool import PoolBoard
from cnnviz.scenes.journey.products import ProductBoard
from cnnviz.scenes.journey.scores import ScoreBoard
from cnnviz.scenes.journey.spread import SpreadBoard
from cnnviz.scenes.journey.stages import Journey
from cnnviz.scenes.journey.steps import Stop
from cnnviz.scenes.journey.trail import Trail, channel_colours
from cnnviz.scenes.journey.vector import VectorBoard
from cnnviz.scenes.journey.walk import JourneyTransition, OutgoingMap
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.whole_network import network_with, take_over
from cnnviz.style.geometry import Zone

if TYPE_CHECKING:
    from manim.typing import Point3D


QUICK = 0.72
"""How long motions take from the second stop on, where they only repeat what has been seen."""


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
        if scene.inherited is None:
            scene.play(
                board.photo.animate.scale(board.picture.width / board.photo.width).move_to(
                    board.picture
                ),
                *scene.settle_title(),
                run_time=timing.move,
            )
            scene.fade_in(board.picture, board.note)
            scene.remove(board.photo)
        else:
            self._come_from_the_network(board)
        scene.fade_in(board.mark)
        board.show_nearness(0.0)
        scene.add(board.neighbours, board.near)
        scene.play(
            Drive([board.near], board.show_nearness, 0, 1), run_time=timing.zoom, rate_func=smooth
        )
        scene.fade_in(*board.near_parts)
        scene.play(
            LaggedStart(*map(FadeIn, board.fact_parts), lag_ratio=0.3), run_time=1.5 * timing.move
        )
        mark = self.trail.mark(0, Field(INPUT, self._pixel[:1], self._pixel[1:]))
        name = scene.words("common.picture")
        self.walk.leaving = OutgoingMap(0, board.picture, board.mark, mark, name, "1×1")

    def _come_from_the_network(self, board: PixelBoard) -> None:
        """Let the picture grow out of the network that the scene before has left."""
        scene, timing = self.scene, self.scene.timing
        network = take_over(scene, network_with(scene, INPUT, None))
        scene.play(
            Drive([network], network.calming(), 0, 1), *scene.settle_title(), run_time=timing.fade
        )
        zoom = Zoom(network, INPUT, {(INPUT, None): board.picture})
        zoom.show(0.0)
        scene.add(board.picture)
        scene.play(zoom.drive(0.0, 1.0, timing.zoom))
        scene.remove(network)
        scene.fade_in(board.note)

    # -- the first convolution ----------------------------------------------------------------

    def multiply(self, stop: Stop) -> None:
        """Show the pixel's products, their sums, and the outputs they are a part of."""
        scene, timing = self.scene, self.scene.timing
        board = ProductBoard(
            scene.trace, stop.first, *self._pixel, self.zone, scene.theme, scene.words
        )
        self.walk.move_on([part for parts in board.values for part in parts])
        weights = [(grid, _middle_of(sign)) for grid, sign in board.weighted]
        self._grow(weights, [FadeIn(sign) for _, sign in board.weighted], timing.move)
        for (grid, _), product, sign in zip(
            board.weighted, board.grids, board.equals_signs, strict=True
        ):
            products = [(product, grid.cells.corners())]
            self._grow(products, [FadeIn(sign)], min(0.6, 1.8 / len(board.grids)) * timing.move)
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
        self._grow(
            [(board.outputs, board.own.cells.corners())],
            [FadeIn(board.outputs_heading)],
            timing.move,
        )

    # -- maps ---------------------------------------------------------------------------------

    def show_map(self, stop: Stop, index: int) -> None:
        """Show the map, what the pixel reaches of it, its part of that, and the ReLU."""
        scene, timing = self.scene, self.scene.timing
        speed = 1.0 if index == 1 else QUICK
        board = MapBoard(scene.trace, stop, self.zone, scene.theme, scene.words)
        self.walk.move_on([board.map, board.frame, board.heading, board.mark])
        scene.play(
            Drive([board.mark], board.show_mark, 0, 1),
            run_time=speed * timing.fade,
            rate_func=smooth,
        )
        arriving = [FadeIn(board.zoom), FadeIn(board.values_heading)]
        self._grow([(board.values, board.mark_end)], arriving, speed * timing.zoom)
        if not board.takes_turns:
            self._show_own(board, speed * timing.move)
        if board.has_relu:
            scene.play(
                Drive(board.moving_parts, board.show_relu, 0, 1),
                run_time=1.4 * speed * timing.move,
                rate_func=linear,
            )
            scene.fade_in(board.foot)
        if board.takes_turns:
            scene.fade_out(*board.values.parts, board.values_heading, board.foot)
            scene.fade_in(*board.own_parts)
        mark = self.trail.mark(index, stop.last.field)
        self.walk.leaving = OutgoingMap(index, board.map, board.mark, mark, *self._labels(stop))

    def _show_own(self, board: MapBoard, run_time: float) -> None:
        """Let the pixel's own part come out of the values."""
        start = board.values.cells.corners()
        self._grow([(board.own, start)], [FadeIn(board.own_heading)], run_time)

    def pool(self, stop: Stop, index: int) -> None:
        """Show the windows, let the winners through, and what is left of the pixel."""
        scene, timing = self.scene, self.scene.timing
        board = PoolBoard(scene.trace, stop, self.zone, scene.theme, scene.words)
        self.walk.move_on(board.before_parts)
        scene.play(
            LaggedStart(*map(FadeIn, board.marks), lag_ratio=0.2) if board.marks else Wait(),
            run_time=QUICK * timing.move,
        )
        scene.play(
            Drive(board.before.parts, board.show_losers, 0, 1),
            run_time=QUICK * timing.move,
            rate_func=smooth,
        )
        self._fly(board.flights(), board.after.cells, [FadeIn(board.after_heading)], timing.move)
        scene.add(*board.after.parts)
        start = board.after.cells.corners()
        arriving = [FadeIn(board.foot), FadeIn(board.own_heading)]
        self._grow([(board.own, start)], arriving, QUICK * timing.move)
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
        self._fly(board.flights(), board.vector, arriving, timing.zoom)
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
        scene, timing = self.scene, self.scene.timing
        board = ScoreBoard(
            scene.trace, self.journey, self.class_index, self.zone, scene.theme, scene.words
        )
        self.walk.move_on([*board.names, *board.axis_parts])
        board.show_bars(0.0)
        scene.add(*board.bars, *board.added_numbers)
        parts = [*board.bars, *board.added_numbers]
        scene.play(Drive(parts, board.show_bars, 0, 1), run_time=2 * timing.move, rate_func=smooth)
        scene.play(
            LaggedStart(*map(FadeIn, board.own_parts), lag_ratio=0.2), run_time=1.5 * timing.move
        )
        return board

    def show_probabilities(self, board: ScoreBoard) -> None:
        """Show the whole scores, and the probabilities that softmax makes of them."""
        scene, timing = self.scene, self.scene.timing
        for parts in (board.score_parts, board.probability_parts):
            scene.play(LaggedStart(*map(FadeIn, parts), lag_ratio=0.2), run_time=1.9 * timing.move)

    def show_spread(self, stops: Sequence[Stop]) -> None:
        """Show the pixel's own part of every map as one picture, and what of it ends in a score."""
        scene, timing = self.scene, self.scene.timing
        board = SpreadBoard(
            scene.trace,
            self.journey,
            stops,
            self.class_index,
            self.zone,
            scene.theme,
            scene.words,
        )
        self.walk.move_on([board.patches[0], board.outlines[0]])
        speed = min(0.9, 5.4 / len(stops)) * timing.move
        for index in range(1, len(board.patches)):
            self._spread_to(board, index, speed)
        scene.fade_in(board.note)
        scene.play(LaggedStart(*map(FadeIn, board.end), lag_ratio=0.4), run_time=timing.zoom)

    def _spread_to(self, board: SpreadBoard, index: int, run_time: float) -> None:
        """Let the next patch grow out of the one before, and lose what its ReLU stops."""
        scene, patch = self.scene, board.patches[index]
        board.show_growth(index, 0.0)
        scene.add(patch)
        scene.play(
            Drive([patch], lambda share: board.show_growth(index, share), 0, 1),
            FadeIn(board.sides[index - 1]),
            run_time=0.5 * run_time,
            rate_func=smooth,
        )
        stopping = [Drive([patch], lambda share: board.show_stopping(index, share), 0, 1)]
        scene.play(
            *(stopping if board.is_stopped(index) else []),
            FadeIn(board.outlines[index]),
            FadeIn(board.peaks[index - 1]),
            run_time=0.4 * run_time,
        )

    # -- from stop to stop --------------------------------------------------------------------

    def _grow(
        self,
        grids: Sequence[tuple[CloseUp, Corners]],
        meanwhile: Sequence[Any],
        run_time: float,
    ) -> None:
        """Let close-ups grow, each from the corners of what it comes from."""
        parts = [part for grid, _ in grids for part in grid.parts]

        def show(share: float) -> None:
            for grid, start in grids:
                grid.grow(start, share)

        show(0.0)
        self.scene.add(*parts)
        drive = Drive(parts, show, 0, 1, rate_func=smooth)
        self.scene.play(drive, *meanwhile, run_time=run_time)

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


def _middle_of(sign: Mobject) -> Corners:
    """Return the corners of nothing, in the middle of a sign."""
    x, y, _ = map(float, sign.get_center())
    return x, y, x, y
