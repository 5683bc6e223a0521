"""Where two pictures, their maps and their sums stand, in each aspect."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cnnviz.mobjects.maps import fitted_size, longest_within
from cnnviz.staging.pair.photos import HEADING_ROOM, square
from cnnviz.style.geometry import Zone
from cnnviz.style.layout import Layout

GAP = 0.3
"""Between two pictures or maps, in Manim units, as all lengths here."""

LEGEND_HEIGHT = 0.8
"""Of the scale of colours with its numbers and the note below them."""

TILE_HEIGHT = 1.28
"""Of the filter's tile with its name."""

WIDE_SUMS = 5.0
"""Width of one picture's sums in 16:9."""

SQUARE_SUMS = 2.7
"""Width of what stands beside both pictures in 1:1, at least."""

TALL_SUMS = 1.15
"""Height of one picture's sums in 9:16."""

MIDDLE_SUMS = 4.4
"""Width of the sums between high maps."""

SUMS_HEIGHT = 2.0
"""Of the sums below high maps."""

NUMBER_ROOM = 0.62
"""Below a map, for its value at one place."""

NUMBER_SIDE = 1.7
"""Beside a map, for the same."""

PARTED = 0.5
"""Between the three maps of a difference."""


@dataclass(frozen=True)
class HalfPlaces:
    """Where one of the two stands.

    Attributes
    ----------
    picture, map
        Squares.
    sums
        For the sum of the output that is worked.
    """

    picture: Zone
    map: Zone
    sums: Zone

    @property
    def patch(self) -> Zone:
        """For what the window lies on: in the room of the sums, and below the picture if it can."""
        if self.sums.y > self.picture.bottom:
            return self.sums
        return Zone(self.picture.left, self.sums.top, self.picture.right, self.sums.bottom)


@dataclass(frozen=True)
class PairPlaces:
    """Where both stand, and what they share.

    Attributes
    ----------
    halves
        Of the first and of the second.
    tile
        For the filter.
    kernels
        For the filter's weights, before there are maps: in their room, and beside or below it.
    own_kernels
        The same room in two parts: for the weights of two networks, each beside its picture.
    has_long_sums
        Whether a sum's terms stand side by side, and not one below the other.
    """

    halves: tuple[HalfPlaces, HalfPlaces]
    tile: Zone
    kernels: Zone
    own_kernels: tuple[Zone, ...]
    has_long_sums: bool = False

    @classmethod
    def of(cls, layout: Layout, shape: tuple[int, ...], name_width: float) -> PairPlaces:
        """Return the places for a frame: where maps are largest, with names that are legible.

        High maps stand side by side with their pictures, over as much of the stage as sums and
        filter leave.

        Parameters
        ----------
        layout
            Of the frame.
        shape
            Rows and columns of the maps.
        name_width
            Of what stands above pictures and maps, at least.
        """
        stage = layout.stage
        usual = {"16:9": _side_by_side, "9:16": _one_above_the_other, "1:1": _in_rows}
        upright = {"16:9": _around_sums, "9:16": _above_sums, "1:1": _above_sums}
        one, other = usual[layout.aspect](stage), upright[layout.aspect](stage)
        map_, high = one.halves[0].map, other.halves[0].map
        is_legible = name_width <= high.width + GAP / 2
        return other if is_legible and _area(shape, high) > _area(shape, map_) else one


def _side_by_side(stage: Zone) -> PairPlaces:
    """Let the two maps meet in the middle, above the filter; the pictures stand outside."""
    side = (stage.width - 3 * GAP) / 4
    y = stage.top - HEADING_ROOM - side / 2
    xs = [stage.left + side / 2 + number * (side + GAP) for number in range(4)]
    squares = [square(x, y, side) for x in xs]
    below = y - side / 2 - GAP / 2
    left = Zone(stage.left, below, stage.left + WIDE_SUMS, stage.bottom)
    right = Zone(stage.right - WIDE_SUMS, below, stage.right, stage.bottom)
    tile = Zone(left.right, below, right.left, stage.bottom)
    halves = (
        HalfPlaces(squares[0], squares[1], left),
        HalfPlaces(squares[3], squares[2], right),
    )
    kernels = Zone(squares[1].left, stage.top, squares[2].right, stage.bottom)
    own = kernels.columns(1, 1, gap=GAP)
    return PairPlaces(halves, tile, kernels, own)


def _one_above_the_other(stage: Zone) -> PairPlaces:
    """Set each picture beside its map, its sums below, and the filter between both."""
    room = stage.height - 2 * (HEADING_ROOM + TALL_SUMS) - TILE_HEIGHT - GAP
    side = min(room / 2, (stage.width - GAP) / 2)
    block = HEADING_ROOM + side + TALL_SUMS
    halves = []
    for top in (stage.top, stage.bottom + block):
        y = top - HEADING_ROOM - side / 2
        picture = square(stage.left + stage.width / 4 - GAP / 4, y, side)
        made = square(stage.right - stage.width / 4 + GAP / 4, y, side)
        sums = Zone(stage.left, y - side / 2, stage.right, top - block)
        halves.append(HalfPlaces(picture, made, sums))
    tile = Zone(stage.left, stage.top - block, stage.right, stage.bottom + block)
    kernels = Zone(halves[0].map.left, stage.top, stage.right, stage.bottom)
    own = kernels.rows(1, 1, gap=GAP)
    return PairPlaces((halves[0], halves[1]), tile, kernels, own, has_long_sums=True)


def _in_rows(stage: Zone) -> PairPlaces:
    """Set each picture beside its map, and beside both all that belongs to them."""
    side = (stage.height - 2 * HEADING_ROOM - GAP / 2) / 2
    side = min(side, (stage.width - SQUARE_SUMS) / 2 - GAP)
    left = stage.left + 2 * (side + GAP)
    halves = []
    tops = (stage.top, stage.bottom + HEADING_ROOM + side)
    beside = Zone(left, stage.top, stage.right, stage.bottom)
    over, tile, under = beside.rows(2.05, 1.35, 2.05, gap=0.06)
    for top, sums in zip(tops, (over, under), strict=True):
        y = top - HEADING_ROOM - side / 2
        picture = square(stage.left + side / 2, y, side)
        made = square(stage.left + side * 1.5 + GAP, y, side)
        halves.append(HalfPlaces(picture, made, sums))
    kernels = Zone(halves[0].map.left, stage.top, stage.right, stage.bottom)
    own = kernels.rows(1, 1, gap=GAP)
    return PairPlaces((halves[0], halves[1]), tile, kernels, own)


def _around_sums(stage: Zone) -> PairPlaces:
    """Set pictures and maps over the whole height, sums and filter in the middle."""
    width = (stage.width - MIDDLE_SUMS) / 4 - GAP
    room = Zone(stage.left, stage.top - HEADING_ROOM, stage.right, stage.bottom)
    one, made, middle, made_too, two = room.columns(
        width, width, MIDDLE_SUMS, width, width, gap=GAP
    )
    both, tile = middle.rows(2, 1)
    sums, sums_too = both.columns(1, 1)
    halves = HalfPlaces(one, made, sums), HalfPlaces(two, made_too, sums_too)
    kernels = Zone(made.left, stage.top, made_too.right, stage.bottom)
    return PairPlaces(halves, tile, kernels, kernels.columns(1, 1, gap=GAP))


def _above_sums(stage: Zone) -> PairPlaces:
    """Set pictures and maps side by side, and sums and filter below them."""
    room = Zone(stage.left, stage.top - HEADING_ROOM, stage.right, stage.bottom + SUMS_HEIGHT)
    one, made, made_too, two = room.columns(1, 1, 1, 1, gap=GAP)
    below = replace(stage, top=room.bottom)
    sums, tile, sums_too = below.columns(1.1, 1, 1.1)
    halves = HalfPlaces(one, made, sums), HalfPlaces(two, made_too, sums_too)
    kernels = Zone(made.left, stage.top, made_too.right, stage.bottom)
    return PairPlaces(halves, tile, kernels, kernels.columns(1, 1, gap=GAP))


def _area(shape: tuple[int, ...], *zones: Zone) -> float:
    """Return how much maps of (rows, columns) cover that are as large as zones let them be."""
    sizes = [fitted_size(shape, longest_within(shape, e.width, e.height)) for e in zones]
    return sum(width * height for width, height in sizes)


@dataclass(frozen=True)
class DifferencePlaces:
    """Where two maps and their difference stand.

    Attributes
    ----------
    maps
        What each may take, its heading and its number not counted.
    has_numbers_beside
        Whether the first two have their numbers at their right, and not below.
    is_in_line
        Whether the difference stands beside the second map, as large as that.
    """

    maps: tuple[Zone, Zone, Zone]
    has_numbers_beside: bool = False
    is_in_line: bool = False

    @classmethod
    def of(cls, layout: Layout, shape: tuple[int, ...], name_width: float) -> DifferencePlaces:
        """Return the places for a frame: where maps are largest, with names that are legible.

        Where three in a line are small, one is large.

        Parameters
        ----------
        layout, shape, name_width
            As for :class:`PairPlaces`; the names are those of the maps.
        """
        stage = layout.stage
        room = Zone(stage.left, stage.top, stage.right, stage.bottom + LEGEND_HEIGHT)
        first, second, third = map(_above_number, room.columns(1, 1, 1, gap=PARTED))
        in_line = cls((first, second, third), is_in_line=True)
        if layout.aspect == "16:9":
            return in_line
        other = cls._with_one_large(layout, room)
        is_larger = _area(shape, *in_line.maps) > _area(shape, *other.maps)
        return in_line if is_larger and name_width <= first.width else other

    @classmethod
    def _with_one_large(cls, layout: Layout, room: Zone) -> DifferencePlaces:
        if layout.aspect == "9:16":
            upper, lower = room.rows(1, 1.25, gap=GAP / 2)
            first, second = map(_above_number, upper.columns(1, 1, gap=PARTED))
            return cls((first, second, _above_number(lower)))
        beside, right = room.columns(1, 1.2, gap=GAP)
        first, second = (
            Zone(each.left, each.top - HEADING_ROOM, each.right - NUMBER_SIDE, each.bottom)
            for each in beside.rows(1, 1, gap=GAP / 2)
        )
        return cls((first, second, _above_number(right)), has_numbers_beside=True)


def _above_number(zone: Zone) -> Zone:
    """Return what heading and number leave of a zone."""
    return Zone(zone.left, zone.top - HEADING_ROOM, zone.right, zone.bottom + NUMBER_ROOM)
