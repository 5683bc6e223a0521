"""How the layers of the overview appear, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Animation, FadeIn, FadeOut, Mobject, linear, rate_functions

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.network_map.columns import LayerColumn
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.scenes.overview.large_maps import appearing, large_copies, line_up
from cnnviz.staging.scene import LectureScene

FIRST_OTHER = 0.8
"""How long the first layer takes that grows in its own place, in moves."""

ACCELERATION = 0.95
"""How long a layer takes, as a share of the one before."""

QUICKEST = 0.4
"""And at least, as a share of a move."""

USUAL_DISTANCE = 0.06
"""Of two layers, in widths of the stage: where they are nearer, each takes as much less time."""

LINE_UP, LONGEST_LINE_UP = 0.9, 2.0
"""How long the large maps take to their places, in moves: the longer, the more there is to read
before all layers are there."""

FIRST_MAPS = 3.0
"""How long the first layer's maps take after its first one, in moves."""

GOING_OUT = 2.5
"""How long the negative values take to go out, in moves."""

OTHERS = 0.3
"""Share of that time in which the other values take the colours of their own range."""

LEAST_SEEN = 8
"""Of 255: a colour that changes by less looks the same."""

OVERLAP = 4.0
"""Maps of a later layer that are on their way at a time."""


class Growth:
    """Brings the layers of a network into a scene; nothing of them is in it at first.

    Parameters
    ----------
    scene
        Where they appear.
    network
        Has them.
    """

    def __init__(self, scene: LectureScene, network: NetworkMap) -> None:
        self.scene, self.network, self.timing = scene, network, scene.timing
        self._large: list[HeatMap] = []

    def first_map(self, column: LayerColumn, channels: Sequence[HeatMap]) -> list[Animation]:
        """Return how the picture's channels, large as they are, become the first layer's first map.

        Other layers than those of maps are not begun by it.
        """
        if not column.layer.has_maps:
            return []
        self._large = large_copies(self.network, column, self.scene.theme)
        show = appearing(self._large)
        show(0)
        first, sources = self._large[0], [each.copy() for each in channels]
        self.scene.add(*sources, *self._large)
        return [
            *(
                FadeOut(each, target_position=first, scale=first.width / each.width)
                for each in sources
            ),
            Drive(self._large, show, 0, 1),
        ]

    def grow_first_layer(self, column: LayerColumn) -> None:
        """Let all maps appear but the first one, which is there, large; or the whole layer."""
        scene, timing = self.scene, self.timing
        count = len(column.layer.channels)
        if not self._large:
            self.grow_layer(column, FIRST_MAPS * timing.move)
        elif count > 1:
            scene.play(
                Drive(self._large, appearing(self._large), 1, count),
                run_time=scene.while_read(FIRST_MAPS * timing.move),
                rate_func=rate_functions.ease_out_sine,
            )

    def clip_layer(self, before: LayerColumn, column: LayerColumn) -> None:
        """Let a convolution's maps go to their places, and of their copies the negatives go out.

        Where none is seen to go, the maps take the more time to their places.
        """
        scene = self.scene
        signed = [each.bitmap.rgba[..., :3] for each in before.maps]
        clipped = [each.bitmap.rgba[..., :3] for each in column.maps]
        is_negative = [
            scene.trace[before.layer.name].output[channel] < 0 for channel in before.layer.channels
        ]
        tiles = [each.copy() for each in self._large]
        scene.add(*tiles)
        share = _seen_share(signed, clipped, is_negative)
        lining_up, going_out = LINE_UP * self.timing.move, share * GOING_OUT * self.timing.move
        if share < 1:
            lining_up = scene.while_read(lining_up, going_out)
        line_up(scene, self.network, tiles, before, lining_up)

        def go_out(share: float) -> None:
            for each, old, new, negative in zip(
                self._large, signed, clipped, is_negative, strict=True
            ):
                each.set_colours(_between(old, new, negative, share))

        if share > 0:
            run_time = scene.while_read(going_out) if share == 1 else going_out
            change = Drive(self._large, go_out, 0, share)
            scene.play(change, run_time=run_time, rate_func=linear)
        go_out(1.0)

    def line_up_large_maps(
        self, column: LayerColumn, run_time: float | None = None, behind: Sequence[Mobject] = ()
    ) -> None:
        """Let the large maps, if there are any, go to their places in a column.

        What stands behind them comes as they leave.
        """
        if self._large:
            run_time = LINE_UP * self.timing.move if run_time is None else run_time
            line_up(self.scene, self.network, self._large, column, run_time, behind)
            self._large = []

    def grow_other_layers(
        self, large: LayerColumn, columns: Sequence[LayerColumn], goal: Sequence[Mobject]
    ) -> None:
        """Let the large maps, if there are any, go to their places; then show layers with maps.

        Each is faster than the one before, and all together while the caption is read.

        Parameters
        ----------
        large
            The column of the large maps.
        columns
            At least one.
        goal
            Where all of it leads: it comes with the first of them. Where layers stand one below
            the other, it comes as the large maps leave, and so do the names of all: else the
            stage would be empty below for long.
        """
        scene, move, times = self.scene, self.timing.move, self._times(len(columns))
        # Of the last column little may be seen: what is all zero comes without a change.
        natural, unseen = sum(times), times[-1]
        if self.network.plan.runs_down:
            goal = [*goal, *(each for column in columns[1:] for each in self._names_of(column))]
        if self._large:
            run_time = scene.while_read(LINE_UP * move, natural - unseen)
            behind = goal if self.network.plan.runs_down else ()
            self.line_up_large_maps(large, min(run_time, LONGEST_LINE_UP * move), behind)
        longer = scene.while_read(natural, -unseen) / natural
        new = [each for each in goal if not scene.present([each])]
        for number, (column, run_time) in enumerate(zip(columns, times, strict=True)):
            self.grow_layer(column, longer * run_time, *(() if number else new))

    def _times(self, count: int) -> list[float]:
        """Return how long so many layers take, at least, in seconds."""
        usual = USUAL_DISTANCE * self.scene.theme.layout.stage.width
        first = FIRST_OTHER * min(1.0, self.network.plan.pitch_along / usual)
        shares = [max(first * ACCELERATION**number, QUICKEST) for number in range(count)]
        return [share * self.timing.move for share in shares]

    def grow_layer(self, column: LayerColumn, run_time: float, *ground: Mobject) -> None:
        """Show a layer's maps in quick succession, with what they stand on."""
        self._prepare(column)
        names = self._names_of(column)
        new = [each for each in names if not self.scene.present([each])]
        last = len(column.layer.channels) - 1 + OVERLAP
        self.scene.play(
            *map(FadeIn, [*new, *ground]),
            Drive(column.parts, lambda count: column.show(count, OVERLAP), 0, last),
            run_time=run_time,
            rate_func=linear,
        )

    def _names_of(self, column: LayerColumn) -> Sequence[Mobject]:
        """Return what is written beside or above a layer."""
        return self.network.headings.of(self.network.columns.index(column))

    def _prepare(self, column: LayerColumn) -> None:
        """Put a layer into the scene, nothing of it visible yet."""
        column.show(0)
        self.scene.add(*column.parts)


def _seen_share(
    old: Sequence[np.ndarray], new: Sequence[np.ndarray], negative: Sequence[np.ndarray]
) -> float:
    """Return after which share of a change of colours, see :func:`_between`, all of it was seen.

    It is 1 where negative values are seen to go out, `OTHERS` where only other cells change,
    and 0 where the eye sees no change.
    """
    seen = 0.0
    for before, after, is_negative in zip(old, new, negative, strict=True):
        changes = np.abs(after.astype(int) - before).max(axis=-1) >= LEAST_SEEN
        if changes[is_negative].any():
            return 1.0
        if changes.any():
            seen = OTHERS
    return seen


def _between(old: np.ndarray, new: np.ndarray, is_first: np.ndarray, share: float) -> np.ndarray:
    """Return colours between two: some cells change all the time, the others at the beginning."""
    done = np.where(is_first, share, min(share / OTHERS, 1.0))[..., np.newaxis]
    between: np.ndarray = np.rint(old + (new.astype(np.float64) - old) * done)
    return between.astype(np.uint8)
