"""The stage of flattening: maps, vector, weights and contributions, and the arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from manim import Mobject

from cnnviz.animations.zoom import Place
from cnnviz.explain.legend import Extremes
from cnnviz.explain.quantity import Quantity
from cnnviz.explain.scaling import symmetric_range
from cnnviz.locales import Words
from cnnviz.mobjects.cells import OPAQUE, Cells
from cnnviz.mobjects.network_map.columns import Thumbnail
from cnnviz.model.trace import Trace
from cnnviz.scenes.flatten.blocks import VectorBlock, body_of, cell_marker, marker_margin
from cnnviz.scenes.flatten.counting import CountingBoard, vector_block
from cnnviz.scenes.flatten.layouts import Flights, vector_layout
from cnnviz.scenes.flatten.maps import MapsBoard
from cnnviz.scenes.flatten.scores import least_height, score_slots
from cnnviz.scenes.flatten.shown import FlattenNumbers, ShownScore
from cnnviz.scenes.flatten.term_row import TermRow
from cnnviz.scenes.flatten.wall import wall_of
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

SHARES = (1.38, 1.08, 1.08, 1.08, 0.62)
"""Heights of maps, vector, weights, contributions and arithmetic in relation to each other."""

OPENING_SHARES = (3.9, 1.0)
"""At first the maps have most of the stage, and the vector the rest."""

OPENING_GAP = 0.2
"""Between the two, in Manim units."""

LARGEST_AT_FIRST = 2.6
"""Of a cell then, in Manim units: few maps of few cells fill their room."""

BLOCK_FOOT = 0.12
"""Free below a block's lines, in Manim units."""

MANY_MAPS = 200
"""More of them come as one picture: each for itself would take seconds to draw."""

SLOTS_INSET = 0.04
"""Free above and below the scores, in Manim units."""

WAVE = 0.1
"""Share of all cells that a wave over them dims before it, and after it."""

BLEND = 0.6
"""Share of a class's time in which its colours become those of the next."""


class FlattenBoard:
    """All mobjects of the flattening; none is in the scene at first.

    Parameters
    ----------
    trace
        What the network computed.
    numbers
        The arithmetic.
    class_index
        The class whose score is explained first.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        numbers: FlattenNumbers,
        class_index: int,
        theme: Theme,
        words: Words,
    ) -> None:
        self.theme, self.words, self.numbers = theme, words, numbers
        self._trace = trace
        stage = theme.layout.stage
        shown_scores = [numbers.score(index) for index in numbers.shown_classes]
        names = [score.name for score in shown_scores]
        maps, *blocks, self.text_zone = self._zones(least_height(names, stage.width, theme))
        self.maps = MapsBoard(numbers.shape, maps, theme)
        large, first_lines = stage.rows(*OPENING_SHARES, gap=OPENING_GAP)
        self.large_maps = MapsBoard(numbers.shape, large, theme, LARGEST_AT_FIRST)
        self.flights = Flights.of(numbers.shape)
        self.first_lines = vector_layout(numbers.shape, first_lines, theme, LARGEST_AT_FIRST)
        self._make_blocks(blocks)
        self._make_cells(class_index, stage)
        self._name_after(class_index)
        place = numbers.index.index
        self.map_marker = cell_marker(self.counting.maps.layout, place, theme)
        marker = self.counting.vector.marker(place)
        self.markers = [marker, self.weights.marker(place), self.products.marker(place)]
        self.product_row = self._make_product_row(class_index)
        self.score_row = self._make_score_row(class_index)
        self.slots = score_slots(shown_scores, theme, maps.inset(0.0, SLOTS_INSET))

    def _zones(self, scores_height: float) -> tuple[Zone, ...]:
        """Return the rows of the stage; the first, where the scores will be, at least so high.

        Where the frame's width decides how high lines are, it has what those leave.
        """
        stage, (maps, *others) = self.theme.layout.stage, SHARES
        needed = (scores_height + 2 * SLOTS_INSET) / stage.height
        first, *blocks, row = stage.rows(max(maps, needed * sum(others) / (1 - needed)), *others)
        lines = vector_layout(self.numbers.shape, body_of(blocks[0]), self.theme)
        bottom = lines.zone_of(0, len(lines.lefts) - 1).bottom
        left_over = max(bottom - blocks[0].bottom - BLOCK_FOOT, 0.0)
        first = replace(first, bottom=first.bottom - len(blocks) * left_over)
        blocks = [
            replace(block, top=block.top - more * left_over, bottom=block.bottom - less * left_over)
            for more, less, block in zip((3, 2, 1), (2, 1, 0), blocks, strict=True)
        ]
        return (first, *blocks, row)

    @property
    def growing(self) -> dict[Place, Mobject]:
        """The maps that are flattened, where their cells are at first, by place in the network.

        Each is one picture; very many are one together.
        """
        source = self.numbers.source
        values = self.numbers.features.reshape(self.numbers.shape)
        tiles = []
        for channel, zone in zip(values, self.large_maps.zones, strict=True):
            colours = self.vector.scale.colours(channel)
            tiles.append(Thumbnail(colours, zone.width, zone.height).move_to(zone.centre))
        if len(tiles) > MANY_MAPS:
            return {(source, None): wall_of(tiles, self.theme.layout.pixel)}
        return {(source, channel): tile for channel, tile in enumerate(tiles)}

    @property
    def class_parts(self) -> list[Mobject]:
        """Everything that :meth:`show_class` and :meth:`show_score` change."""
        blocks = (self.weights, self.products)
        names = [block.name for block in blocks]
        return [self.weight_cells, self.product_cells, *names, self.score_row]

    # -- from maps to the vector ------------------------------------------------------------

    def show_wave(self, place: float) -> None:
        """Dim the cells around a place in their order: 0 is the first, 1 the last."""
        distances = np.abs(np.arange(self.cells.count) / self.cells.count - place)
        depths = np.clip(1 - distances / WAVE, 0, 1) * (1 - self.theme.dimmed)
        self.cells.set_alphas(np.rint(OPAQUE * (1 - depths)).astype(np.uint8))

    def show_flights(self, time: float) -> None:
        """Show the cells on their way from the large maps to the vector."""
        progress = self.flights.progress(time)
        self.cells.set_between(self.large_maps.layout, self.first_lines, progress)

    def make_room(self, share: float) -> None:
        """Bring maps and vector to where a cell's index is counted."""
        shares = np.full(self.cells.count, share)
        self.ghost.set_between(self.large_maps.layout, self.counting.maps.layout, shares)
        self.cells.set_between(self.first_lines, self.counting.vector.layout, shares)

    def settle(self, share: float) -> None:
        """Bring them, and the marks of the cell, to their places at the top of the stage."""
        shares, place = np.full(self.cells.count, share), self.numbers.index.index
        for cells, marker, start, end in (
            (self.ghost, self.map_marker, self.counting.maps.layout, self.maps.layout),
            (self.cells, self.markers[0], self.counting.vector.layout, self.vector.layout),
        ):
            cells.set_between(start, end, shares)
            zone = start.zone_of(place).towards(end.zone_of(place), share)
            marker.enclose(
                (zone.left, zone.top, zone.right, zone.bottom), marker_margin(self.theme)
            )

    # -- one class after the other ------------------------------------------------------------

    def _name_after(self, class_index: int) -> None:
        """Name weights and contributions after a class."""
        words = self.words
        name = self._trace.class_name(class_index, words.language)
        weights = "weights" if self.numbers.is_direct else "weights_through"
        for block, key in ((self.weights, weights), (self.products, "contributions")):
            keys = (f"flatten.{key}{length}" for length in ("", "_short", "_nameless"))
            block.set_name(*(words(each, name=name) for each in keys if each in words))

    def show_score(self, class_index: int) -> None:
        """Show a class's sum in the row of arithmetic, and name the blocks after it."""
        score = self.numbers.score(class_index)
        numbers = (score.positive, score.negative, score.bias, score.total)
        self.score_row.show_numbers(numbers, self._score_details(score), score.equals)
        self._name_after(class_index)

    def show_class(self, before: int, after: int, share: float) -> None:
        """Show weights and contributions on their way from one class to another."""
        numbers = self.numbers
        for cells, block, values in (
            (self.weight_cells, self.weights, numbers.weights),
            (self.product_cells, self.products, numbers.contributions),
        ):
            old, new = (
                block.scale.colours(values[index]).astype(np.float64) for index in (before, after)
            )
            cells.set_cell_colours(np.rint(old + (new - old) * share).astype(np.uint8))

    def show_step(self, order: Sequence[int], step: float) -> int:
        """Show one class after the other; return how many have been left behind.

        A class stands still for a while and then blends into the next one.
        """
        place = min(int(step), len(order) - 2)
        share = float(np.clip((step - place - (1 - BLEND)) / BLEND, 0.0, 1.0))
        self.show_class(order[place], order[place + 1], share)
        reached = place + round(share)
        self.show_score(order[reached])
        return reached

    def some_lit(self, is_lit: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
        """Return cells' opacities with only some of them lit."""
        return np.where(is_lit, OPAQUE, round(OPAQUE * self.theme.dimmed)).astype(np.uint8)

    # -- making -------------------------------------------------------------------------------

    def _make_blocks(self, zones: Sequence[Zone]) -> None:
        numbers, theme = self.numbers, self.theme
        scales = (
            self._vector_scale(),
            theme.weight_scale(symmetric_range(numbers.weights).high),
            theme.signed_scale(symmetric_range(numbers.contributions).high),
        )
        shown = (numbers.features, numbers.weights, numbers.contributions)
        extremes = [Extremes.of(np.asarray(each, np.float64)) for each in shown]
        self.counting = CountingBoard(numbers, scales[0], extremes[0], theme, self.words)
        self.vector = vector_block(numbers, scales[0], extremes[0], zones[0], theme, self.words)
        self.weights, self.products = (
            VectorBlock(
                scale,
                reach,
                vector_layout(numbers.shape, body_of(zone), theme),
                zone,
                theme,
            )
            for scale, reach, zone in zip(scales[1:], extremes[1:], zones[1:], strict=True)
        )

    def _vector_scale(self) -> ColourScale:
        """Return the colours of the vector's own range, so that nothing is darker than need be."""
        features = self.numbers.features
        make = self.theme.signed_scale if features.min() < 0 else self.theme.positive_scale
        return make(symmetric_range(features).high)

    def _make_product_row(self, class_index: int) -> TermRow:
        shown = self.numbers.product(class_index)
        return self._make_row(
            (shown.value, shown.weight, shown.contribution),
            [[self.words(f"flatten.{key}")] for key in ("value", "weight", "contribution")],
            ("×", shown.equals),
        )

    def _make_score_row(self, class_index: int) -> TermRow:
        score = self.numbers.score(class_index)
        return self._make_row(
            (score.positive, score.negative, score.bias, score.total),
            self._score_details(score),
            ("", "", score.equals),
        )

    def _make_row(
        self, numbers: Sequence[Quantity], details: Sequence[Sequence[str]], signs: Sequence[str]
    ) -> TermRow:
        sizes = self.theme.sizes
        return TermRow(
            numbers, details, signs, self.theme, self.text_zone, sizes.caption, sizes.small
        )

    def _make_cells(self, class_index: int, stage: Zone) -> None:
        numbers = self.numbers
        colours = self.vector.scale.colours(numbers.features)
        self.cells = Cells(colours, self.large_maps.layout, stage)
        self.ghost = Cells(colours, self.large_maps.layout, stage)
        self.weight_cells: Cells = self.weights.make_cells(numbers.weights[class_index])
        self.product_cells: Cells = self.products.make_cells(numbers.contributions[class_index])

    def _score_details(self, score: ShownScore) -> list[list[str]]:
        words = self.words
        return [
            [words("flatten.positive", count=score.positive_count)],
            [words("flatten.negative", count=score.negative_count)],
            [words("common.bias")],
            [words("flatten.score", name=score.name)],
        ]
