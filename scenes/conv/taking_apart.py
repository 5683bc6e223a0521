"""From what a filter does to how: picture, pattern and map are taken apart."""

from __future__ import annotations

from typing import Any

from manim import FadeIn, FadeOut, Indicate, Mobject, VGroup, VMobject, there_and_back

from cnnviz.animations.flight import fly
from cnnviz.mobjects.frames import Outline
from cnnviz.model.architecture import INPUT
from cnnviz.scenes.conv.board import INPUT_VALUE, OUTPUT, WEIGHT, ConvolutionBoard
from cnnviz.scenes.conv.pair import Pair
from cnnviz.scenes.conv.pattern import Pattern
from cnnviz.staging.scene import LectureScene

APART = 1.5
"""How long it takes, in moves."""

LIGHT = 1.2
"""How long a symbol of the formula is lit, in moves."""


class TakingApart:
    """The picture becomes its channels, the tile its kernels, and the map steps back.

    Parameters
    ----------
    scene
        What it plays on.
    board
        Where the parts go.
    pair, pattern
        Where they come from; both are on the stage.
    """

    def __init__(
        self, scene: LectureScene, board: ConvolutionBoard, pair: Pair, pattern: Pattern
    ) -> None:
        self.scene, self.board, self.pair, self.pattern = scene, board, pair, pattern

    def play(self, strip: Mobject) -> None:
        """Take all apart, then say what the parts are in the formula; the strip stays."""
        scene, board, pair, tile = self.scene, self.board, self.pair, self.pattern.tile
        duration = APART * scene.timing.move
        scene.fade_out(*scene.on_stage_but([strip, pair.picture, pair.map, tile]))
        scene.add(*board.inputs.maps, pair.picture)  # which fades away from before its channels
        scene.play(
            *self._split_picture(duration),
            *self._split_tile(),
            *map(FadeOut, (pair.picture, tile)),
            fly(pair.map, board.output.map.corners(), duration),
            run_time=duration,
        )
        output = board.output
        scene.add(output.map, pair.map)
        around = (*board.inputs.around, output.frame, output.label, output.legend)
        scene.play(
            FadeOut(pair.map),
            *map(FadeIn, around),
            run_time=scene.timing.move,
        )
        scene.fade_in(board.formula)
        self._light_formula()

    def _split_picture(self, duration: float) -> list[Any]:
        """Let the input channels come out of the picture; deeper ones appear where they are."""
        maps = self.board.inputs.maps
        if self.board.numbers.source != INPUT:
            return list(map(FadeIn, maps))
        start = self.pair.picture.corners()
        return [fly(each, each.corners(), duration, start) for each in maps]

    def _split_tile(self) -> list[Any]:
        """Let the kernels come out of the tile."""
        tile, board = self.pattern.tile, self.board
        centre, width = tile.get_center(), tile.width
        kernels = [row.kernel for row in board.rows]
        grown = [FadeIn(each, target_position=centre, scale=width / each.width) for each in kernels]
        return [*grown, *(FadeIn(line.kernel) for line in board.inputs.lines)]

    def _light_formula(self) -> None:
        """Let each symbol of the formula light up together with what it stands for."""
        scene, board, theme = self.scene, self.board, self.scene.theme
        outlines = [Outline(theme.palette.accent, theme.strokes.normal) for _ in board.rows]
        for outline, row in zip(outlines, board.rows, strict=True):
            outline.enclose(row.kernel.cells.corners(), 2 * theme.layout.pixel)
        kernels = [FadeIn(outline, rate_func=there_and_back) for outline in outlines]
        self._light(INPUT_VALUE, map(self._flash, board.inputs.frames))
        self._light(WEIGHT, kernels)
        scene.remove(*outlines)
        self._light(OUTPUT, [self._flash(board.output.frame)])

    def _light(self, symbol: slice, things: Any) -> None:
        scene, formula = self.scene, self.board.formula
        glyphs = [
            each for each in formula.family_members_with_points() if isinstance(each, VMobject)
        ]
        accent = scene.theme.palette.accent
        lit = Indicate(VGroup(*glyphs[symbol]), color=accent)
        scene.play(lit, *things, run_time=LIGHT * scene.timing.move)
        scene.remove(*formula.get_family())  # Manim has taken it to pieces
        scene.add(formula)

    def _flash(self, frame: VMobject) -> Indicate:
        return Indicate(frame, color=self.scene.theme.palette.accent, scale_factor=1.0)
