"""The pixel's own part of every map, side by side: a patch that spreads and grows faint."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Mobject

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import FittedLabel
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.maps import picture_pixels
from cnnviz.mobjects.network_map.plan import lines_without_collision
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.cone import cone_side, jumps_of
from cnnviz.scenes.journey.fold import WORTH, Spacing, best_fold
from cnnviz.scenes.journey.layer_blocks import LayerBlock
from cnnviz.scenes.journey.shown import written_part
from cnnviz.scenes.journey.stages import Journey
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, between, point
from cnnviz.style.theme import Theme

GAP = 0.2
"""Between two patches' slots, in Manim units."""

LEAST_SLOT = 0.62
"""Width of the slot of a patch that is narrower: its number has room below it."""

LINE = 0.42
"""Height of a line with numbers below the patches, or above them."""

END_LINE = 0.62
"""Height of each line about the score."""

BRIGHTEST = 75
"""The percentile of the parts, without their signs and without zeros, at which colours end."""

THERE = 0.3
"""Share of its way after which a patch that grows out of the one before hides what is below."""


class SpreadBoard:
    """One patch a block, all at the scale of the picture, and what is left in the score.

    Parameters
    ----------
    trace
        What is shown.
    journey
        What becomes of the pixel.
    blocks
        Those whose part is shown; none has an empty field.
    class_index
        The class whose score the pixel ends in.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        journey: Journey,
        blocks: Sequence[LayerBlock],
        class_index: int,
        zone: Zone,
        theme: Theme,
        words: Words,
    ) -> None:
        self._theme = theme
        self._parts = [(block.first.own_parts, block.last.own_parts) for block in blocks]
        self._scale = self._common_scale()
        self._make_end(trace, journey, class_index, zone, words)
        self.peaks = [self._peak(block) for block in blocks]
        room = Zone(zone.left, zone.top, zone.right, self.note.get_top()[1] + 0.1)
        jumps = [jumps_of(trace.architecture, block.last.layer) for block in blocks]
        shapes = [(1.0, 1.0)]
        shapes += [
            (down * parts.shape[0], across * parts.shape[1])
            for (down, across), (_, parts) in zip(jumps, self._parts, strict=True)
        ]
        boxes, peaks_above, lines = self._boxes_with_peaks(shapes, room)
        pixel = picture_pixels(trace)[journey.row, journey.column].reshape(1, 1, 3)
        colours = [pixel, *(self._scale.colours(first) for first, _ in self._parts)]
        self.patches = [
            HeatMap(cells, box.width, box.height).move_to(box.centre)
            for cells, box in zip(colours, boxes, strict=True)
        ]
        self._homes = [patch.corners() for patch in self.patches]
        self.outlines = [self._outline(patch) for patch in self.patches]
        self.sides = [
            cone_side(one, other, theme)
            for one, other in zip(self.patches[:-1], self.patches[1:], strict=True)
        ]
        above = max(box.top for box in boxes) + LINE / 2
        below = min(box.bottom for box in boxes) - LINE / 2
        for index, line in enumerate(lines):
            y = above + line * LINE if index < peaks_above else below - line * LINE
            self.peaks[index].move_to(point(boxes[index + 1].x, y))

    def _boxes_with_peaks(
        self, shapes: Sequence[tuple[float, float]], room: Zone
    ) -> tuple[Sequence[Zone], int, list[int]]:
        """Return where patches are, how many peaks stand above theirs, and in which line each.

        Where peaks need more than the one line that is kept for them, patches are smaller.
        """
        above = below = 0
        while True:
            free = Zone(room.left, room.top - above * LINE, room.right, room.bottom + below * LINE)
            boxes, upper = _boxes(shapes, free)
            peaks_above = max(upper - 1, 0)  # the pixel itself has none
            lines = self._lines_of_peaks(boxes, peaks_above)
            needed = max(lines[:peaks_above], default=0), max(lines[peaks_above:], default=0)
            if (needed[0] <= above and needed[1] <= below) or free.height < room.height / 2:
                return boxes, peaks_above, lines
            above, below = max(above, needed[0]), max(below, needed[1])

    def _lines_of_peaks(self, boxes: Sequence[Zone], peaks_above: int) -> list[int]:
        """Return in which line each peak stands, counted from its patch, clear of the others."""
        lines = [0] * len(self.peaks)
        for some in (range(peaks_above), range(peaks_above, len(self.peaks))):
            order = sorted(some, key=lambda index: boxes[index + 1].x)
            halves = [(boxes[index + 1].x, self.peaks[index].width / 2) for index in order]
            spans = [(x - half, x + half) for x, half in halves]
            for index, line in zip(order, lines_without_collision(spans), strict=True):
                lines[index] = line
        return lines

    def _common_scale(self) -> ColourScale:
        """Return one scale for all patches: where a part has shrunk it is seen to be fainter."""
        sizes = np.concatenate([np.abs(parts).ravel() for _, parts in self._parts])
        sizes = sizes[sizes > 0]
        return self._theme.signed_scale(float(np.percentile(sizes, BRIGHTEST)) if len(sizes) else 1)

    def _peak(self, block: LayerBlock) -> Number:
        """Return the largest part of a patch, its sign apart."""
        stage = block.last
        i, j = np.unravel_index(int(np.abs(stage.own_parts).argmax()), stage.own_parts.shape)
        value = stage.own_parts[i, j]
        quantity = written_part(
            float(value),
            digits=1,
            layer=stage.layer,
            channel=stage.channel,
            row=stage.field.rows[int(i)],
            column=stage.field.columns[int(j)],
        )
        return Number(quantity, self._theme.sizes.label, self._theme.palette.text)

    def _make_end(
        self, trace: Trace, journey: Journey, class_index: int, zone: Zone, words: Words
    ) -> None:
        """Make the two lines at the bottom: what the numbers are, and what is left in the score."""
        theme = self._theme
        part, score = end_quantities(trace, journey, class_index)
        name = trace.class_name(class_index, words.language)
        size = theme.sizes.body
        total = Number(score, theme.sizes.number, theme.palette.text_muted)
        room = zone.width - total.width - GAP
        line = [
            FittedLabel(words("journey.all_channels"), size, theme.palette.text_muted, zone.width),
            Number(part, theme.sizes.number, theme.palette.text, weight=600),
            FittedLabel(
                words("journey.of_score", target=name), size, theme.palette.text_muted, room
            ),
            total,
        ]
        lines: list[list[Label | Number]] = [line]
        if sum(each.width for each in line) + 3 * GAP > zone.width:
            lines = [line[:2], line[2:]]
        for index, each in enumerate(reversed(lines)):
            _stand_side_by_side(each, zone.x, zone.bottom + (index + 0.5) * END_LINE)
        self.end = [part for each in lines for part in each]
        self.note = FittedLabel(
            words("journey.peaks"), theme.sizes.small, theme.palette.text_muted, zone.width
        )
        self.note.move_to(point(zone.x, zone.bottom + (len(lines) + 0.25) * END_LINE))

    def _outline(self, patch: HeatMap) -> Outline:
        outline = Outline(self._theme.palette.line, self._theme.strokes.thin)
        outline.set_edges(*patch.corners())
        return outline

    def is_stopped(self, index: int) -> bool:
        """Return whether something of a patch's part ends at its block's ReLU."""
        first, last = self._parts[index - 1]
        return bool((first != last).any())

    def show_growth(self, index: int, share: float) -> None:
        """Show a patch, from 1, on its way from where the one before it stands to its place."""
        patch, before = self.patches[index], self.patches[index - 1]
        patch.set_opacity(min(share / THERE, 1.0))  # at once, it would take the other's place
        patch.set_corners(*between(before.corners(), self._homes[index], share))

    def show_stopping(self, index: int, share: float) -> None:
        """Let what the ReLU after a patch's convolution stops go out."""
        first, last = (self._scale.colours(part).astype(float) for part in self._parts[index - 1])
        self.patches[index].set_colours(np.rint(first + (last - first) * share).astype(np.uint8))


def end_quantities(trace: Trace, journey: Journey, class_index: int) -> tuple[Quantity, Quantity]:
    """Return the pixel's own part of a class's score, and the score."""
    name = trace.classes[class_index]
    part, score = float(journey.own_scores[class_index]), trace.logits[class_index]
    return (
        written_part(part, class_name=name),
        Quantity.of("logit", float(score), 2, sign="always", class_name=name),
    )


def _stand_side_by_side(parts: Sequence[Mobject], x: float, y: float) -> None:
    """Put texts next to each other, all together centred at (x, y)."""
    left = x - (sum(part.width for part in parts) + GAP * (len(parts) - 1)) / 2
    for part in parts:
        part.move_to(point(left + part.width / 2, y))
        left += part.width + GAP


def _boxes(shapes: Sequence[tuple[float, float]], zone: Zone) -> tuple[Sequence[Zone], int]:
    """Return the place of each patch of (rows, columns) picture pixels, and how many stand above.

    From left to right, with a line below them; where that leaves much of the room free, in two
    rows with a turn, with a line above and below.
    """
    sizes = np.array(shapes)
    zone_above = Zone(zone.left, zone.top, zone.right, zone.bottom + LINE)
    room = zone.width - GAP * (len(sizes) - 1)
    least = min(LEAST_SLOT, room / len(sizes))
    low, high = 0.0, zone_above.height / sizes[:, 0].max()
    for _ in range(40):  # the largest scale at which all slots together fit
        middle = (low + high) / 2
        fits = np.maximum(sizes[:, 1] * middle, least).sum() <= room
        low, high = (middle, high) if fits else (low, middle)
    by_width = [(columns, rows) for rows, columns in shapes]
    fold = best_fold(by_width, zone, Spacing(GAP, LEAST_SLOT, LINE))
    if fold is not None and fold.unit > WORTH * low:
        return fold.boxes, fold.upper
    widths = np.maximum(sizes[:, 1] * low, least)
    x = zone.x - (widths.sum() + GAP * (len(sizes) - 1)) / 2
    boxes = []
    for (rows, columns), width in zip(sizes * low, widths, strict=True):
        centre, y = x + width / 2, zone_above.y
        boxes.append(Zone.centred_at(centre, y, columns, rows))
        x += width + GAP
    return boxes, 0
