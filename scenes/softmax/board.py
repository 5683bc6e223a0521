"""The stage of softmax: table and plot, and the formula beside or below them."""

from __future__ import annotations

from cnnviz.locales import Words
from cnnviz.scenes.softmax.panel import SoftmaxPanel
from cnnviz.scenes.softmax.plot import SoftmaxPlot
from cnnviz.scenes.softmax.shown import ShownSoftmax, WhatIf
from cnnviz.scenes.softmax.table import SoftmaxTable
from cnnviz.scenes.softmax.what_if import WhatIfPanel
from cnnviz.style.geometry import Zone
from cnnviz.style.theme import Theme

PANEL_WIDTH = 2.9
"""Room for the formula at the right of a wide stage, in Manim units."""

WIDE_STAGE = 12.0
"""From this width on the formula stands at the right of the table, else below it."""

PANEL_SHARE = 0.18
"""Height of the room for the formula below the table, as a share of the stage."""

GAP = 0.3

WHAT_IF_INSET = 0.12
"""Free above and below a tall panel's texts, as a share of its height."""


class SoftmaxBoard:
    """All mobjects of the softmax; none is in the scene at first.

    Parameters
    ----------
    shown
        The numbers.
    theme, words
        Looks and words.
    """

    def __init__(self, shown: ShownSoftmax, theme: Theme, words: Words) -> None:
        self._theme, self._words = theme, words
        self._shown = shown
        table, panel = _divide(theme.layout.stage)
        self._panel_room = panel
        first, second, third = panel.parts(1, 0.9, 1.1, gap=GAP)
        self.table = SoftmaxTable(shown, theme, words, table)
        self.plot = SoftmaxPlot(shown, self.table.grid, theme, words)
        self.panel = SoftmaxPanel(shown, theme, words, (first, second, third))

    def what_if_panel(self, what_if: WhatIf) -> WhatIfPanel:
        """Return what takes the formula's place at the end."""
        room = self._panel_room
        room = room if room.is_wide else room.inset(0.0, WHAT_IF_INSET * room.height)
        question, winner, rival = room.parts(1.2, 1, 1, gap=GAP)
        return WhatIfPanel(what_if, self._theme, self._words, (question, winner, rival))


def _divide(stage: Zone) -> tuple[Zone, Zone]:
    """Return the room of table and plot, and that of the formula."""
    if stage.width >= WIDE_STAGE:
        table, panel = stage.columns(stage.width - PANEL_WIDTH - GAP, PANEL_WIDTH, gap=GAP)
    else:
        table, panel = stage.rows(1 - PANEL_SHARE, PANEL_SHARE, gap=GAP)
    return table, panel
