"""One map shown large: its name above, a frame around, its legend below or beside it."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Mobject

from cnnviz.arrays import FloatArray
from cnnviz.explain.legend import Extremes, scale_marks
from cnnviz.locales import Words
from cnnviz.mobjects.colour_bar import ColourBar, extremes_note
from cnnviz.mobjects.fitting import SMALLEST, FittedLabel, fit_text, lines_height
from cnnviz.mobjects.frames import Outline, map_frame
from cnnviz.mobjects.maps import feature_map
from cnnviz.mobjects.text import LINE_STEP, POINTS_PER_UNIT
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

NAME_ROOM = 0.34
LEGEND_ROOM = 0.82
"""Heights of name and legend with the gap to the map, in Manim units."""

MOST_LINES = 2
"""A name that is too long for one line has so many."""

NAME_LINE = LINE_STEP * SMALLEST / POINTS_PER_UNIT
"""Height that each line of a name but the first takes: they are set as small as is legible."""

LEGEND_OVERHANG = 0.3
"""How far the legend's numbers may reach beyond its bar on each side, in Manim units."""

SHORTEST_LEGEND = 2.4
"""So long that its numbers do not touch each other, in Manim units."""

BESIDE = SHORTEST_LEGEND + 3 * LEGEND_OVERHANG
"""What a legend takes that stands at the right of its map."""


class MapPanel:
    """The mobjects of one map in a zone; none is in the scene at first.

    Parameters
    ----------
    values
        Array of shape (rows, columns).
    scale
        Colours.
    name
        What stands above.
    layer
        Whose values they are, for the legend.
    theme, words
        Looks and words.
    zone
        The room there is; the panel stands in its middle.
    largest_cell
        The largest size of a cell in Manim units.
    has_legend
        Whether there is room for one; without, the map may be larger.
    has_legend_beside
        Whether it stands at the right where the map, which stays in the middle, is larger then.
    padding
        Cells around the map (top, left, bottom, right) over which a window may reach: they have
        room, and a thin line around them.
    name_lines
        For how many lines of its name there is room; by default for as many as it needs. Panels
        side by side keep the same: see :func:`lines_of_names`.
    """

    def __init__(
        self,
        values: FloatArray,
        scale: ColourScale,
        name: str,
        layer: str,
        theme: Theme,
        words: Words,
        zone: Zone,
        largest_cell: float | None = None,
        *,
        has_legend: bool = True,
        has_legend_beside: bool = False,
        padding: tuple[int, int, int, int] = (0, 0, 0, 0),
        name_lines: int | None = None,
    ) -> None:
        self.zone = zone
        self.scale = scale
        top, left, bottom, right = padding
        rows, columns = values.shape[0] + top + bottom, values.shape[1] + left + right
        lines = lines_of_names([name], zone.width, theme) if name_lines is None else name_lines
        above, below = _name_room(lines), LEGEND_ROOM if has_legend else 0.0
        cell = _cell(rows, columns, zone, theme, above, below=below)
        narrower = _cell(rows, columns, zone, theme, above, beside=BESIDE)
        self._is_beside = has_legend_beside and narrower > cell
        if self._is_beside:
            cell, below = narrower, 0.0
        cell = min(cell, largest_cell or cell)
        # Half a pixel more, so that rounding does not lose a pixel a cell.
        side = max(values.shape) * cell + theme.layout.pixel / 2
        self.map = feature_map(values, scale, theme, side)
        y = zone.y + (below - above) / 2
        self.map.move_to(point(zone.x + (left - right) / 2 * cell, y + (bottom - top) / 2 * cell))
        self.frame: Outline = map_frame(self.map, theme)
        self.border: Outline | None = None
        """Around the padding, where there is any."""
        outer = self.map.area(-top, -left, values.shape[0] + bottom, values.shape[1] + right)
        if any(padding):
            self.border = Outline(theme.palette.line, theme.strokes.hairline)
            self.border.enclose(outer, 0.0)
        sizes, palette = theme.sizes, theme.palette
        room = lines_height(lines, SMALLEST)
        self.name = FittedLabel(name, sizes.label, palette.text_muted, zone.width, max_height=room)
        raised = NAME_ROOM * 0.6 + (above - NAME_ROOM) / 2
        self.name.move_to(point(self.map.get_center()[0], outer[1] + raised))
        self._bottom = outer[3]
        self.legend = self._make_legend(values, layer, theme, words) if has_legend else None

    @property
    def parts(self) -> list[Mobject]:
        """Map, frame, name and legend."""
        return [self.map, *self.around]

    @property
    def around(self) -> list[Mobject]:
        """Frame, name and legend."""
        return [*self.empty, *self.legends]

    @property
    def legends(self) -> list[ColourBar]:
        """The legend, if there is one."""
        return [self.legend] if self.legend else []

    @property
    def empty(self) -> list[Mobject]:
        """What there is before the map is: frame, line around the padding, and name."""
        return [self.frame, *([self.border] if self.border else []), self.name]

    def _make_legend(self, values: FloatArray, layer: str, theme: Theme, words: Words) -> ColourBar:
        longest = self.zone.width - 2 * LEGEND_OVERHANG
        if self._is_beside:
            longest = SHORTEST_LEGEND
        width = min(longest, max(self.map.width - 2 * LEGEND_OVERHANG, SHORTEST_LEGEND))
        extremes = Extremes.of(values)
        marks = scale_marks(self.scale.low, self.scale.high, extremes, layer)
        note = extremes_note(extremes, words, layer)
        legend = ColourBar(self.scale, marks, theme, width, note)
        if self._is_beside:
            x = self.map.corners()[2] + 2 * LEGEND_OVERHANG + width / 2
            return legend.move_to(point(x, self._bottom + legend.height / 2))
        below = LEGEND_ROOM - legend.height / 2
        return legend.move_to(point(self.map.get_center()[0], self._bottom - below))


def lines_of_names(names: Sequence[str], width: float, theme: Theme) -> int:
    """Return how many lines the longest of some names takes above a map, in Manim units wide."""
    longest = max(len(fit_text(name, theme.sizes.label, width)[0]) for name in names)
    return min(longest, MOST_LINES)


def _name_room(lines: int) -> float:
    return NAME_ROOM + (lines - 1) * NAME_LINE


def _cell(
    rows: int,
    columns: int,
    zone: Zone,
    theme: Theme,
    above: float,
    below: float = 0.0,
    beside: float = 0.0,
) -> float:
    """Return how large cells can be with a name above the map, and room below or on both sides."""
    high, wide = zone.height - above - below, max(zone.width - 2 * beside, 0.0)
    return min(theme.layout.cell_size(columns, wide), theme.layout.cell_size(rows, high))
