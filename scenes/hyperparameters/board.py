"""The stage of the hyperparameters: where everything stands, and what moves together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from manim import Mobject, smooth

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label
from cnnviz.scenes.hyperparameters.formula import (
    FormulaLine,
    FormulaNumbers,
    SizeFormula,
    formula_numbers,
    light,
)
from cnnviz.scenes.hyperparameters.input import InputBoard
from cnnviz.scenes.hyperparameters.legend import ROUND_DOWN, Legend
from cnnviz.scenes.hyperparameters.sizes import SizeCalculation, SlidingExample
from cnnviz.scenes.hyperparameters.work import WorkBoard
from cnnviz.style.geometry import Zone
from cnnviz.style.layout import Layout
from cnnviz.style.theme import Theme

GAP = 0.35
"""Between the parts of the stage, in Manim units."""

LINE_STEP = 1.85
"""From one line of the formula to the next, in em."""

LEAST_LINE_STEP = 1.6
"""The same where there is little room; below it, the letters get smaller."""

TABLE_STEP, LOOSEST_STEP = 2.1, 4.6
"""From one layer's line to the next at least, and on a stage that has room for it, in em."""

TABLE_PICTURE = 0.9
"""Of the largest map at the end of a layer's line, as a share of the lines' distance."""

TABLE_PICTURES = 1.0
TABLE_GAP = 0.2
"""Room for those maps, and how much of it stays free before them, in Manim units."""

LARGEST_FORMULA = 31.0
"""Font size in points, where there is room."""

MEANINGS = {
    "n": "input_size",
    "p": "padding",
    "k": "kernel_size",
    "d": "dilation",
    "s": "stride",
    "o": "output_size",
    ROUND_DOWN: "round_down",
}
"""What is said about the letters and signs of the formula, by key in the locales."""

REST_SHARE = 0.35
"""Share of a step during which the window rests."""


@dataclass(frozen=True)
class StageZones:
    """The rooms of the stage."""

    input: Zone
    kernel: Zone
    products: Zone
    output: Zone
    formula: Zone
    legend: Zone
    """What the letters mean: the rooms of kernel, products and output, while they are empty."""

    @property
    def has_legend_beside_kernel(self) -> bool:
        """Whether the kernel can be told while the letters are still explained."""
        return self.kernel.right <= self.legend.left


def stage_zones(layout: Layout) -> StageZones:
    """Divide the stage: beside each other where it is wide, else one above the other."""
    if layout.aspect == "16:9":
        left, right = layout.stage.columns(5.3, 7.8, gap=GAP)
        work, formula = right.rows(3.45, 1.75, gap=0.1)
        kernel, products, output = work.columns(2.1, 2.1, 3.0, gap=GAP)
        legend = Zone(products.left, work.top, work.right, work.bottom)
        return StageZones(left, kernel, products, output, formula, legend)
    if layout.aspect == "9:16":
        above, work, formula = layout.stage.rows(5.6, 3.4, 2.0, gap=0.2)
        kernel, products, output = work.columns(2.2, 2.2, 3.0, gap=GAP)
        return StageZones(above, kernel, products, output, formula, work)
    above, formula = layout.stage.rows(4.5, 1.85, gap=0.05)
    left, middle, output = above.columns(4.4, 1.8, 2.9, gap=0.2)
    kernel, products = middle.rows(2.2, 2.65)
    legend = Zone(middle.left, middle.top, output.right, output.bottom)
    return StageZones(left, kernel, products, output, formula, legend)


class HyperparametersBoard:
    """Input, kernel, products, output and formula of one example.

    Parameters
    ----------
    example
        What is shown.
    theme, words
        Sizes, colours and texts.
    """

    def __init__(self, example: SlidingExample, theme: Theme, words: Words) -> None:
        self.example = example
        self._theme = theme
        self._words = words
        zones = stage_zones(theme.layout)
        self.input = InputBoard(example, theme, zones.input)
        self.work = WorkBoard(example, theme, words, (zones.kernel, zones.products, zones.output))
        meanings = {token: words(f"hyperparameters.{key}") for token, key in MEANINGS.items()}
        self.legend = Legend(meanings, theme, zones.legend)
        self.has_legend_beside_kernel = zones.has_legend_beside_kernel
        self._make_formula(zones.formula)

    def _make_formula(self, zone: Zone) -> None:
        example = self.example
        numbers = formula_numbers(self.sizes, example.formula_size)
        largest = min(LARGEST_FORMULA, zone.height / 3 * POINTS_PER_UNIT / LEAST_LINE_STEP)
        columns = SizeFormula([numbers], self._theme, zone.left, zone.width, largest)
        step = min(columns.font_size / POINTS_PER_UNIT * LINE_STEP, zone.height / 3)
        self.symbols = columns.symbols(zone.y + step)
        self.filled = columns.filled(numbers, zone.y)
        self.divided = columns.divided(
            Quantity.of("size", example.room, 0),
            numbers.numbers["s"],
            numbers.result,
            zone.y - step,
        )

    def light(self, lit: Iterable[Label]) -> None:
        """Let these texts of the formula stand out; none does if there are none."""
        light((self.symbols, self.filled, self.divided), lit, self._theme)

    @property
    def sizes(self) -> dict[str, int]:
        """The example's hyperparameters by letter."""
        return sizes_of(self.example)

    @property
    def moving_parts(self) -> list[Mobject]:
        """What :meth:`show_stop` changes."""
        work = self.work
        return [*self.input.windows, work.products, work.sum, work.output]

    @property
    def swept_parts(self) -> list[Mobject]:
        """What :meth:`sweep_to` changes."""
        return [*self.input.windows, self.work.output]

    def show_stop(self, place: float) -> None:
        """Put everything at a place on the window's way, counted in stops from 0.

        The window rests at whole numbers and glides in between; the numbers change when it
        arrives.
        """
        before = int(place)
        share = min((place - before) / (1 - REST_SHARE), 1.0)
        self._move_window(before, float(smooth(share)))
        arrived = before + int(share == 1)
        self.work.show_position(arrived)
        self.work.output.reveal(arrived + 1)

    def sweep_to(self, place: float) -> None:
        """Move the window without a rest, and show the output so far; see :meth:`show_stop`."""
        before = int(place)
        self._move_window(before, place - before)
        self.work.output.reveal(before + 1)

    def _move_window(self, before: int, share: float) -> None:
        size = self.example.output_size
        start = np.array(divmod(before, size))
        end = np.array(divmod(min(before + 1, size**2 - 1), size))
        self.input.show_window(*(start + (end - start) * share))


class NetworkTable:
    """The size formula of a network's layers, one line each.

    Parameters
    ----------
    calculations
        Of all layers; as many as are legible are shown.
    theme, words
        Sizes, colours and texts.

    Attributes
    ----------
    heading
        The line of letters.
    lines
        One for each layer that is shown.
    names
        The names before them, by layer; of a layer with two lines, that of the first.
    pictures
        Where a layer's map belongs at the end of its line, as large as it is in comparison.
    """

    def __init__(self, calculations: Sequence[SizeCalculation], theme: Theme, words: Words) -> None:
        stage = theme.layout.stage.inset(0.0, 0.15)
        zone = Zone(stage.left, stage.top, stage.right - TABLE_PICTURES, stage.bottom)
        smallest = theme.sizes.small / POINTS_PER_UNIT * TABLE_STEP
        shown = calculations[: int(zone.height / smallest) - 1]
        entries = [_table_line(each, words) for each in shown]
        heading = words("hyperparameters.layer")
        largest = min(
            LARGEST_FORMULA, zone.height / (len(shown) + 1) * POINTS_PER_UNIT / TABLE_STEP
        )
        columns = SizeFormula(entries, theme, zone.left, zone.width, largest, heading)
        em = columns.font_size / POINTS_PER_UNIT
        step = max(min(zone.height / (len(shown) + 1), LOOSEST_STEP * em), TABLE_STEP * em)
        top = zone.y + len(shown) / 2 * step
        self.heading = columns.symbols(top, heading)
        self.lines: list[FormulaLine] = [
            columns.filled(entry, top - (index + 1) * step) for index, entry in enumerate(entries)
        ]
        self.names: dict[str, Label] = {}
        self.pictures: dict[str, Zone] = {}
        largest_output = max(each.output_size for each in shown)
        side = min(TABLE_PICTURE * step, TABLE_PICTURES - TABLE_GAP)
        for calculation, line in zip(shown, self.lines, strict=True):
            if line.name_label is not None and calculation.layer not in self.names:
                self.names[calculation.layer] = line.name_label
                x, y = stage.right - side / 2, float(line.ending[0].get_center()[1])
                half = calculation.output_size / largest_output * side / 2
                self.pictures[calculation.layer] = Zone(x - half, y + half, x + half, y - half)


def _table_line(calculation: SizeCalculation, words: Words) -> FormulaNumbers:
    name = calculation.layer
    if calculation.side != "both":
        side = words(f"hyperparameters.{calculation.side}")
        name = words("hyperparameters.layer_side", layer=name, side=side)
    sizes = sizes_of(calculation)
    return formula_numbers(sizes, calculation.output_size, calculation.layer, name)


def sizes_of(of: SlidingExample | SizeCalculation) -> dict[str, int]:
    """Return the hyperparameters by the formula's letters."""
    return {
        "n": of.input_size,
        "p": of.geometry.padding,
        "d": of.geometry.dilation,
        "k": of.geometry.kernel_size,
        "s": of.geometry.stride,
    }
