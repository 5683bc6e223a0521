"""What is said about all windows: what is dropped, and where winners sat."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.number_grid import NumberGrid
from cnnviz.mobjects.text import Label, Number, TextBlock
from cnnviz.scenes.pool.numbers import PoolingNumbers
from cnnviz.staging.pooling.zones import ResultZones
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

SHARE_RISE, NAME_DROP = 0.2, 0.3
"""From the middle of their room up to the share, and down to what it is a share of, in Manim
units, as all lengths here."""

NOTE_LINE = 0.3
"""Height of a line of small print."""

NOTE_GAP = 0.08
"""Between the grid of places and the lines above and below."""

PLACES = 2.2, 1.54
TALL_PLACES = 2.8, 2.4
"""Largest size of the grid that counts where the winners sat; and in 9:16."""

GRID_CELLS = 3
"""A grid of numbers makes its cells as if it had at least so many a side."""


class PoolFacts:
    """The numbers beside the maps; none is in the scene at first.

    Parameters
    ----------
    numbers
        The channel's numbers.
    zones
        The rooms there are.
    theme, words
        Looks and words.
    """

    def __init__(
        self, numbers: PoolingNumbers, zones: ResultZones, theme: Theme, words: Words
    ) -> None:
        self._numbers, self._zones = numbers, zones
        self._theme, self._words = theme, words
        self.share = Quantity.of_share(numbers.dropped.mean(), layer=numbers.layer.name)
        """The share of values that win no window."""
        self.dropped = self._make_dropped()
        self.grid = self._make_grid()
        """How often the winner sat in each cell of its window; the counts are hidden."""
        self.places = self._around_grid()
        """The grid with what stands above and below it."""

    def _make_dropped(self) -> list[Mobject]:
        zone, theme = self._zones.dropped, self._theme
        percent = Number(self.share, theme.sizes.title, theme.palette.accent, weight=600)
        percent.move_to(zone.centre + point(0.0, SHARE_RISE))
        name = self._text(self._words("pool.dropped"), zone)
        _stack(name, zone.x, zone.y - NAME_DROP + NOTE_LINE / 2)
        return [percent, *name]

    def _make_grid(self) -> NumberGrid:
        counts = self._numbers.winners.places
        heading, note = self._texts()
        lines = len(heading) + len(note)
        room = self._zones.places.height - NOTE_LINE * lines - 2 * NOTE_GAP
        width, height = TALL_PLACES if self._theme.layout.aspect == "9:16" else PLACES
        wider = GRID_CELLS / min(max(counts.shape), GRID_CELLS)
        grid = NumberGrid(
            [
                [
                    Quantity.of("count", int(count), 0, kernel_row=row, kernel_column=column)
                    for column, count in enumerate(line)
                ]
                for row, line in enumerate(counts)
            ],
            self._theme.positive_scale(float(max(counts.max(), 1))),
            self._theme,
            wider * width,
            wider * min(height, room),
            max(len(str(counts.max())), 2) + 1,
            leading=1.0,
        )
        grid.reveal(0)
        return grid

    def _around_grid(self) -> list[Mobject]:
        """Set heading, grid and note one below the other, in the middle of their room."""
        zone, grid = self._zones.places, self.grid
        heading, note = self._texts()
        height = grid.height + NOTE_LINE * (len(heading) + len(note)) + 2 * NOTE_GAP
        top = zone.y + height / 2
        _stack(heading, zone.x, top)
        top -= NOTE_LINE * len(heading) + NOTE_GAP
        grid.move_to(point(zone.x, top - grid.height / 2))
        _stack(note, zone.x, top - grid.height - NOTE_GAP)
        return [*heading, grid, *note]

    def _texts(self) -> tuple[list[Label], list[Label]]:
        zone, words = self._zones.places, self._words
        return self._text(words("pool.places"), zone), self._text(self._places_note(), zone)

    def _places_note(self) -> str:
        winners = self._numbers.winners
        counts = (("places_empty", winners.empty_count), ("places_ties", winners.tie_count))
        notes = [self._words(f"pool.{key}", count=count) for key, count in counts if count]
        return self._words("pool.places_join").join(notes)

    def _text(self, text: str, zone: Zone) -> list[Label]:
        """Return muted lines of text, as wide as a zone at most."""
        if not text:
            return []
        sizes, palette = self._theme.sizes, self._theme.palette
        block = TextBlock(text, sizes.label, palette.text_muted, zone.width)
        return [line for line in block.submobjects if isinstance(line, Label)]


def _stack(lines: Sequence[Label], x: float, top: float) -> None:
    """Set lines one below the other."""
    for index, line in enumerate(lines):
        line.move_to(point(x, top - (index + 0.5) * NOTE_LINE))
