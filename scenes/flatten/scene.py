"""Flatten: maps become one vector, and the vector becomes a score for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from manim import FadeIn, FadeOut, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.explain.places import require_class
from cnnviz.explain.softmax import ranking
from cnnviz.mobjects.cells import OPAQUE, Cells
from cnnviz.mobjects.frames import Outline
from cnnviz.model.trace import Trace
from cnnviz.scenes.flatten.board import FlattenBoard
from cnnviz.scenes.flatten.evidence import EvidencePicture, evidence_pictures
from cnnviz.scenes.flatten.shown import Cell, FlattenNumbers, choose_cell
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.scene import LectureScene

CLASS_TIME = 0.5
"""For one class after the other, in moves: less would flicker."""

FLIGHT = 0.6
"""Time in which a marker goes on to the next block, in moves."""

FILL = 0.9
"""Time in which the contributions appear, in sweeps."""

TERM_PAUSE = 0.4
"""After one term of a sum, in pauses."""

FOLD = 3.5
"""Time in which contributions are folded back over the photo, in moves."""

LOOK = 1.5
"""How long the evidence is looked at before the view pulls back, in moves."""


@dataclass(frozen=True)
class FlattenParameters:
    """Which cell and which class are followed."""

    class_name: str | None = parameter(
        "text", "The class whose score is explained. Default: the predicted one."
    )
    channel: int | None = parameter(
        "number",
        "The followed cell's map, from 0. Default: where it adds most to the score.",
        minimum=0,
    )
    pixel: tuple[int, int] | None = parameter(
        "pixel", "ROW,COLUMN of the followed cell. Default: where it adds most to the score."
    )


class FlattenScene(LectureScene):
    """Flattening, complete: every cell, its index, its weights, and every score."""

    name = "flatten"
    Parameters = FlattenParameters
    poster_beat = "evidence"

    @classmethod
    def resolve(cls, trace: Trace, parameters: FlattenParameters) -> FlattenParameters:
        """Fill in the predicted class and the cell that adds most to its score."""
        index = require_class(trace, parameters.class_name)
        cell = choose_cell(trace, index, parameters.channel, parameters.pixel)
        return replace(
            parameters,
            class_name=trace.classes[index],
            channel=cell.channel,
            pixel=(cell.row, cell.column),
        )

    def construct(self) -> None:
        """Tell the eight beats."""
        self.class_index = self.trace.classes.index(self.parameters.class_name)
        cell = Cell(self.parameters.channel, *self.parameters.pixel)
        self.numbers = FlattenNumbers(self.trace, cell, self.words.language)
        self.board = FlattenBoard(
            self.trace, self.numbers, self.class_index, self.theme, self.words
        )
        facts, cells = self._facts(), len(self.numbers.features)
        subtitle = self.word("subtitle", count=cells, **facts)
        self.set_stage(*self.make_title(self.word("title"), subtitle))
        self.pictures: list[EvidencePicture] = []
        opening = Opening(self)
        with self.beat("place", count=self.numbers.shape[0], **facts):
            self.strip = opening.show_where_we_are(self.numbers.layer)
            self.show_maps()
        with self.beat("unroll", count=cells, **facts):
            self.unroll()
        with self.beat("index"):
            self.find_index()
        own = self.class_name(self.class_index)
        weigh = "weigh" if self.numbers.is_direct else "weigh_through"
        with self.beat("weigh", caption=weigh, own=own):
            self.weigh()
        score = self.numbers.score(self.class_index).total.shown
        with self.beat("sum", own=own, score=score):
            self.add_up()
        shown, winner = self.numbers.shown_classes, self.class_name(self.trace.predicted_index)
        some = "classes" if len(shown) == len(self.trace.classes) else "classes_some"
        with self.beat("classes", caption=some, winner=winner, count=len(shown)):
            self.show_every_class()
        rivals = [index for index in ranking(self.trace.logits) if index != self.class_index][:1]
        pictures = evidence_pictures(
            self.trace, self.numbers, [self.class_index, *rivals], self.theme, self.words
        )
        with self.beat("evidence", own=own):
            self.fold_back(pictures[0])
            if not rivals:
                self.go_home()
        if rivals:
            with self.beat("evidence_rival", rival=self.class_name(rivals[0])):
                self.fold_back(pictures[1])
                self.go_home()

    # -- from maps to the vector ----------------------------------------------------------------

    def show_maps(self) -> None:
        """Bring in all maps that will be flattened."""
        board = self.board
        self.fade_in(*board.large_maps.parts, board.cells)

    def unroll(self) -> None:
        """Send every row of every map to its place in the vector, in order."""
        board, timing = self.board, self.timing
        board.ghost.set_alphas(board.some_lit(np.zeros(board.ghost.count, dtype=bool)))
        # Cells on their way pass behind the maps' numbers.
        labels = board.large_maps.labels
        self.remove(board.cells, *labels)
        self.add(board.ghost, board.cells, *labels)
        flights = board.flights
        self.play(
            Drive([board.cells], board.show_flights, 0, flights.end),
            run_time=flights.end * timing.move,
            rate_func=linear,
        )
        self.fade_out(*board.large_maps.parts, run_time=timing.fade / 2)
        self.play(
            Drive([board.ghost, board.cells], board.make_room, 0, 1),
            run_time=timing.move,
            rate_func=smooth,
        )
        self.fade_in(*board.maps.parts, board.vector.name, board.vector.legend)

    # -- one cell -------------------------------------------------------------------------------

    def find_index(self) -> None:
        """Count the cells before one cell: whole maps, whole rows, and the rest."""
        board, row = self.board, self.board.index_row
        order, terms = np.arange(board.cells.count), self.numbers.index
        maps, rows = terms.in_whole_maps, terms.in_whole_maps + terms.in_whole_rows
        is_own = order // (terms.height * terms.width) == terms.channel
        self._light(board.ghost, is_own, [board.map_marker])
        self._send_marker(board.map_marker, board.markers[0])
        for term, (first, end) in enumerate(pairwise((0, maps, rows, terms.index))):
            self._light(board.cells, (order >= first) & (order < end), row.column(term))
            self.wait(TERM_PAUSE * self.timing.pause)
        self._light(board.cells, np.ones(len(order), dtype=bool), row.column(3))

    def weigh(self) -> None:
        """Multiply every cell by its weight: one first, then all in order."""
        board, timing = self.board, self.timing
        weights, products = board.weights, board.products
        count, index = board.product_cells.count, self.numbers.index.index
        order = np.arange(count)

        def show(done: float) -> None:
            is_done = (order < done) | (order == index)
            board.product_cells.set_alphas(np.where(is_done, OPAQUE, 0).astype(np.uint8))

        show(0)
        self.fade_out(*board.index_row, run_time=timing.fade / 2)
        self.fade_in(weights.name, weights.legend, board.weight_cells)
        row = board.product_row
        self._send_marker(board.markers[0], board.markers[1], row.column(0) + row.column(1))
        self._send_marker(
            board.markers[1],
            board.markers[2],
            [*row.column(2), products.name, products.legend, board.product_cells],
        )
        self.wait(timing.pause / 2)
        self.play(
            Drive([board.product_cells], show, 0, count),
            run_time=FILL * timing.sweep,
            rate_func=linear,
        )

    def _send_marker(self, start: Outline, end: Outline, arriving: Sequence[Mobject] = ()) -> None:
        """Let a copy of a marker go where the next one stays."""
        flight = start.copy()
        self.play(
            flight.animate.move_to(end),
            *map(FadeIn, arriving),
            run_time=FLIGHT * self.timing.move,
        )
        self.remove(flight)
        self.add(end)

    # -- scores ---------------------------------------------------------------------------------

    def add_up(self) -> None:
        """Add what speaks for the class, what speaks against it, and the bias."""
        board, row = self.board, self.board.score_row
        leaving = [*board.product_row, *board.markers, board.map_marker]
        self.play(
            *map(FadeOut, leaving),
            FadeTo([board.cells, board.weight_cells, board.ghost], self.theme.aside),
            run_time=self.timing.fade,
        )
        contributions = self.numbers.contributions[self.class_index]
        for term, is_lit in enumerate((contributions > 0, contributions < 0)):
            self._light(board.product_cells, is_lit, row.column(term))
            self.wait(TERM_PAUSE * self.timing.pause)
        self._light(board.product_cells, np.ones(len(contributions), dtype=bool), row.column(2))
        self.fade_in(*row.column(3))

    def show_every_class(self) -> None:
        """Repeat it with every class's weights, and mark the highest score."""
        board, shown = self.board, self.numbers.shown_classes
        own = shown.index(self.class_index) if self.class_index in shown else None
        self.play(
            *map(FadeOut, [board.ghost, *board.maps.parts]),
            FadeTo([board.cells, board.weight_cells], 1.0),
            *(FadeIn(slot.label) for slot in board.slots),
            run_time=self.timing.fade,
        )
        if own is not None:
            self._fly_to_slot(own)
        self._visit_classes([index for index in shown if index != self.class_index])
        best = board.slots[shown.index(self.trace.predicted_index)]
        best.set_colour(self.theme.palette.accent)
        self.fade_in(best.frame)

    def go_home(self) -> None:
        """Let the evidence be looked at, then show the whole network."""
        self.wait(LOOK * self.timing.move)
        Closing(self).show_whole_network(self.numbers.layer)

    def fold_back(self, picture: EvidencePicture) -> None:
        """Fold a class's contributions back to their places, and lay them over the photo."""
        zone = self.board.products.zone
        start = (zone.left, zone.top, zone.right, zone.bottom)
        picture.show_folded(start, 0.0)
        leaving = [] if self.pictures else self.on_stage_but([self.strip])
        self.pictures.append(picture)
        self.play(
            *(FadeOut(each, run_time=self.timing.fade) for each in leaving),
            *map(FadeIn, picture.around),
            run_time=self.timing.move,
        )
        self.add(picture.overlay)
        self.play(
            Drive([picture.overlay], lambda share: picture.show_folded(start, share), 0, 1),
            run_time=FOLD * self.timing.move,
            rate_func=smooth,
        )

    def _visit_classes(self, others: Sequence[int]) -> None:
        """Show each of these classes' sums, then the winner's again."""
        board, shown = self.board, self.numbers.shown_classes
        order = [self.class_index, *others, self.trace.predicted_index]
        hidden = {index: board.slots[shown.index(index)].number for index in others}
        for number in hidden.values():
            number.set_opacity(0)
        self.add(*hidden.values())

        def show(step: float) -> None:
            reached = board.show_step(order, step)
            for index, number in hidden.items():
                number.set_opacity(1.0 if index in order[: reached + 1] else 0.0)

        for place in range(len(order) - 1):
            self.play(
                Drive([*board.class_parts, *hidden.values()], show, place, place + 1),
                run_time=CLASS_TIME * self.timing.move,
                rate_func=linear,
            )

    def _fly_to_slot(self, place: int) -> None:
        """Let the score go from the arithmetic to its class."""
        number, total = self.board.slots[place].number, self.board.score_row.numbers[-1]
        flight = total.copy()
        self.play(
            flight.animate.move_to(number).scale(number.em / flight.em),
            run_time=self.timing.move,
        )
        self.remove(flight)
        self.add(number)

    # -- details --------------------------------------------------------------------------------

    def _light(
        self, cells: Cells, is_lit: npt.NDArray[np.bool_], arriving: Sequence[Mobject] = ()
    ) -> None:
        """Dim all cells but some while something appears."""
        before, alphas = cells.current.alphas.astype(np.float64), self.board.some_lit(is_lit)

        def show(share: float) -> None:
            cells.set_alphas(np.rint(before + (alphas - before) * share).astype(np.uint8))

        self.play(
            Drive([cells], show, 0, 1, rate_func=smooth),
            *map(FadeIn, arriving),
            run_time=self.timing.fade,
        )

    def _facts(self) -> dict[str, Any]:
        channels, height, width = self.numbers.shape
        return {
            "source": self.numbers.source,
            "channels": channels,
            "height": height,
            "width": width,
            "cells": f"{channels * height * width:,}",
            "classes": len(self.trace.classes),
        }
