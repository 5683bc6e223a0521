"""Each hyperparameter turned on an example of its own, while output and formula follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from manim import FadeIn, FadeOut, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.layers.windows import WindowGeometry
from cnnviz.mobjects.text import POINTS_PER_UNIT
from cnnviz.scenes.hyperparameters.board import LARGEST_FORMULA, LINE_STEP, sizes_of
from cnnviz.scenes.hyperparameters.formula import (
    FormulaLine,
    SizeFormula,
    formula_numbers,
    light,
    move_line,
)
from cnnviz.scenes.hyperparameters.sizes import SlidingExample
from cnnviz.scenes.hyperparameters.turned_maps import ExampleColours, TurnedMaps
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone

Turned = Literal["input_size", "kernel_size", "padding", "stride", "dilation"]

BASE = SlidingExample(6, WindowGeometry(3, stride=1, padding=1), ground=1)
"""From here one number at a time is turned; so that what is said of it is always true.

The ground is no zero: the picture is seen within its padding, and a kernel with wide gaps, of which
only the outermost cells reach the picture, still finds its edges.
"""

TURNS: dict[Turned, tuple[int, ...]] = {
    "input_size": (4, 6, 8),
    "kernel_size": (3, 4, 5),
    "padding": (0, 1, 2),
    "stride": (1, 2, 3),
    "dilation": (1, 2, 3),
}
"""The values that each takes."""

LETTERS: dict[Turned, str] = {
    "input_size": "n",
    "kernel_size": "k",
    "padding": "p",
    "stride": "s",
    "dilation": "d",
}

FORMULA_HEIGHT = 1.25
"""Of the two lines of the formula below the maps, in Manim units."""

FORMULA_GAP = 0.3
"""Between the maps and the formula: the largest picture reaches as far down as maps may."""

CHANGE = 0.6
SWEEP = 1.3
"""How long one example takes to become another, and its window for the output, in moves."""


class Turning:
    """Tells the five numbers one after the other.

    Parameters
    ----------
    scene
        What it plays on; its words have the captions.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene
        stage = scene.theme.layout.stage
        formula = Zone(stage.left, stage.bottom + FORMULA_HEIGHT, stage.right, stage.bottom)
        room = Zone(stage.left, stage.top, stage.right, formula.top + FORMULA_GAP)
        heads = [scene.make_label(scene.word(key)) for key in ("input", "kernel", "output")]
        self._maps = TurnedMaps(room, heads, scene.theme)
        self._make_formula(formula)

    def play(
        self, symbols: FormulaLine, before: Sequence[Mobject], kept: Sequence[Mobject]
    ) -> FormulaLine:
        """Turn each number; what is on the stage makes room.

        Parameters
        ----------
        symbols
            The formula's letters as they stand on the stage: they go below the maps.
        before
            Input, kernel and output of the example before, from which the first one comes.
        kept
            What else stays.

        Returns
        -------
        FormulaLine
            The formula's letters as they stand afterwards.
        """
        shown: ExampleColours | None = None
        for turned, values in TURNS.items():
            outputs = [with_value(turned, value).output_size for value in values]
            facts = {"values": values, "outputs": outputs}
            listed = {name: self.scene.listed(map(str, each)) for name, each in facts.items()}
            with self.scene.beat(f"turn_{turned}", **listed):
                if shown is None:
                    shown = self._begin(turned, symbols, before, kept)
                    values = values[1:]
                for value in values:
                    example = ExampleColours.of(with_value(turned, value), self.scene.theme)
                    self._change(shown, example, turned)
                    self._sweep(example)
                    shown = example
        return self._symbols

    def _begin(
        self,
        turned: Turned,
        symbols: FormulaLine,
        before: Sequence[Mobject],
        kept: Sequence[Mobject],
    ) -> ExampleColours:
        """Let the first example come, the formula below it, and fill its output."""
        scene, maps, move = self.scene, self._maps, self.scene.timing.move
        first = ExampleColours.of(with_value(turned, TURNS[turned][0]), scene.theme)
        maps.show_change(first, first, 0.0)
        maps.show_sweep(first, 0.0)
        goes = scene.on_stage_but([symbols, *symbols.parts, *before, *kept])
        goes += scene.present(scene.title_parts[1:])  # it names the numbers of the first example
        becoming = [
            FadeOut(old, target_position=frame, scale=frame.height / old.height, run_time=move)
            for old, frame in zip(before, maps.frames, strict=True)
        ]
        along = [  # the formula passes over what goes, and new maps come where the old ones were
            *(FadeOut(each, run_time=move, rate_func=leaving) for each in goes),
            *becoming,
            *(FadeIn(part, run_time=move, rate_func=arriving) for part in maps.parts),
        ]
        move_line(scene, symbols, self._symbols, along)
        self._write(first.example, turned)
        scene.play(FadeIn(self._filled), run_time=scene.timing.fade / 2)
        self._sweep(first)
        return first

    def _change(self, old: ExampleColours, new: ExampleColours, turned: Turned) -> None:
        maps = self._maps
        self._write(new.example, turned)

        def show(share: float) -> None:
            maps.show_change(old, new, share)

        run_time = CHANGE * self.scene.timing.move
        self.scene.play(Drive(maps.parts, show, 0, 1), run_time=run_time, rate_func=smooth)

    def _sweep(self, example: ExampleColours) -> None:
        maps = self._maps

        def show(share: float) -> None:
            maps.show_sweep(example, share)

        run_time = SWEEP * self.scene.timing.move
        parts = [maps.maps[2], maps.window]
        self.scene.play(Drive(parts, show, 0, 1), run_time=run_time, rate_func=linear)

    # -- the formula ------------------------------------------------------------------------

    def _make_formula(self, zone: Zone) -> None:
        examples = [with_value(name, value) for name, values in TURNS.items() for value in values]
        numbers = [formula_numbers(sizes_of(each), each.output_size) for each in examples]
        columns = SizeFormula(numbers, self.scene.theme, zone.left, zone.width, LARGEST_FORMULA)
        half = columns.font_size / POINTS_PER_UNIT * LINE_STEP / 2
        self._symbols = columns.symbols(zone.y + half)
        self._filled = columns.filled(numbers[0], zone.y - half)

    def _write(self, example: SlidingExample, turned: Turned) -> None:
        """Write an example's numbers; the one that is turned stands out, and the result."""
        self._filled.write(formula_numbers(sizes_of(example), example.output_size))
        lines = [self._symbols, self._filled]
        lit = [
            label for line in lines for label in (line.letters[LETTERS[turned]], line.ending[-1])
        ]
        light(lines, lit, self.scene.theme)


def with_value(turned: Turned, value: int) -> SlidingExample:
    """Return the base example with one of its numbers changed."""
    if turned == "input_size":
        return replace(BASE, input_size=value)
    return replace(BASE, geometry=BASE.geometry.changed(**{turned: value}))
