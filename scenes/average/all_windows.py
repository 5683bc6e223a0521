"""How all windows are told: their means' colours, the smaller map, and what became of values."""

from __future__ import annotations

from manim import linear

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.average.fact_frames import FactFrames
from cnnviz.scenes.average.facts import MeanFacts
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.scenes.average.sweep import MeanSweep
from cnnviz.staging.pooling.result import PooledResult
from cnnviz.staging.pooling.sizes import MapSizes
from cnnviz.staging.scene import LectureScene

SLOW, FAST = 0.7, 0.7
"""How long the sweep takes over the first row and over all others, as a share of a usual one."""

FLIGHT = 1.8
"""How long a mean is on its way to the smaller map, in moves."""

FACT = 1.2
"""How long frames and numbers of a fact are on their way, in moves."""


class AllWindows:
    """Tells what becomes of the whole map.

    Parameters
    ----------
    scene
        What it plays on.
    result, facts
        Both maps, and what is said about them.
    """

    def __init__(
        self,
        scene: LectureScene,
        result: PooledResult[MeanNumbers],
        facts: MeanFacts,
    ) -> None:
        self.scene, self.result, self.facts = scene, result, facts
        self._sizes = MapSizes(result, scene.words)

    def sweep(self, strip: object) -> None:
        """Let each window take its mean's colour, and the means slide to a smaller map.

        Parameters
        ----------
        strip
            What stays on the stage besides the map.
        """
        scene, result, timing = self.scene, self.result, self.scene.timing
        result.begin(scene, strip)
        sweep = MeanSweep(result, SLOW * timing.sweep_first_row, FAST * timing.sweep)
        scene.add(sweep.means)
        scene.fade_in(*result.swept.empty, result.after.frame, sweep.window)
        moving = [sweep.means, sweep.window]
        scene.play(Drive(moving, sweep.show, 0, sweep.over), run_time=sweep.over, rate_func=linear)
        scene.fade_out(sweep.window)
        flight = sweep.flight(FLIGHT * timing.move)
        scene.play(Drive([sweep.means], sweep.slide, 0, 1), run_time=flight, rate_func=linear)
        self._sizes.come(scene, sweep.means)

    def show_result(self) -> HeatMap:
        """Show the smaller map as large as the first, say what became of its values; return it."""
        scene, timing = self.scene, self.scene.timing
        output = self._sizes.enlarge(scene)
        frames = FactFrames([self.result.before.map, output], scene.theme)
        for fact in self.facts.facts:
            scene.play(*frames.tell(fact), run_time=FACT * timing.move)
        scene.fade_out(*frames.frames)
        return output
