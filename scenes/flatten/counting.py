"""Maps and vector while a cell's index is counted: no weights yet, and so more room for both."""

from __future__ import annotations

from manim import Mobject

from cnnviz.explain.legend import Extremes
from cnnviz.locales import Words
from cnnviz.scenes.flatten.blocks import VectorBlock, body_of
from cnnviz.scenes.flatten.index import index_row
from cnnviz.scenes.flatten.layouts import vector_layout
from cnnviz.scenes.flatten.maps import MapsBoard
from cnnviz.scenes.flatten.shown import FlattenNumbers
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

SHARES = (2.5, 1.3, 1.1)
"""Heights of maps, vector and arithmetic in relation to each other."""

TALL_SHARES = (2.5, 1.6, 0.6)
"""And in an upright frame, where the line of arithmetic takes a smaller share of the height."""

GAP = 0.15
"""Between two of them, in Manim units."""


class CountingBoard:
    """What stands around the cells; nothing is in the scene at first.

    Parameters
    ----------
    numbers
        The arithmetic.
    scale, extremes
        The vector's colours, and what of it they show.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        numbers: FlattenNumbers,
        scale: ColourScale,
        extremes: Extremes,
        theme: Theme,
        words: Words,
    ) -> None:
        stage = theme.layout.stage
        shares = SHARES if stage.is_wide else TALL_SHARES
        maps, vector, arithmetic = stage.rows(*shares, gap=GAP)
        # Where the frame's width decides how large the vector is, the maps have what it leaves.
        lines = vector_layout(numbers.shape, body_of(vector), theme)
        left_over = lines.zone_of(0, len(lines.lefts) - 1).bottom - vector.bottom
        maps = Zone(maps.left, maps.top, maps.right, maps.bottom - left_over)
        vector = vector.moved(0.0, -left_over)
        self.maps = MapsBoard(numbers.shape, maps, theme)
        self.vector = vector_block(numbers, scale, extremes, vector, theme, words)
        self.row = index_row(numbers, theme, words, arithmetic)

    @property
    def parts(self) -> list[Mobject]:
        """All but the arithmetic: frames, numbers, name and legend."""
        return [*self.maps.parts, self.vector.name, self.vector.legend]


def vector_block(
    numbers: FlattenNumbers,
    scale: ColourScale,
    extremes: Extremes,
    zone: Zone,
    theme: Theme,
    words: Words,
) -> VectorBlock:
    """Return the vector in lines, with the name that says what a line is."""
    layout = vector_layout(numbers.shape, body_of(zone), theme)
    block = VectorBlock(scale, extremes, layout, zone, theme)
    _, height, width = numbers.shape
    count, line = len(numbers.features), int((layout.tops == layout.tops[0]).sum())
    by_map = "vector_by_map" if line == height * width else "vector"
    key = "vector_in_one_line" if line == count else by_map
    block.set_name(words(f"flatten.{key}", cells=f"{count:,}"))
    return block
