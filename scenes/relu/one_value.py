"""How single values are told: each leaves its cell, meets the graph, and gets its new cell."""

from __future__ import annotations

from manim import FadeIn, FadeOut, Mobject, smooth

from cnnviz.animations.drive import Drive
from cnnviz.explain.places import Pixel
from cnnviz.scenes.relu.board import ReluBoard
from cnnviz.scenes.relu.graph import GraphPoint
from cnnviz.staging.scene import LectureScene

FLIGHT_SCALE = 0.2
"""How small a number is while it leaves its cell, as a share of its size."""

FLIGHT = 1.5
"""How long a value takes from its cell to the graph, and from there to its new cell, in moves."""

AGAIN = 0.5
"""How long that takes when it was seen once already, as a share of the first time."""


class SingleValues:
    """Tells one value after the other.

    Parameters
    ----------
    scene
        What it plays on; graph and maps are on the stage.
    board
        The stage.
    formula
        The function without a value, to which the first calculation gives way.
    """

    def __init__(self, scene: LectureScene, board: ReluBoard, formula: Mobject) -> None:
        self._scene, self._board = scene, board
        self._calculation = [formula]
        self._points: list[GraphPoint] = []

    def send_through(self, pixel: Pixel) -> None:
        """Follow one value from its cell along the graph to its new cell."""
        scene, board = self._scene, self._board
        run_time = (AGAIN if self._points else 1.0) * FLIGHT * scene.timing.move
        calculation = board.calculation(pixel)
        opening, value, closing = calculation.parts[:3]
        for before in self._points:
            before.step_back()
        point = board.graph.point(board.quantities(pixel)[0])
        self._points.append(point)
        cell = board.before.map.cell_centre(*pixel)
        cursor = board.cursor(board.before, pixel)
        scene.play(*map(FadeOut, self._calculation), FadeIn(cursor), run_time=scene.timing.fade)
        flight, arriving = value.copy(), point.runner.copy()
        flight.move_to(cell).scale(FLIGHT_SCALE)
        scene.play(
            flight.animate.scale(1 / FLIGHT_SCALE).move_to(value),
            arriving.move_to(cell).animate.move_to(point.start),
            run_time=run_time,
        )
        scene.remove(flight, arriving)
        scene.add(value, point.trail, point.runner)
        scene.fade_in(opening, closing)
        self._travel(point, 0.0 if point.after else 1.0, 1.0)
        scene.add(point.mark)
        scene.fade_in(*point.texts)
        scene.add(point.runner)  # in front
        self._travel(point, 1.0, 2.0)
        scene.play(
            *map(FadeIn, calculation.parts[3:]),
            point.runner.animate.move_to(board.after.map.cell_centre(*pixel)),
            FadeIn(board.cursor(board.after, pixel)),
            run_time=run_time,
        )
        scene.remove(point.runner)
        scene.add(board.after.map)
        board.show_result(pixel)
        self._calculation = list(calculation.parts)

    def _travel(self, point: GraphPoint, start: float, end: float) -> None:
        """Move a value along the graph: see :meth:`GraphPoint.show`."""
        if start < end:
            self._scene.play(
                Drive([point.runner, point.trail], point.show, start, end),
                run_time=2 * self._scene.timing.step,
                rate_func=smooth,
            )
