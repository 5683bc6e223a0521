"""The stops of a pixel's journey: which are told in full, and where the way back begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.explain.fields import Field, receptive_field
from cnnviz.layers import Add, Conv2d
from cnnviz.layers.gate import Gate
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.stages import Journey, Stage

MOST_STOPS = 8
"""More stops than these are not all told in full."""

FIRST_STOPS, LAST_STOPS = 3, 3
"""How many of them are told at either end where there are too many."""


@dataclass(frozen=True, eq=False)
class Stop:
    """A convolution together with the ReLU after it, or any other layer alone.

    Attributes
    ----------
    stages
        One or two, in the network's order.
    before
        The field that the pixel reaches in what goes in; of an addition, in the first branch.
    """

    stages: tuple[Stage, ...]
    before: Field

    @property
    def first(self) -> Stage:
        """The stage it begins with."""
        return self.stages[0]

    @property
    def last(self) -> Stage:
        """The stage that the next stop receives."""
        return self.stages[-1]

    @property
    def relu(self) -> Stage | None:
        """The ReLU after a convolution, if there is one."""
        return self.stages[1] if len(self.stages) > 1 else None


@dataclass(frozen=True)
class Viewer:
    """The cell whose view the way back shows: its layer, its channel, and where it lies."""

    layer: str
    channel: int
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class Stops:
    """All stops of a journey.

    Attributes
    ----------
    detailed
        Those told in full.
    passed
        For each of them, those passed before it.
    viewer
        The cell from which the way back begins; its layer ends one of `detailed`.
    lost
        The first stop that the pixel does not reach, if it reaches none from there on: it is
        one of `detailed`.
    """

    detailed: tuple[Stop, ...]
    passed: tuple[tuple[Stop, ...], ...]
    viewer: Viewer
    lost: Stop | None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.detailed) + sum(map(len, self.passed))


def stops_of(trace: Trace, journey: Journey) -> Stops:
    """Return the stops of a journey, and which of them are told in full.

    Of a deep network these are the first three and the last three, the first addition, where
    the journey ends if it does not get to the scores, and the one with the viewer. What the
    pixel does not reach is not told in full, if it reaches what comes later on another way.
    """
    stops = _all_stops(trace, journey)
    reached = [index for index, stop in enumerate(stops) if not stop.last.field.is_empty]
    end = len(stops) if len(stops) - 1 in reached else max(reached, default=-1) + 1
    lost = stops[end] if end < len(stops) else None
    viewer = viewing_cell(trace, journey, stops)
    told = {index for index in range(len(stops)) if index in reached or index >= end}
    if len(stops) > MOST_STOPS:
        ends = {*range(FIRST_STOPS), *range(len(stops) - LAST_STOPS, len(stops))}
        additions = [i for i in sorted(told) if trace[stops[i].first.layer].kind == Add.kind]
        told &= {*ends, *additions[:1], end}
    told |= {index for index, stop in enumerate(stops) if stop.last.layer == viewer.layer}
    groups: list[tuple[Stop, ...]] = []
    passed: list[Stop] = []
    for index, stop in enumerate(stops):
        if index in told:
            groups.append(tuple(passed))
            passed = []
        else:
            passed.append(stop)
    detailed = tuple(stops[index] for index in sorted(told))
    return Stops(detailed, tuple(groups), viewer, lost)


def viewing_cell(trace: Trace, journey: Journey, stops: Sequence[Stop]) -> Viewer:
    """Return the cell whose view the way back shows.

    In the last layer whose cell sees less than half of the picture: else there is hardly a way
    back to tell of. Where there is none, in the last layer. The cell is that of the strongest
    path; where the path does not lead through the layer, the largest value that the pixel
    reaches there, or on the whole map. It sees something of the picture.
    """
    half = trace.picture[0].size / 2
    found = [_cell_of(trace, journey, stop.last) for stop in reversed(stops)]
    for viewer in found:
        field = receptive_field(trace.architecture, viewer.layer, viewer.row, viewer.column)
        if 0 < len(field.rows) * len(field.columns) < half:
            return viewer
    return found[0]


def _all_stops(trace: Trace, journey: Journey) -> list[Stop]:
    """Return all stops; a ReLU belongs to the convolution it reads, if that comes just before."""
    groups: list[list[Stage]] = []
    for stage in journey.stages:
        before = groups[-1][-1] if groups else None
        follows = (
            before is not None
            and isinstance(trace[stage.layer].layer, Gate)
            and trace[before.layer].kind == Conv2d.kind
            and trace.architecture.sources_of(stage.layer) == (before.layer,)
        )
        if follows:
            groups[-1].append(stage)
        else:
            groups.append([stage])
    fields = {stage.layer: stage.field for stage in journey.stages}
    fields[INPUT] = Field(INPUT, (journey.row,), (journey.column,))
    return [
        Stop(tuple(group), fields[trace.architecture.sources_of(group[0].layer)[0]])
        for group in groups
    ]


def _cell_of(trace: Trace, journey: Journey, stage: Stage) -> Viewer:
    """Return the cell of one layer that the way back would begin with."""
    for cell in journey.path.cells:
        if cell.layer == stage.layer:
            channel, row, column = cell.index
            return Viewer(stage.layer, channel, row, column)
    if not stage.field.is_empty:
        i, j = divmod(int(stage.values.argmax()), stage.values.shape[1])
        return Viewer(stage.layer, stage.channel, stage.field.rows[i], stage.field.columns[j])
    output = trace[stage.layer].output[stage.channel]
    for index in np.argsort(-output, axis=None, kind="stable"):
        row, column = divmod(int(index), output.shape[1])
        if not receptive_field(trace.architecture, stage.layer, row, column).is_empty:
            break  # A window may lie in the padding altogether.
    return Viewer(stage.layer, stage.channel, row, column)
