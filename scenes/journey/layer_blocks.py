"""The blocks of a pixel's journey: which are told in full, and where the way back begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.explain.fields import Field, receptive_field
from cnnviz.layers import Conv2d
from cnnviz.layers.gate import Gate
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.stages import Journey, JourneyStage, branch_of

MOST_BLOCKS = 8
"""More blocks than these are not all told in full."""

FIRST_BLOCKS, LAST_BLOCKS = 3, 3
"""How many of them are told at either end where there are too many."""


@dataclass(frozen=True, eq=False)
class LayerBlock:
    """A convolution together with the ReLU after it, or any other layer alone.

    Attributes
    ----------
    stages
        One or two, in the network's order.
    before
        The field that the pixel reaches in what goes in; of an addition, in the first branch, of a
        concatenation in the one that has the channel.
    """

    stages: tuple[JourneyStage, ...]
    before: Field

    @property
    def first(self) -> JourneyStage:
        """The stage it begins with."""
        return self.stages[0]

    @property
    def last(self) -> JourneyStage:
        """The stage that the next block receives."""
        return self.stages[-1]

    @property
    def relu(self) -> JourneyStage | None:
        """The ReLU after a convolution, if there is one."""
        return self.stages[1] if len(self.stages) > 1 else None


@dataclass(frozen=True)
class ViewingCell:
    """The cell whose view the way back shows: its layer, its channel, and where it lies."""

    layer: str
    channel: int
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class JourneyBlocks:
    """All blocks of a journey.

    Attributes
    ----------
    detailed
        Those told in full.
    passed
        For each of them, those passed before it.
    viewer
        The cell from which the way back begins; its layer ends one of `detailed`.
    lost
        The first block that the pixel does not reach, if it reaches none from there on: it is
        one of `detailed`.
    """

    detailed: tuple[LayerBlock, ...]
    passed: tuple[tuple[LayerBlock, ...], ...]
    viewer: ViewingCell
    lost: LayerBlock | None

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.detailed) + sum(map(len, self.passed))


def blocks_of(trace: Trace, journey: Journey) -> JourneyBlocks:
    """Return the blocks of a journey, and which of them are told in full.

    Of a deep network these are the first three and the last three, the first in which branches
    meet, where the journey ends if it does not get to the scores, and the one with the viewer. What
    the pixel does not reach is not told in full, if it reaches what comes later on another way.
    """
    blocks = _all_blocks(trace, journey)
    reached = [index for index, block in enumerate(blocks) if not block.last.field.is_empty]
    end = len(blocks) if len(blocks) - 1 in reached else max(reached, default=-1) + 1
    lost = blocks[end] if end < len(blocks) else None
    viewer = viewing_cell(trace, journey, blocks)
    told = {index for index in range(len(blocks)) if index in reached or index >= end}
    if len(blocks) > MOST_BLOCKS:
        ends = {*range(FIRST_BLOCKS), *range(len(blocks) - LAST_BLOCKS, len(blocks))}
        joins = [i for i in sorted(told) if len(trace[blocks[i].first.layer].inputs) > 1]
        told &= {*ends, *joins[:1], end}
    told |= {index for index, block in enumerate(blocks) if block.last.layer == viewer.layer}
    groups: list[tuple[LayerBlock, ...]] = []
    passed: list[LayerBlock] = []
    for index, block in enumerate(blocks):
        if index in told:
            groups.append(tuple(passed))
            passed = []
        else:
            passed.append(block)
    detailed = tuple(blocks[index] for index in sorted(told))
    return JourneyBlocks(detailed, tuple(groups), viewer, lost)


def viewing_cell(trace: Trace, journey: Journey, blocks: Sequence[LayerBlock]) -> ViewingCell:
    """Return the cell whose view the way back shows.

    In the last layer whose cell sees less than half of the picture: else there is hardly a way
    back to tell of. Where there is none, in the last layer. The cell is that of the strongest
    path; where the path does not lead through the layer, the largest value that the pixel
    reaches there, or on the whole map. It sees something of the picture.
    """
    half = trace.picture[0].size / 2
    found = [_cell_of(trace, journey, block.last) for block in reversed(blocks)]
    for viewer in found:
        field = receptive_field(trace.architecture, viewer.layer, viewer.row, viewer.column)
        if 0 < len(field.rows) * len(field.columns) < half:
            return viewer
    return found[0]


def _all_blocks(trace: Trace, journey: Journey) -> list[LayerBlock]:
    """Return all blocks; a ReLU belongs to the convolution it reads, if that comes just before."""
    groups: list[list[JourneyStage]] = []
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
        LayerBlock(tuple(group), fields[branch_of(trace, group[0].layer, group[0].channel)])
        for group in groups
    ]


def _cell_of(trace: Trace, journey: Journey, stage: JourneyStage) -> ViewingCell:
    """Return the cell of one layer that the way back would begin with."""
    for cell in journey.path.cells:
        if cell.layer == stage.layer:
            channel, row, column = cell.index
            return ViewingCell(stage.layer, channel, row, column)
    if not stage.field.is_empty:
        i, j = divmod(int(stage.values.argmax()), stage.values.shape[1])
        return ViewingCell(stage.layer, stage.channel, stage.field.rows[i], stage.field.columns[j])
    output = trace[stage.layer].output[stage.channel]
    for index in np.argsort(-output, axis=None, kind="stable"):
        row, column = divmod(int(index), output.shape[1])
        if not receptive_field(trace.architecture, stage.layer, row, column).is_empty:
            break  # A window may lie in the padding altogether.
    return ViewingCell(stage.layer, stage.channel, row, column)
