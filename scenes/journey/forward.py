"""How a pixel's way through the layers is told, block by block."""

from __future__ import annotations

from collections.abc import Sequence

from manim import FadeIn, LaggedStart, Mobject, Wait, linear, rush_from, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.zoom import Zoom
from cnnviz.explain.fields import Field
from cnnviz.explain.sides import written_sides
from cnnviz.mobjects.maps import picture_pixels
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.journey.layer_blocks import LayerBlock
from cnnviz.scenes.journey.lost import LostBoard
from cnnviz.scenes.journey.map import MapBoard
from cnnviz.scenes.journey.motions import fly_cells, grow, once_passed
from cnnviz.scenes.journey.passed import PassedBoard
from cnnviz.scenes.journey.pixel import PixelBoard
from cnnviz.scenes.journey.pool import PoolBoard
from cnnviz.scenes.journey.products import ProductBoard
from cnnviz.scenes.journey.stages import Journey
from cnnviz.scenes.journey.trail import Trail, channel_colours
from cnnviz.scenes.journey.walk import JourneyTransition, OutgoingMap
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.whole_network import network_with, take_over
from cnnviz.style.geometry import Corners, Zone

FACTS = 2.2
"""How long the pixel's numbers take to appear, in moves."""

RELU = 1.4
"""How long a ReLU takes from the first cell to the last, in moves."""

ONE_CELL = 0.3
"""Less where there are few cells: for each of them so much, in moves."""

QUICK = 0.72
"""How long motions take from the second block on, where they only repeat what has been seen."""


class Forward:
    """Tells the way of one pixel from the picture to the last map, beat by beat.

    Parameters
    ----------
    scene
        What it plays on.
    journey
        What becomes of the pixel.
    trail
        Fills as the pixel goes on.
    zone
        The room below the trail.
    """

    def __init__(self, scene: LectureScene, journey: Journey, trail: Trail, zone: Zone) -> None:
        self.scene, self.journey, self.trail, self.zone = scene, journey, trail, zone
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
            scene.fade_in(board.picture, board.note, board.mark)
            scene.remove(board.photo)
        else:
            self._come_from_the_network(board)
        board.show_nearness(0.0)
        scene.add(board.neighbours, board.near)
        facts = LaggedStart(*map(FadeIn, board.fact_parts), lag_ratio=0.3)
        scene.play(
            Drive([board.near], board.show_nearness, 0, 1, run_time=timing.zoom, rate_func=smooth),
            facts.set_run_time(FACTS * timing.move),
        )
        scene.fade_in(*board.near_parts, run_time=scene.while_read(timing.fade))
        mark = self.trail.mark(0, Field(INPUT, self._pixel[:1], self._pixel[1:]))
        self.walk.leaving = OutgoingMap(0, board.picture, board.mark, mark, "1×1")

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
        scene.fade_in(board.note, board.mark)

    # -- the first convolution ----------------------------------------------------------------

    def multiply(self, block: LayerBlock) -> None:
        """Show the pixel's products, their sums, and the outputs they are a part of."""
        scene, timing = self.scene, self.scene.timing
        board = ProductBoard(
            scene.trace, block.first, *self._pixel, self.zone, scene.theme, scene.words
        )
        self.walk.move_on([part for parts in board.values for part in parts])
        weights = [(grid, _middle_of(sign)) for grid, sign in board.weighted]
        signs = [FadeIn(sign) for _, sign in board.weighted]
        grow(scene, weights, signs, timing.move, rush_from)  # the stage is nearly empty
        run_time = min(0.6, 1.8 / len(board.grids)) * timing.move
        crossed: list[FadeIn] = []  # each sign appears when the products have passed over its place
        for (grid, _), product, sign in zip(
            board.weighted, board.grids, board.equals_signs, strict=True
        ):
            grow(scene, [(product, grid.cells.corners())], crossed, run_time, is_behind=True)
            crossed = [FadeIn(sign)]
        flights = [grid.cells.copy() for grid in board.grids]
        scene.bring_to_back(*flights)
        scene.play(
            *(
                flight.animate.scale(board.own.cells.width / flight.width)
                .move_to(board.own.cells)
                .set_opacity(0.0)
                for flight in flights
            ),
            *crossed,
            *map(FadeIn, [*board.own.parts, board.own_heading]),
            run_time=timing.move,
        )
        scene.remove(*flights)
        grow(
            scene,
            [(board.outputs, board.own.cells.corners())],
            [FadeIn(board.outputs_heading, rate_func=once_passed)],
            timing.move,
            is_behind=True,
        )

    # -- maps ---------------------------------------------------------------------------------

    def show_map(self, block: LayerBlock, index: int) -> None:
        """Show the map, what the pixel reaches of it, its part of that, and the ReLU."""
        scene, timing = self.scene, self.scene.timing
        board = MapBoard(scene.trace, block, self.zone, scene.theme, scene.words)
        self.walk.move_on([board.map, board.frame, board.heading, board.mark, board.values_heading])
        move = timing.move if index == 1 else QUICK * timing.move
        marking = Drive([board.mark], board.show_mark, 0, 1, rate_func=smooth)
        grow(scene, [(board.values, board.mark_end)], [marking, FadeIn(board.zoom)], move)
        relu = min(RELU, ONE_CELL * block.first.values.size) if board.has_relu else 0.0
        left = (1 + relu) * move
        move *= scene.while_read(left) / left
        if not board.takes_turns:
            self._show_own(board, move)
        if board.has_relu:
            scene.play(
                Drive(board.moving_parts, board.show_relu, 0, 1),
                run_time=relu * move,
                rate_func=linear,
            )
            scene.fade_in(board.foot)
        if board.takes_turns:
            scene.fade_out(*board.values.parts, board.values_heading, board.foot)
            scene.fade_in(*board.own_parts, run_time=scene.while_read(timing.fade))
        mark = self.trail.mark(index, block.last.field)
        self.walk.leaving = OutgoingMap(index, board.map, board.mark, mark, _size_of(block))

    def _show_own(self, board: MapBoard, run_time: float) -> None:
        """Let the pixel's own part come out of the values."""
        start = board.values.cells.corners()
        heading = FadeIn(board.own_heading, rate_func=once_passed)
        grow(self.scene, [(board.own, start)], [heading], run_time, is_behind=True)

    def pool(self, block: LayerBlock, index: int) -> None:
        """Show the windows, let the winners through, and what is left of the pixel."""
        scene, timing = self.scene, self.scene.timing
        board = PoolBoard(scene.trace, block, self.zone, scene.theme, scene.words)
        self.walk.move_on(board.before_parts)
        scene.play(
            LaggedStart(*map(FadeIn, board.marks), lag_ratio=0.2) if board.marks else Wait(),
            run_time=timing.fade,
        )
        scene.play(
            Drive(board.before.parts, board.show_losers, 0, 1),
            run_time=QUICK * timing.move,
            rate_func=smooth,
        )
        left = (1 + QUICK) * timing.move
        move = timing.move * scene.while_read(left) / left
        fly_cells(scene, board.flights(), board.after.cells, [FadeIn(board.after_heading)], move)
        scene.add(*board.after.parts)
        start = board.after.cells.corners()
        around = [FadeIn(each, rate_func=once_passed) for each in (board.foot, board.own_heading)]
        grow(scene, [(board.own, start)], around, QUICK * move, is_behind=True)
        mark = self.trail.mark(index, block.last.field)
        target = self.trail.maps[index]
        self.walk.leaving = OutgoingMap(index, target, None, mark, _size_of(block))

    def pass_quickly(self, blocks: Sequence[LayerBlock], rule: str) -> None:
        """Show maps of blocks that are not told in full, one after the other, and the rule."""
        scene, timing = self.scene, self.scene.timing
        board = PassedBoard(scene.trace, blocks, rule, self.zone, scene.theme, scene.words)
        board.show(0)
        self.walk.move_on(board.parts)
        scene.play(
            Drive(board.parts, board.show, 0, len(blocks)),
            run_time=scene.while_read(min(len(blocks) * timing.fade, timing.sweep)),
            rate_func=linear,
        )

    def lose(self, block: LayerBlock) -> None:
        """Let the windows of a layer pass around the pixel's cells, none of them over these."""
        scene, trace = self.scene, self.scene.trace
        layer_trace = trace[block.first.layer]
        source = trace.architecture.sources_of(block.first.layer)[0]
        if source != INPUT:
            stage = next(each for each in self.journey.stages if each.layer == source)
            colours = channel_colours(trace, stage.layer, stage.channel, scene.theme)
            name = scene.words("journey.channel_of", layer=stage.layer, channel=stage.channel)
        else:
            colours, name = picture_pixels(trace), scene.words("common.picture")
        window = layer_trace.layer.window
        assert window is not None
        shape = layer_trace.output.shape[1:]
        board = LostBoard(colours, name, block.before, window, shape, self.zone, scene.theme)
        self.walk.move_on(board.parts)
        scene.fade_in(board.window)
        scene.play(
            Drive([board.window], board.show_window, 0, 1),
            run_time=scene.while_read(scene.timing.sweep),
            rate_func=linear,
        )


def _size_of(block: LayerBlock) -> str:
    """Return how many cells of its map the pixel reaches, in both directions."""
    return written_sides(block.last.values.shape)


def _middle_of(sign: Mobject) -> Corners:
    """Return the corners of nothing, in the middle of a sign."""
    x, y, _ = map(float, sign.get_center())
    return x, y, x, y
