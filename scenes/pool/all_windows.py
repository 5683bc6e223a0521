"""How all windows are told: the sweep, the winners that slide together, what is dropped."""

from __future__ import annotations

from manim import FadeOut, linear

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.pool.facts import PoolFacts
from cnnviz.scenes.pool.result import PoolResult
from cnnviz.scenes.pool.sweep import PoolSweep
from cnnviz.staging.pooling.sizes import MapSizes
from cnnviz.staging.scene import LectureScene

STEPPED = 9
"""In a window of so many cells at most, the winners' places are gone through one by one."""

SLOW, FAST = 1.0, 0.8
"""How long the sweep takes over the first row and over all others, as a share of a usual one."""

FLIGHT = 1.4
"""How long a winner is on its way, in moves."""

PLACE_TIME = 0.7
"""For one place in the window, in moves."""

LIT_WITHIN = 0.5
"""Share of that in which its winners are lit: they are seen for the rest."""

FACT_TIME = 0.6
"""For the share that is dropped, in moves."""


class AllWindows:
    """Tells what becomes of the whole map.

    Parameters
    ----------
    scene
        What it plays on.
    result, facts
        Both maps, and what is said about them.
    """

    def __init__(self, scene: LectureScene, result: PoolResult, facts: PoolFacts) -> None:
        self.scene, self.result, self.facts = scene, result, facts
        self._sizes = MapSizes(result, scene.words)
        self._lit = result.light_of_count(0)

    def sweep(self, strip: object) -> None:
        """Let the window pass over the map; its winners slide together to a smaller one.

        Parameters
        ----------
        strip
            What stays on the stage besides the map.
        """
        scene, result, timing = self.scene, self.result, self.scene.timing
        result.begin(scene, strip)
        sweep = PoolSweep(
            result,
            first_row=SLOW * timing.sweep_first_row,
            other_rows=FAST * timing.sweep,
            flight=FLIGHT * timing.move,
        )
        scene.add(sweep.winners)  # they lie where they won, and hide nothing
        scene.fade_in(*result.swept.empty, result.after.frame, sweep.window)
        moving = [result.swept.map, sweep.winners, sweep.window]
        scene.play(Drive(moving, sweep.show, 0, sweep.over), run_time=sweep.over, rate_func=linear)
        flight = sweep.end - sweep.over
        scene.play(
            Drive(moving, sweep.show, sweep.over, sweep.end, run_time=flight, rate_func=linear),
            FadeOut(sweep.window, run_time=timing.fade),
        )
        self._sizes.come(scene, sweep.winners)

    def show_result(self) -> HeatMap:
        """Say how much is left, and where in their windows the winners sat; return the output."""
        scene, result, facts, timing = self.scene, self.result, self.facts, self.scene.timing
        output = self._sizes.enlarge(scene)
        self._lit = result.light_of_count(result.count)
        scene.fade_in(*facts.dropped, run_time=FACT_TIME * timing.move)
        cells = result.numbers.geometry.cell_count
        if cells > 1:
            scene.fade_in(*facts.places)
            if cells <= STEPPED:
                for index in range(cells):
                    self._show_place(index)
            facts.grid.reveal(cells)
            start, end = self._lit, result.light_of_count(result.count)
            scene.play(
                Drive(
                    [result.before.map],
                    lambda share: result.light(start + (end - start) * share),
                    0,
                    1,
                ),
                run_time=timing.fade,
            )
            scene.wait(timing.pause)
        return output

    def _show_place(self, index: int) -> None:
        """Light the winners in one place of their windows, and count them."""
        result, grid = self.result, self.facts.grid
        start, end = self._lit, result.light_of_place(*divmod(index, grid.cells.columns))
        self._lit = end

        def show(share: float) -> None:
            result.light(start + (end - start) * min(share / LIT_WITHIN, 1.0))
            grid.reveal(index + share)

        self.scene.play(
            Drive([result.before.map, grid], show, 0, 1),
            run_time=PLACE_TIME * self.scene.timing.move,
        )
