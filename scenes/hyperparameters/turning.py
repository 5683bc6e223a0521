"""Each hyperparameter turned on an example of its own, while the output follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from manim import FadeIn, FadeOut, Group, Mobject, linear

from cnnviz.animations.drive import Drive
from cnnviz.explain.quantity import Quantity
from cnnviz.layers.windows import WindowGeometry
from cnnviz.mobjects.frames import map_frame
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.number_grid import grid_rules
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label, Number
from cnnviz.scenes.hyperparameters.marks import DilatedWindow
from cnnviz.scenes.hyperparameters.sizes import BRIGHT, SlidingExample
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

Turned = Literal["input_size", "kernel_size", "padding", "stride", "dilation"]

BASE = SlidingExample(6, WindowGeometry(3, stride=1, padding=1))
"""From here one number at a time is turned; so that what is said of it is always true."""

TURNS: dict[Turned, tuple[int, ...]] = {
    "input_size": (4, 6, 8),
    "kernel_size": (3, 4, 5),
    "padding": (0, 1, 2),
    "stride": (1, 2, 3),
    "dilation": (1, 2),
}
"""The values that each takes."""

LETTERS: dict[Turned, str] = {
    "input_size": "n",
    "kernel_size": "k",
    "padding": "p",
    "stride": "s",
    "dilation": "d",
}

MOST_CELLS = 10, 5, 8
"""Along a side of the largest input, kernel and output that are shown."""

GAP = 1.0
"""Between two maps, in cells."""

DIALS_HEIGHT = 0.8
HEAD = 0.4
"""Of the row of numbers, and of a map's name, in Manim units."""

DIAL_GAP = 0.55
LETTER_GAP = 0.1
"""Between two numbers of the row, and between a letter and its number, in Manim units."""


@dataclass(frozen=True)
class Rooms:
    """Where the upper left corners of input, kernel and output lie, and how large a cell is."""

    cell: float
    corners: tuple[tuple[float, float], ...]
    dials: Zone

    @classmethod
    def of(cls, theme: Theme) -> Rooms:
        """Set the three side by side where the stage is not tall, else the output below."""
        stage, layout = theme.layout.stage, theme.layout
        maps = Zone(stage.left, stage.top, stage.right, stage.bottom + DIALS_HEIGHT)
        dials = Zone(stage.left, stage.bottom + DIALS_HEIGHT, stage.right, stage.bottom)
        first, second, third = MOST_CELLS
        if layout.aspect == "9:16":
            wide, high = first + GAP + second, first + third
            room = maps.height - 2 * HEAD - 0.2
        else:
            wide, high = sum(MOST_CELLS) + 2 * GAP, first
            room = maps.height - HEAD
        cell = layout.cell_size(1, min(maps.width / wide, room / high))
        left, top = maps.x - wide * cell / 2, maps.y + (high * cell + (maps.height - room)) / 2
        top -= HEAD
        beside = left + (first + GAP) * cell
        if layout.aspect == "9:16":
            below = top - first * cell - HEAD - 0.2
            corners = ((left, top), (beside, top), (left, below))
        else:
            corners = ((left, top), (beside, top), (beside + (second + GAP) * cell, top))
        return cls(cell, corners, dials)


class TurnedStage:
    """The maps of one example: input with its window, kernel and output.

    Parameters
    ----------
    example
        What is shown.
    rooms
        Where.
    theme
        Colours.
    """

    def __init__(self, example: SlidingExample, rooms: Rooms, theme: Theme) -> None:
        self.example = example
        largest = max(int(np.abs(example.output).max()), 1)
        pictures = (
            theme.positive_scale(1.4 * BRIGHT).colours(example.padded),
            theme.weight_scale(1).colours(example.kernel),
            theme.signed_scale(largest).colours(example.output),
        )
        self.maps = [
            _map_at(colours, corner, rooms.cell)
            for colours, corner in zip(pictures, rooms.corners, strict=True)
        ]
        self.output = self.maps[2]
        self.rules = [grid_rules(each, theme) for each in self.maps]
        self.frames = [map_frame(each, theme) for each in self.maps]
        self.window = DilatedWindow(self.maps[0], example.geometry.kernel_size, theme)
        self.show(0.0)

    @property
    def still(self) -> list[Mobject]:
        """What appears at once."""
        return [*self.maps[:2], *self.rules[:2], *self.frames, self.window]

    @property
    def parts(self) -> list[Mobject]:
        """All that is drawn."""
        return [*self.still, self.output, self.rules[2]]

    def show(self, share: float) -> None:
        """Let the window have been at this share (0 to 1) of its stops, row by row."""
        size, geometry = self.example.output_size, self.example.geometry
        row = min(int(share * size), size - 1)
        column = min((share * size - row) * size, size - 1.0)
        stops = row * geometry.stride, column * geometry.stride
        self.window.show_position(*stops, geometry.dilation)
        count = share * size**2
        alphas = np.clip(count - np.arange(size**2), 0, 1).reshape(size, size)
        self.output.set_cell_alpha(np.rint(255 * alphas).astype(np.uint8))


class Dials(Group):
    """The five numbers and the output's size, each with its letter."""

    def __init__(self, zone: Zone, theme: Theme) -> None:
        self._theme = theme
        size, colour = theme.sizes.number, theme.palette.text
        self.letters: dict[str, Label] = {}
        self.numbers: dict[str, Number] = {}
        parts: list[Label] = []
        x = 0.0
        for letter in (*LETTERS.values(), "o"):
            label = Label(f"{letter} =", size, theme.palette.text_muted)
            number = Number(_size(10), size, colour, weight=600, anchor="left")
            label.move_to(point(x + label.width / 2, 0.0))
            number.move_to(point(x + label.width + LETTER_GAP + number.width / 2, 0.0))
            x += label.width + LETTER_GAP + number.width + DIAL_GAP
            self.letters[letter], self.numbers[letter] = label, number
            parts += [label, number]
        super().__init__(*parts)
        smallest = theme.sizes.small / POINTS_PER_UNIT
        self.scale(max(min(1.0, zone.width / self.width), smallest / parts[0].em))
        self.move_to(zone.centre)

    def show(self, example: SlidingExample, turned: Turned) -> None:  # type: ignore[override]
        """Write an example's numbers; the one that is turned has the accent's colour."""
        palette = self._theme.palette
        for name, letter in LETTERS.items():
            self.numbers[letter].set_quantity(_size(value_of(example, name)))
            is_turned = name == turned
            self.letters[letter].set_colour(palette.accent if is_turned else palette.text_muted)
            self.numbers[letter].set_colour(palette.accent if is_turned else palette.text)
        self.numbers["o"].set_quantity(_size(example.output_size))


class Turning:
    """Tells the five numbers one after the other.

    Parameters
    ----------
    scene
        What it plays on; its words have the captions. What is on its stage makes room.
    """

    def __init__(self, scene: LectureScene) -> None:
        self.scene = scene
        self._rooms = Rooms.of(scene.theme)
        self._dials = Dials(self._rooms.dials, scene.theme)
        self._heads = self._make_heads()
        self._before: list[Mobject] = []
        self._leaving: list[Mobject] = []

    def play(self) -> None:
        """Turn each number; afterwards the last example stays until :meth:`leave`."""
        scene = self.scene
        before = scene.on_stage_but([])
        shown: TurnedStage | None = None
        for turned, values in TURNS.items():
            with scene.beat(f"turn_{turned}"):
                for value in values:
                    leaving = before if shown is None else shown.parts
                    shown = self._show(with_value(turned, value), turned, leaving)
        self._leaving = [] if shown is None else [*shown.parts, self._dials, *self._heads]
        self._before = before

    def leave(self) -> None:
        """Put the stage back as it was before; do nothing if nothing was told."""
        if self._leaving:
            back, away = map(FadeIn, self._before), map(FadeOut, self._leaving)
            self.scene.play(*away, *back, run_time=self.scene.timing.fade)

    def _show(self, example: SlidingExample, turned: Turned, leaving: list[Mobject]) -> TurnedStage:
        """Change to another example, and let its window fill the output."""
        scene, timing = self.scene, self.scene.timing
        stage = TurnedStage(example, self._rooms, scene.theme)
        self._dials.show(example, turned)
        arriving = [*stage.still]
        if not scene.present([self._dials]):
            arriving += [self._dials, *self._heads]
        scene.play(*map(FadeIn, arriving), *map(FadeOut, leaving), run_time=timing.fade / 2)
        scene.add(stage.output, stage.rules[2], stage.window)
        scene.play(
            Drive([stage.output, stage.window], stage.show, 0, 1),
            run_time=1.4 * timing.move,
            rate_func=linear,
        )
        return stage

    def _make_heads(self) -> list[Label]:
        heads = []
        for key, (left, top) in zip(
            ("input", "kernel", "output"), self._rooms.corners, strict=True
        ):
            head = self.scene.make_label(self.scene.word(key))
            heads.append(head.move_to(point(left + head.width / 2, top + HEAD / 2)))
        return heads


def with_value(turned: Turned, value: int) -> SlidingExample:
    """Return the base example with one of its numbers changed."""
    if turned == "input_size":
        return replace(BASE, input_size=value)
    return replace(BASE, geometry=BASE.geometry.changed(**{turned: value}))


def value_of(example: SlidingExample, name: Turned) -> int:
    """Return one of the five numbers of an example."""
    source = example if name == "input_size" else example.geometry
    return int(getattr(source, name))


def _size(value: int) -> Quantity:
    return Quantity.of("size", value, 0)


def _map_at(colours: np.ndarray, corner: tuple[float, float], cell: float) -> HeatMap:
    rows, columns = colours.shape[:2]
    made = HeatMap(colours, columns * cell, rows * cell)
    return made.move_to(point(corner[0] + columns * cell / 2, corner[1] - rows * cell / 2))
