"""How the layers of the overview appear, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import FadeIn, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.network_map.columns import LayerColumn
from cnnviz.mobjects.network_map.network_map import NetworkMap
from cnnviz.staging.scene import LectureScene

ACCELERATION = 0.9
"""How long a layer takes, as a share of the one before."""

QUICKEST = 0.4
"""And at least, as a share of a move."""

FIRST_MAPS = 3.5
"""How long the first layer's maps take after its first one, in moves."""

GOING_OUT = 2.5
"""How long the negative values take to go out, in moves."""

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

    def grow_first_layer(self, column: LayerColumn) -> None:
        """Let one map after the other appear: the first slowly."""
        self._prepare(column)
        count = len(column.layer.channels)
        self.scene.play(
            *map(FadeIn, self.network.headings.of(1)),
            Drive(column.parts, column.show, 0, 1),
            run_time=1.5 * self.timing.move,
            rate_func=linear,
        )
        if count > 1:
            self.scene.play(
                Drive(column.parts, column.show, 1, count),
                run_time=FIRST_MAPS * self.timing.move,
                rate_func=linear,
            )

    def clip_layer(self, before: LayerColumn, column: LayerColumn) -> None:
        """Let a convolution's maps slide to the ReLU's places, where the negatives go out."""
        signed = [each.bitmap.rgba[..., :3] for each in before.maps]
        clipped = [each.bitmap.rgba[..., :3] for each in column.maps]
        is_negative = [
            self.scene.trace[before.layer.name].output[channel] < 0
            for channel in before.layer.channels
        ]
        ends = [each.points.copy() for each in column.maps]
        self._prepare(column)

        def slide(share: float) -> None:
            column.show(share * len(column.maps))
            for each, source, end in zip(column.maps, before.maps, ends, strict=True):
                each.opacity = 1.0
                each.points = source.points + (end - source.points) * share

        def go_out(share: float) -> None:
            for each, old, new, negative in zip(
                column.maps, signed, clipped, is_negative, strict=True
            ):
                each.set_colours(_between(old, new, negative, share))

        slide(0.0)
        go_out(0.0)
        headings = self.network.headings.of(self.network.columns.index(column))
        self.scene.play(
            *map(FadeIn, headings),
            Drive(column.parts, slide, 0, 1, rate_func=smooth),
            run_time=1.2 * self.timing.move,
        )
        self.scene.play(Drive(column.maps, go_out, 0, 1), run_time=GOING_OUT * self.timing.move)

    def grow_other_layers(self, columns: Sequence[LayerColumn]) -> None:
        """Show layers with maps, each faster than the one before."""
        run_time = 1.1 * self.timing.move
        for column in columns:
            self.grow_layer(column, run_time)
            run_time = max(run_time * ACCELERATION, QUICKEST * self.timing.move)

    def grow_layer(self, column: LayerColumn, run_time: float, *ground: Mobject) -> None:
        """Show a layer's maps in quick succession, with what they stand on."""
        self._prepare(column)
        index = self.network.columns.index(column)
        last = len(column.layer.channels) - 1 + OVERLAP
        self.scene.play(
            *map(FadeIn, [*self.network.headings.of(index), *ground]),
            Drive(column.parts, lambda count: column.show(count, OVERLAP), 0, last),
            run_time=run_time,
            rate_func=linear,
        )

    def _prepare(self, column: LayerColumn) -> None:
        """Put a layer into the scene, nothing of it visible yet."""
        column.show(0)
        self.scene.add(*column.parts)


def _between(old: np.ndarray, new: np.ndarray, is_first: np.ndarray, share: float) -> np.ndarray:
    """Return colours between two: some cells change in the first half, the others then."""
    done = np.where(is_first, min(2 * share, 1.0), max(2 * share - 1, 0.0))[..., np.newaxis]
    between: np.ndarray = np.rint(old + (new.astype(np.float64) - old) * done)
    return between.astype(np.uint8)
