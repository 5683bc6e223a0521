"""The same formula for the layers of the network, one line each."""

from __future__ import annotations

from manim import AnimationGroup, FadeIn, FadeOut, LaggedStart

from cnnviz.animations.fade_to import FadeTo
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.hyperparameters.aside import NetworkAside
from cnnviz.scenes.hyperparameters.board import NetworkTable
from cnnviz.scenes.hyperparameters.formula import FormulaLine, move_line
from cnnviz.scenes.hyperparameters.sizes import size_calculations, sliding_layers
from cnnviz.staging.crossing import fly_along
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone

TABLE, LONGEST_TABLE = 0.5, 3.0
"""How long it takes until a line of the table is there, and for all of them at most, in moves."""

LOOK, LONGEST_LOOK = 0.25, 1.5
"""How long each line of the table is looked at before the network comes back, and all of them
at most, in moves."""


class NetworkSizes:
    """Tells which sizes the layers of the network have, and why; then the network comes back.

    Parameters
    ----------
    scene
        What it plays on; its words have the captions.
    aside
        The network that has made room.
    """

    def __init__(self, scene: LectureScene, aside: NetworkAside) -> None:
        self.scene, self.aside = scene, aside

    def play(self, symbols: FormulaLine) -> None:
        """Show the formula for the layers of the network; one at least has a window."""
        scene = self.scene
        architecture = scene.trace.architecture
        calculations = list(size_calculations(architecture))
        table = NetworkTable(calculations, scene.theme, scene.words)
        shown, count = len(table.names), len(sliding_layers(architecture))
        caption = "network" if shown == count else "network_some"
        lines = scene.listed(
            scene.word(
                "size_line", layer=each.layer, before=each.input_size, after=each.output_size
            )
            for each in calculations[: len(table.lines)]
        )
        with scene.beat("network", caption, shown=shown, count=count, lines=lines):
            self._show_table(symbols, table)
            scene.wait(min(LOOK * len(table.lines), LONGEST_LOOK) * scene.timing.move)
            self.aside.come_back(table.names)

    def _show_table(self, symbols: FormulaLine, table: NetworkTable) -> None:
        """Let the formula become the heading of a table, then one line after the other."""
        scene, timing, pictures = self.scene, self.scene.timing, self.aside.pictures
        leaving = scene.on_stage_but([symbols, *symbols.parts, *self.aside.kept])
        rows = [table.heading.names, *([*line.names, *line.parts] for line in table.lines)]
        lines = [AnimationGroup(*map(FadeIn, row)) for row in rows if row]
        homes = [
            (pictures[layer], zone) for layer, zone in table.pictures.items() if layer in pictures
        ]
        strip = min((float(each.get_bottom()[1]) for each in self.aside.kept), default=0.0)
        heading = max(float(part.get_top()[1]) for part in table.heading.parts)
        lane = (strip + heading) / 2
        ways = [_go_into(picture, zone, lane) for picture, zone in homes]
        flights = [LaggedStart(*ways, lag_ratio=0.5)] if ways else []
        run_time = min(max(TABLE * len(lines), 1.0), LONGEST_TABLE) * timing.move
        move_line(
            scene,
            symbols,
            table.heading,
            [
                *(FadeOut(each, run_time=timing.fade) for each in leaving),
                LaggedStart(*lines, lag_ratio=0.5, run_time=run_time),
                *(AnimationGroup(each, run_time=run_time) for each in flights),
            ],
        )


def _go_into(picture: HeatMap, zone: Zone, lane: float) -> AnimationGroup:
    """Return the motion of a small map into a zone, where it is seen in full.

    It goes along a lane between the others and the formula, and passes over neither.
    """
    factor = min(zone.width / picture.width, zone.height / picture.height)
    end = picture.copy().scale(factor).move_to(zone.centre).corners()
    return AnimationGroup(fly_along(picture, end, 1.0, lane), FadeTo([picture], 1.0))
