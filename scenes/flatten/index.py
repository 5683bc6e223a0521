"""The arithmetic of a cell's index in the flattened vector."""

from __future__ import annotations

from cnnviz.explain.quantity import Quantity
from cnnviz.explain.rounding import format_count
from cnnviz.locales import Words
from cnnviz.scenes.flatten.shown import FlattenNumbers
from cnnviz.scenes.flatten.term_row import TermRow
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

INDEX_SIZE = 34
"""Font size of the numbers, which have the stage for themselves."""


def index_row(numbers: FlattenNumbers, theme: Theme, words: Words, zone: Zone) -> TermRow:
    """Return ``338 + 65 + 6 = 409``: whole maps, whole rows and cells before a cell."""
    terms, cell = numbers.index, numbers.cell
    parts = (terms.in_whole_maps, terms.in_whole_rows, terms.column)
    counts = [Quantity.of("count", value, 0) for value in parts]
    index = Quantity.of("index", terms.index, 0, layer=numbers.layer, index=terms.index)
    details = [
        [_product(terms.channel, terms.height, terms.width), words("flatten.maps_before")],
        [_product(terms.row, terms.width), words("flatten.rows_before")],
        [_product(terms.column), words("flatten.cells_before")],
        [
            words("flatten.index"),
            words("flatten.place", channel=cell.channel, row=cell.row, column=cell.column),
        ],
    ]
    sizes = theme.sizes
    signs = ("+", "+", "=")
    detail_size = sizes.body if theme.layout.stage.is_wide else sizes.small
    return TermRow([*counts, index], details, signs, theme, zone, INDEX_SIZE, detail_size)


def _product(*counts: int) -> str:
    return " × ".join(map(format_count, counts))
