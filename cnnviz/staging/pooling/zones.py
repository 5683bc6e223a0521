"""The rooms of pooling's stage, in each of the frame's proportions."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.style.geometry import Corners, Zone, around
from cnnviz.style.layout import Layout

GAP = 0.4
"""Between the parts of the stage, in Manim units, as all lengths here."""

MARGIN = 0.15
"""Above and below the enlarged windows."""

SIZES_DROP = 0.8
"""From the smaller map down to the sizes' middle."""

SIZES_ROOM = SIZES_DROP + 0.5
"""What map and sizes need below the map."""

SIZES_SHARE = 0.6
"""Of the room below the larger map, what name and sizes of the smaller one need in 9:16."""

NARROWEST = 0.45
"""Least width of the smaller map's room beside that of the larger one: its name stands above."""

UPRIGHT = 2.0
"""Maps so many times higher than wide stand side by side in 9:16, too."""

TALL_FACTS = 0.22
"""What stays free above and below the facts in 9:16, as a share of the stage's height."""

FACTS_BELOW = 0.6
"""Height of the facts below two upright maps in 9:16, where that of the maps is 2.1."""


def pair_zones(layout: Layout, shape: tuple[int, int]) -> tuple[Zone, Zone]:
    """Return the rooms of the two maps while nothing else is on the stage.

    Parameters
    ----------
    layout
        The frame's.
    shape
        Rows and columns of the larger map.
    """
    if _stand_in_rows(layout, shape):
        before, after = layout.stage.rows(1.0, 1.0, gap=GAP / 2)
    else:
        before, after = layout.stage.columns(1.0, 1.0, gap=GAP)
    return before, after


def sweep_zones(layout: Layout, shape: tuple[int, int], shrink: float) -> tuple[Zone, Zone]:
    """Return the rooms of both maps while all windows are told, of the larger one the larger.

    Parameters
    ----------
    layout, shape
        The frame's; rows and columns of the larger map.
    shrink
        Size of the smaller map, as a share of the larger one's, 0 to 1.
    """
    if _stand_in_rows(layout, shape):
        before, after = layout.stage.rows(
            1.0, SIZES_SHARE + (1 - SIZES_SHARE) * shrink, gap=GAP / 2
        )
    elif layout.aspect != "16:9":
        before, after = layout.stage.columns(1.0, max(shrink, NARROWEST), gap=GAP)
    else:
        before, after = pair_zones(layout, shape)
    return before, after


def _stand_in_rows(layout: Layout, shape: tuple[int, int]) -> bool:
    """Return whether maps stand one above the other: in 9:16, if they are not narrow."""
    return layout.aspect == "9:16" and shape[0] < UPRIGHT * shape[1]


@dataclass(frozen=True)
class WindowZones:
    """The rooms while single windows are told."""

    before: Zone
    excerpt: Zone
    result: Zone
    after: Zone
    readout: Zone

    @classmethod
    def of(cls, layout: Layout) -> WindowZones:
        """Return the rooms in a frame."""
        stage = layout.stage
        if layout.aspect == "9:16":
            maps, work, readout = stage.rows(1.2, 1.0, 0.26, gap=GAP / 2)
            before, after = maps.columns(1.4, 1.0, gap=GAP)
            excerpt, result = work.columns(1.9, 1.0, gap=GAP)
        elif layout.aspect == "1:1":
            maps, right = stage.columns(1.0, 1.9, gap=GAP)
            before, after = maps.rows(1.3, 1.0, gap=GAP / 4)
            work, readout = right.rows(1.0, 0.24)
            excerpt, result = work.columns(1.8, 1.0, gap=GAP)
        else:
            before, right = stage.columns(1.0, 2.9, gap=GAP)
            work, readout = right.rows(1.0, 0.24)
            work = work.inset(0.0, MARGIN)
            excerpt, result, after = work.columns(2.0, 1.0, 1.2, gap=GAP)
        return cls(before, excerpt, result, after, readout)


@dataclass(frozen=True)
class ResultZones:
    """The rooms while all windows are told: of both maps, and of what is said about them."""

    before: Zone
    after: Zone
    sizes: Zone
    dropped: Zone
    places: Zone

    @property
    def facts(self) -> Zone:
        """All of the room in which max pooling tells what is dropped and who won."""
        return Zone(*around(_corners_of(each) for each in (self.dropped, self.places)))

    @classmethod
    def of(cls, layout: Layout, shape: tuple[int, int]) -> ResultZones:
        """Return the rooms in a frame, for a larger map of so many rows and columns."""
        stage = layout.stage
        if layout.aspect == "16:9":
            before, after, facts = stage.columns(1.35, 1.35, 1.0, gap=GAP)
            return cls(before, after, *facts.rows(1.0, 1.0, 2.2))
        if _stand_in_rows(layout, shape):
            maps, facts = stage.columns(1.62, 1.0, gap=GAP)
            before, after = maps.rows(1.0, 1.0, gap=GAP / 2)
            facts = facts.inset(0.0, TALL_FACTS * stage.height)
            return cls(before, after, *facts.rows(1.0, 1.0, 2.2))
        height = 1.0 if layout.aspect == "1:1" else FACTS_BELOW
        maps, below = stage.rows(2.1, height, gap=GAP / 2)
        before, after = maps.columns(1.0, 1.0, gap=GAP)
        return cls(before, after, *below.columns(1.2, 1.0, 1.2, gap=GAP / 2))


def _corners_of(zone: Zone) -> Corners:
    return zone.left, zone.top, zone.right, zone.bottom
