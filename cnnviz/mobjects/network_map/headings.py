"""What stands around the maps of an overview: names, shapes, what is left out."""

from __future__ import annotations

from manim import Mobject

from cnnviz.layers import Flatten
from cnnviz.locales import Words
from cnnviz.mobjects.bars import PlainRectangle
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.network_map.plan import (
    LIGHT_MARGIN,
    LINE,
    MORE,
    MORE_DOWN,
    NAME_GAP,
    NetworkPlan,
    lines_without_collision,
    repeats_count,
    runs_of_same_shape,
    shape_text,
    text_spans,
)
from cnnviz.mobjects.text import Label, TextBlock
from cnnviz.style.geometry import around, point
from cnnviz.style.theme import Theme

PLATE_MARGIN = 0.01
"""Around a text that stands on a plate, in Manim units."""


class Headings:
    """The names and shapes, one list of labels for each layer of the plan.

    Layers that learned weights are named in the text's colour, the others in a muted one.
    Where the network runs to the right, layers in a row that have the same shape share it.
    """

    def __init__(self, plan: NetworkPlan, theme: Theme, words: Words) -> None:
        self._plan, self._theme, self._words = plan, theme, words
        self.names = [self._name(index) for index in range(len(plan.layers))]
        self.others: list[list[Mobject]] = [[] for _ in plan.layers]
        self._plates: list[list[Mobject]] = [[] for _ in plan.layers]
        (self._beside_rows if plan.runs_down else self._above_columns)()
        cut = [
            index
            for index, layer in enumerate(plan.layers[:-1])
            if layer.left_out and not self._repeats(index)
        ]
        for index in cut:  # below columns all counts stand in one line
            side = max(map(self._side, [index] if plan.runs_down else cut))
            self.others[index].append(self._left_out(index, side))
        for index, layer in enumerate(plan.layers[:-1]):
            if layer.skipped:
                label = self._skipped(index)
                # Edges of other branches run on behind it.
                self._plates[index] += [] if plan.runs_down else [self._plate(label)]
                self.others[index].append(label)

    def of(self, layer: int) -> list[Mobject]:
        """Return everything that appears with a layer, what hides edges before the texts on it."""
        return [*self._plates[layer], self.names[layer], *self.others[layer]]

    def _name(self, index: int) -> Label:
        palette = self._theme.palette
        layer = self._plan.layers[index]
        colour = palette.text if layer.joins_all else palette.text_muted
        name, room = self._plan.names[index], self._plan.longest_name
        return FittedLabel(name, self._theme.sizes.small, colour, room, max_height=LINE)

    def _small(self, text: str) -> Label:
        return Label(text, self._theme.sizes.small, self._theme.palette.text_muted)

    def _above_columns(self) -> None:
        plan, top = self._plan, self._plan.header.top
        runs = runs_of_same_shape(plan.layers[:-1])
        shapes = [self._small(shape_text(plan.layers[run[0]])) for run in runs]
        self._set_in_lines(self.names[:-1], [[index] for index in range(len(plan.along))], top)
        self._set_in_lines(shapes, runs, top - plan.name_lines * LINE)
        for run, shape in zip(runs, shapes, strict=True):
            self.others[run[0]].append(shape)
        count = self._small(self._class_count())
        for label, line in ((self.names[-1], 0.5), (count, plan.name_lines + 0.5)):
            x = plan.bars.left + NAME_GAP + label.width / 2
            label.move_to(point(x, top - line * LINE))
        self.others[-1].append(count)

    def _set_in_lines(self, labels: list[Label], runs: list[list[int]], top: float) -> None:
        """Place texts above the columns they are for, in as many lines as they need."""
        plan = self._plan
        widths = [float(label.width) for label in labels]
        spans = text_spans(plan.layers, plan.along, runs, widths, plan.header.left)
        for label, (left, right), line in zip(
            labels, spans, lines_without_collision(spans), strict=True
        ):
            label.move_to(point((left + right) / 2, top - (line + 0.5) * LINE))

    def _class_count(self) -> str:
        scores = self._plan.scores
        if not scores.left_out:
            return str(scores.total)
        return self._words("common.shown_of", shown=len(scores.channels), total=scores.total)

    def _beside_rows(self) -> None:
        plan = self._plan
        left = plan.header.left
        for index, y in enumerate(plan.along):
            shape = self._small(shape_text(plan.layers[index]))
            for label, line in ((self.names[index], 0.5), (shape, -0.5)):
                label.move_to(point(left + label.width / 2, y + line * LINE))
            self.others[index].append(shape)
        count = self._small(self._class_count())
        room = plan.across(len(plan.layers) - 1, 0) - left - NAME_GAP
        is_long = max(count.width, self.names[-1].width) > room
        lifted = 1.7 if is_long else 0.1  # a long one would cross the first bar's edges
        for label, line in ((self.names[-1], lifted + 1.0), (count, lifted)):
            y = plan.bars.top + (line + 0.5) * LINE
            label.move_to(point(left + label.width / 2, y))
        if is_long:  # fainter edges still reach there
            self._plates[-1].append(self._plate(self.names[-1], count))
        self.others[-1].append(count)

    def _repeats(self, index: int) -> bool:
        """Return whether the layer before leaves out the very same maps, too near to say both."""
        plan = self._plan
        layer, before = plan.layers[index], plan.layers[index - 1]
        if not repeats_count(layer, before):
            return False
        width = self._small(self._words("common.more", count=layer.left_out)).width
        is_vector = layer.kind == Flatten.kind
        return is_vector or abs(plan.along[index] - plan.along[index - 1]) < width + NAME_GAP

    def _left_out(self, index: int, side: float) -> Label:
        """Return how many maps are left out, clear of the line that lights tiles of that side."""
        plan = self._plan
        label = self._small(self._words("common.more", count=plan.layers[index].left_out))
        end = plan.across(index, len(plan.layers[index].channels) - 1)
        beyond = min(plan.side, plan.pitch) / 2 + (MORE_DOWN if plan.runs_down else MORE) / 2
        half = (label.width if plan.runs_down else label.height) / 2
        lit = side / 2 + LIGHT_MARGIN
        beyond = max(beyond, lit + 2 * PLATE_MARGIN + half)
        return label.move_to(
            plan.point(plan.along[index], end + beyond * (1 if plan.runs_down else -1))
        )

    def _side(self, index: int) -> float:
        """Return how long a layer's tiles are across."""
        return min(self._plan.sides[index], self._plan.pitches[index])

    def _skipped(self, index: int) -> Mobject:
        """Return how many layers are left out before one: amid the maps, or else by the names.

        Where rows lie close, edges of other branches would run through it amid the maps.
        """
        plan = self._plan
        text = self._words("common.skipped", count=plan.layers[index].skipped)
        size, colour = self._theme.sizes.small, self._theme.palette.text_muted
        middle = (plan.along[index - 1] + plan.along[index]) / 2
        if plan.runs_down and self._is_crossed(index):
            label = self._small(text)
            return label.move_to(point(plan.header.left + label.width / 2, middle))
        return TextBlock(text, size, colour, max_width=0).move_to(plan.point(middle, plan.middle))

    def _plate(self, *texts: Mobject) -> PlainRectangle:
        """Return what hides the edges behind texts, a little larger than they are together."""
        plate = PlainRectangle(self._theme.palette.background)
        family = [each for text in texts for each in text.get_family()]
        labels = [each for each in family if isinstance(each, Label)]
        left, top, right, bottom = around([each.ink_corners() for each in labels])
        plate.set_edges(
            left - PLATE_MARGIN, top + PLATE_MARGIN, right + PLATE_MARGIN, bottom - PLATE_MARGIN
        )
        return plate

    def _is_crossed(self, index: int) -> bool:
        """Return whether edges run past what is left out before a layer."""
        layers = self._plan.layers
        before = {layer.name for layer in layers[:index]}
        return any(before.intersection(layer.sources) for layer in layers[index:])
