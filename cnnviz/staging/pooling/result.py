"""The second half of pooling's stage: both maps at one scale, and room for what is said."""

from __future__ import annotations

from typing import Any, Generic

from cnnviz.staging.pooling.board import PooledBoard
from cnnviz.staging.pooling.maps import Numbers
from cnnviz.staging.pooling.zones import (
    SIZES_DROP,
    SIZES_ROOM,
    ResultZones,
    sweep_zones,
)
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import point

LEAST_GROWTH = 1.1
"""The output is enlarged where it becomes larger at least by this factor."""


class PooledResult(Generic[Numbers]):
    """The maps of the sweep and of the result; none is in the scene at first.

    Parameters
    ----------
    board
        The stage before, while single windows were told.
    """

    def __init__(self, board: PooledBoard[Numbers]) -> None:
        self.board, self.numbers, self.theme = board, board.numbers, board.theme
        zones = self.zones = ResultZones.of(self.theme.layout, board.numbers.shape)
        shrink = max(board.numbers.output_shape) / max(board.numbers.shape)
        before_alone, after_alone = sweep_zones(self.theme.layout, board.numbers.shape, shrink)
        self.before = board.make_before(zones.before)
        self.swept = board.make_before(before_alone, has_legend=False)
        """The map while the window passes over it: it and the smaller one have the stage.

        Its legend was there before, and comes again with what is said of both.
        """
        self.after = board.make_after(after_alone, self.swept.map.cell_size()[0])
        self.enlarged = board.make_after(zones.after, board.cell_as_large_as(self.before))
        room = self.after.map.get_bottom()[1] - after_alone.bottom
        is_larger = self.swept.map.width > self.before.map.width
        if room < SIZES_ROOM or not (is_larger or self.is_enlarged):
            self.swept = self.before
            self.after = board.make_after(zones.after, self.before.map.cell_size()[0])
        self.sizes_place = zones.sizes.centre
        """The middle of the sizes until the output is enlarged."""
        if self.has_sizes_below:
            self.sizes_place = self.after.map.get_bottom() - point(0.0, SIZES_DROP)

    def begin(self, scene: LectureScene, strip: object) -> None:
        """Let the map go where the window will pass over it; of all else `strip` alone stays."""
        before = self.board.before.map
        leaving = [each for each in scene.on_stage_but([before]) if each is not strip]
        scene.move_maps([(before, self.swept.map)], leaving)

    @property
    def count(self) -> int:
        """Number of windows."""
        return int(self.numbers.output.size)

    @property
    def has_sizes_below(self) -> bool:
        """Whether the sizes stand below the smaller map first: both maps move for what follows."""
        return self.swept is not self.before

    @property
    def moves_on(self) -> bool:
        """Whether the maps go to other places for what is said of them."""
        return self.has_sizes_below or self.is_enlarged

    @property
    def is_enlarged(self) -> bool:
        """Whether the output can be seen larger than its cells are beside those of the input."""
        return bool(self.enlarged.map.width > self.after.map.width * LEAST_GROWTH)


AnyResult = PooledResult[Any]
