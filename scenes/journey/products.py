"""The outputs of the first convolution that a pixel takes part in, product by product."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from manim import Mobject

from cnnviz.explain.convolution import convolution_parameters
from cnnviz.explain.quantity import Indices, Quantity, QuantityKind
from cnnviz.explain.rounding import equals_sign
from cnnviz.explain.scaling import symmetric_range
from cnnviz.locales import Words
from cnnviz.mobjects.picture_channels import picture_channel_colours, picture_channel_names
from cnnviz.mobjects.text import Label, Number, line_width
from cnnviz.model.architecture import INPUT
from cnnviz.model.trace import Trace
from cnnviz.scenes.journey.closeup import CloseUp
from cnnviz.scenes.journey.panel import Panel
from cnnviz.scenes.journey.shown import written_cells, written_products
from cnnviz.scenes.journey.stages import JourneyStage, pixel_products
from cnnviz.scenes.journey.trail import map_scale
from cnnviz.style.colour import ColourScale
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

GAP = 0.5
"""Between two grids: room for a sign."""


class ProductBoard:
    """Value times weight for each channel of the picture, their sums, and the outputs.

    Parameters
    ----------
    trace
        What is shown.
    stage
        The first convolution.
    row, column
        The pixel.
    zone
        The room.
    theme, words
        Looks and words.
    """

    def __init__(
        self,
        trace: Trace,
        stage: JourneyStage,
        row: int,
        column: int,
        zone: Zone,
        theme: Theme,
        words: Words,
    ) -> None:
        self._theme, self._words = theme, words
        layer_trace = trace[stage.layer]
        self._products = pixel_products(layer_trace, row, column, stage.channel)
        self._stage, self._place = stage, (row, column)
        _, weight, _ = convolution_parameters(layer_trace)
        self._weights = np.array(
            [
                [weight[stage.channel, channel, u, v] for u, v in self._products.taps]
                for channel in range(len(layer_trace.input))
            ]
        )
        self._values = layer_trace.input[:, row, column]
        self._names = picture_channel_names(len(self._values), words)
        self._colours = picture_channel_colours(len(self._values), theme.palette)
        weights_scale = theme.weight_scale(symmetric_range(weight).high)
        self._scales = weights_scale, map_scale(trace, stage.layer, theme)
        left, right = zone.parts(1.75, 1, gap=0.6 if zone.is_wide else 0.2)
        results = (right.rows if zone.is_wide else right.columns)(1, 1, gap=0.1)
        self.values: list[list[Mobject]] = []
        self.weighted: list[tuple[CloseUp, Label]] = []
        self.equals_signs: list[Label] = []
        self.grids: list[CloseUp] = []
        for channel, room in enumerate(left.rows(*[1] * len(self._values), gap=0.14)):
            self._add_row(channel, room)
        self._sum_up(*results)

    def _add_row(self, channel: int, zone: Zone) -> None:
        """Make one channel's value, its weights, their products and the signs between them."""
        theme, colour = self._theme, self._colours[channel]
        value_zone, weights, products = zone.columns(0.65, 2, 2, gap=GAP)
        row, column = self._place
        quantity = Quantity.of(
            "activation",
            self._values[channel],
            2,
            layer=INPUT,
            channel=channel,
            row=row,
            column=column,
        )
        width = line_width(quantity.shown, theme.sizes.number, 600)
        size = theme.sizes.number * min(1.0, value_zone.width / width)
        value = Number(quantity, size, colour, weight=600)
        value.move_to(value_zone.centre + point(0.0, -0.12))
        name = Label(self._names[channel], theme.sizes.label, colour)
        name.move_to(value_zone.centre + point(0.0, 0.28))
        grids = [
            self._grid("weight", self._weights[channel], self._scales[0], weights, channel),
            self._grid(
                "product", self._products.values[channel], self._scales[1], products, channel
            ),
        ]
        shown = [
            equals_sign([value.text, weight.text], product.text, "product")
            for weight, product in zip(grids[0].numbers, grids[1].numbers, strict=True)
        ]
        signs = [
            self._sign("×", value_zone, weights),
            self._sign("=" if all(sign == "=" for sign in shown) else "≈", weights, products),
        ]
        self.values.append([name, value])
        self.weighted.append((grids[0], signs[0]))
        self.equals_signs.append(signs[1])
        self.grids.append(grids[1])

    def _grid(
        self,
        kind: QuantityKind,
        numbers: npt.NDArray[np.floating],
        scale: ColourScale,
        room: Zone,
        channel: int,
    ) -> CloseUp:
        """Return one number per output, each where its output lies."""
        stage = self._stage
        where: Indices = {
            "layer": stage.layer,
            "channel": stage.channel,
            "input_channel": channel,
        }
        written = written_products(self._products, numbers, kind, where)
        return CloseUp(numbers.reshape(stage.values.shape), written, scale, self._theme, room)

    def _sum_up(self, own_zone: Zone, outputs_zone: Zone) -> None:
        """Make the pixel's part of each output and, below, the outputs themselves."""
        stage, theme, words = self._stage, self._theme, self._words
        own, outputs = (Panel(part, theme, has_foot=False) for part in (own_zone, outputs_zone))
        where: Indices = {"layer": stage.layer, "channel": stage.channel}
        self.own = CloseUp(
            stage.own_parts,
            written_products(self._products, stage.own_parts.ravel(), "own_part", where),
            self._scales[1],
            theme,
            own.room,
        )
        text = words("journey.sum_of_products", equals=self._sums_sign())
        self.own_heading = own.heading(text, self.own.cells, is_accent=True)
        self.outputs = CloseUp(
            stage.values,
            written_cells(
                "activation",
                stage.values,
                stage.field.rows,
                stage.field.columns,
                stage.layer,
                stage.channel,
            ),
            self._scales[1],
            theme,
            outputs.room,
        )
        self.outputs_heading = outputs.heading(
            words("journey.outputs_with_rest"), self.outputs.cells
        )

    def _sums_sign(self) -> str:
        """Return ``"="``, or ``"≈"`` where the written products add up to another number."""
        if not all(grid.numbers for grid in (*self.grids, self.own)):
            return "="  # there is no room for the numbers in cells
        products = zip(*(grid.numbers for grid in self.grids), strict=True)
        signs = {
            equals_sign([each.text for each in terms], total.text)
            for terms, total in zip(products, self.own.numbers, strict=True)
        }
        return "≈" if "≈" in signs else "="

    def _sign(self, text: str, left: Zone, right: Zone) -> Label:
        label = Label(text, self._theme.sizes.number, self._theme.palette.text_muted)
        return label.move_to(point((left.right + right.left) / 2, left.y))
