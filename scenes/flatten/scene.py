"""Flatten: maps become one vector, and the vector becomes a score for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from manim import FadeIn, FadeOut, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.explain.evidence import class_evidence
from cnnviz.explain.places import require_class
from cnnviz.explain.rounding import written_extent
from cnnviz.explain.softmax import ranking
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.flatten.all_classes import AllClasses
from cnnviz.scenes.flatten.board import WAVE, FlattenBoard
from cnnviz.scenes.flatten.evidence import EvidencePicture, evidence_pictures
from cnnviz.scenes.flatten.one_cell import OneCell
from cnnviz.scenes.flatten.shown import Cell, FlattenNumbers, choose_cell
from cnnviz.staging.closing import Closing, Homes
from cnnviz.staging.opening import Opening
from cnnviz.staging.parameters import parameter
from cnnviz.staging.rhythm import following
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Corners

FOLD = 4.0
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
        self._set_up()
        facts, cells = self._facts(), len(self.numbers.features)
        opening = Opening(self)
        extent = written_extent(self.numbers.features)
        opening.tell_photo()
        with self.beat("place", count=self.numbers.shape[0], **facts, **extent):
            growing = self.board.growing
            self.strip = opening.show_where_we_are(self.numbers.layer, growing)
            self.show_maps(list(growing.values()))
        with self.beat("unroll", count=cells, **facts):
            self.unroll()
        one_cell = OneCell(self, self.board, self.class_index)
        with self.beat("index", **self._index_facts()):
            one_cell.find_index()
        own = self.class_name(self.class_index)
        direct = "weigh_one" if self.numbers.hands_on else "weigh"
        weigh = direct if self.numbers.is_direct else "weigh_through"
        with self.beat("weigh", caption=weigh, own=own):
            one_cell.weigh()
        score = self.numbers.score(self.class_index).total.shown
        with self.beat("sum", own=own, score=score):
            one_cell.add_up()
        shown, winner = self.numbers.shown_classes, self.class_name(self.trace.predicted_index)
        some = "classes" if len(shown) == len(self.trace.classes) else "classes_some"
        scores = self.listed(map(self._score_in_words, shown))
        with self.beat("classes", caption=some, winner=winner, count=len(shown), scores=scores):
            AllClasses(self, self.board, self.class_index).play()
        self._show_evidence(own, score)

    def _set_up(self) -> None:
        """Decide what is told of, and put the title and the board where they belong."""
        self.class_index = self.trace.classes.index(self.parameters.class_name)
        cell = Cell(self.parameters.channel, *self.parameters.pixel)
        self.numbers = FlattenNumbers(self.trace, cell, self.words.language)
        self.board = FlattenBoard(
            self.trace, self.numbers, self.class_index, self.theme, self.words
        )
        self.pictures: list[EvidencePicture] = []
        subtitle = self.word("subtitle", count=len(self.numbers.features), **self._facts())
        self.set_stage(*self.make_title(self.word("title"), subtitle))

    def _show_evidence(self, own: str, score: str) -> None:
        """Tell the last beats: what speaks for the class, and for its strongest rival.

        A rival that no place speaks for or against is left out: nothing would be folded back.
        """
        rivals = [index for index in ranking(self.trace.logits) if index != self.class_index][:1]
        found = {index: class_evidence(self.trace, index) for index in [self.class_index, *rivals]}
        rivals = [index for index in rivals if found[index].values.any()]
        evidence = {index: found[index] for index in [self.class_index, *rivals]}
        pictures = evidence_pictures(self.trace, self.numbers, evidence, self.theme, self.words)
        is_any = found[self.class_index].values.any()
        with self.beat("evidence", "evidence" if is_any else "evidence_none", own=own, score=score):
            self.show_photos(pictures)
            self.fold_back(pictures[0])
            if not rivals:
                self.go_home()
        if rivals:
            rival, its = self.class_name(rivals[0]), self.numbers.score(rivals[0]).total.shown
            with self.beat("evidence_rival", own=own, rival=rival, score=its):
                self.fold_back(pictures[1])
                self.go_home()

    # -- from maps to the vector ----------------------------------------------------------------

    def show_maps(self, maps: Sequence[Mobject]) -> None:
        """Frame and number the maps that will be flattened, and let their cells be apart.

        A wave goes over maps that are too small for numbers, in the order of what comes.
        """
        board, timing = self.board, self.timing
        self.remove(*maps)
        self.add(board.cells)
        if board.large_maps.labels:
            self.fade_in(*board.large_maps.parts, run_time=self.while_read(timing.fade))
            return
        self.fade_in(*board.large_maps.parts, run_time=timing.fade / 2)
        self.play(
            Drive([board.cells], board.show_wave, -WAVE, 1 + WAVE),
            run_time=self.while_read(timing.move),
        )

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
            run_time=self.while_read(
                flights.end * timing.move, after=timing.move + 1.5 * timing.fade
            ),
            rate_func=linear,
        )
        self.fade_out(*board.large_maps.parts, run_time=timing.fade / 2)
        self.play(
            Drive([board.ghost, board.cells], board.make_room, 0, 1),
            run_time=timing.move,
            rate_func=smooth,
        )
        self.fade_in(*board.counting.parts)

    # -- the evidence -----------------------------------------------------------------------------

    def go_home(self) -> None:
        """Let the evidence be looked at; then it goes back into the vector that it came from."""
        self.wait(LOOK * self.timing.move)
        Closing(self).carry_home(self.numbers.layer, self._homes)

    def _homes(self, network: NetworkMap) -> Homes:
        """Return where the photos, the evidence and the scores belong in the network."""
        first, *others = self.pictures
        vector, photo = network.place(self.numbers.layer), network.place(INPUT)
        places: list[tuple[Mobject, Corners]] = [(each.photo, photo) for each in others]
        for picture in self.pictures:
            places.append((picture.overlay, vector))
            if picture.class_index in network.bars.classes:
                score = self.trace.layers[-1].name, picture.class_index
                places.append((picture.score, network.place(*score)))
        return Homes({(INPUT, None): first.photo}, places=places)

    def show_photos(self, pictures: Sequence[EvidencePicture]) -> None:
        """Clear the stage for the photo, once for each class that there is evidence for."""
        leaving = self.on_stage_but([self.strip])
        self.play(
            *(FadeOut(each, run_time=self.timing.fade) for each in leaving),
            *(
                FadeIn(each.photo, run_time=self.timing.move, rate_func=following)
                for each in pictures
            ),
        )

    def fold_back(self, picture: EvidencePicture) -> None:
        """Fold a class's contributions back to their places, and lay them over its photo."""
        start, move = picture.start_from(self.board.products.zone), self.timing.move
        picture.show_folded(start, 0.0)
        self.pictures.append(picture)
        self.add(picture.overlay)
        driven = [picture.photo, picture.overlay]
        self.play(
            *(FadeIn(each, run_time=move) for each in picture.texts),
            Drive(
                driven,
                lambda share: picture.show_folded(start, share),
                0,
                1,
                run_time=self.while_read(FOLD * move),
                rate_func=smooth,
            ),
        )

    def _score_in_words(self, class_index: int) -> str:
        score = self.numbers.score(class_index)
        return self.word("class_score", name=score.name, score=score.total.shown)

    def _index_facts(self) -> dict[str, Any]:
        """Return where the followed cell is, and how many cells are before it, step by step."""
        cell = self.numbers.cell
        _, rows, columns = self.numbers.shape
        maps, lines = cell.channel * rows * columns, cell.row * columns
        place = {"channel": cell.channel, "row": cell.row, "column": cell.column}
        return {**place, "maps": maps, "lines": lines, "index": maps + lines + cell.column}

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
