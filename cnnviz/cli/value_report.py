"""The arithmetic behind one value: as data for JSON, and as lines of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite

import numpy as np
from rich.cells import cell_len, set_cell_size

from cnnviz.cli.arithmetic_text import (
    ValueReport,
    cell_texts,
    grid_lines,
    maximum_text,
    plain,
    signed,
    span_text,
    sum_text,
)
from cnnviz.cli.elementwise_report import (
    heading,
    place_data,
    report_addition,
    report_concatenation,
    report_leaky_relu,
    report_relu,
    report_relu6,
)
from cnnviz.cli.vector_report import report_vector
from cnnviz.explain.convolution import explain_convolution
from cnnviz.explain.flattening import (
    effective_weights,
    flat_index,
)
from cnnviz.explain.interest import interesting_channel, interesting_pixel, maps_of
from cnnviz.explain.places import (
    Place,
    layers_of_kind,
    require_channel,
    require_layer,
    require_pixel,
)
from cnnviz.explain.pooling import explain_pooling, winners
from cnnviz.explain.rounding import equals_sign
from cnnviz.layers import (
    Add,
    AvgPool2d,
    Concat,
    Conv2d,
    Flatten,
    Layer,
    LeakyReLU,
    MaxPool2d,
    ReLU,
    ReLU6,
)
from cnnviz.layers.tables import entry_for
from cnnviz.layers.windows import windows
from cnnviz.model.trace import Trace


def report_value(
    trace: Trace,
    layer: str | None = None,
    channel: int | None = None,
    pixel: tuple[int, int] | None = None,
) -> ValueReport:
    """Explain one value of one layer, an interesting one where something is not given.

    Parameters
    ----------
    layer
        By default the first convolution, or the first layer where there is none.
    channel
        A channel, or for layers whose output is a vector, one of its values.
    pixel
        (row, column) in the layer's output; for flatten, in the maps it unrolls.

    Raises
    ------
    UserError
        If there is no such layer, channel or pixel; the message says which there are.
    """
    convolutions = layers_of_kind(trace, "conv")
    default = convolutions[0] if convolutions else trace.layers[0]
    layer_trace = default if layer is None else require_layer(trace, layer)
    chosen = interesting_channel(layer_trace) if channel is None else channel
    require_channel(layer_trace, chosen)
    if maps_of(layer_trace).ndim == 1:
        if pixel is not None:
            require_pixel(layer_trace, *pixel)
        return report_vector(trace, layer_trace, chosen)
    row, column = interesting_pixel(layer_trace, chosen) if pixel is None else pixel
    require_pixel(layer_trace, row, column)
    place = Place(layer_trace.name, chosen, row, column)
    return entry_for(layer_trace.layer, MAP_REPORTS, "arithmetic of a map")(trace, place)


def _report_convolution(trace: Trace, place: Place) -> ValueReport:
    terms = explain_convolution(trace[place.layer], place.channel, place.row, place.column)
    source = trace.architecture.source_of(place.layer)
    lines = [
        heading(place, terms.total),
        _window(source, terms.rows, terms.columns),
    ]
    if terms.is_padding.any():
        lines.append(f"{terms.is_padding.sum()} of its cells are padding, which is zero.")
    for channel, channel_sum in enumerate(terms.channel_sums):
        number = terms.sources[channel]
        grids = (terms.patch[channel], terms.kernel[channel], terms.products[channel])
        lines += [
            "",
            f"{source}, channel {number}: values × weights = products",
            *grid_lines(*grids),
        ]
        shown = signed(channel_sum)
        lines.append(f"sum {equals_sign(cell_texts(terms.products[channel]), shown)} {shown}")
    shown_terms = [signed(value) for value in (*terms.channel_sums, terms.bias)]
    lines += ["", f"{sum_text(shown_terms, signed(terms.total))} (the last term is the bias)"]
    data = place_data(place, "conv", terms.total) | {
        "input_layer": source,
        "input_rows": list(terms.rows),
        "input_columns": list(terms.columns),
        "is_padding": terms.is_padding.tolist(),
        "patch": terms.patch.tolist(),
        "input_channels": list(terms.sources),
        "kernel": terms.kernel.tolist(),
        "products": terms.products.tolist(),
        "channel_sums": terms.channel_sums.tolist(),
        "bias": terms.bias,
    }
    return ValueReport(data, tuple(lines))


def _report_pooling(trace: Trace, place: Place) -> ValueReport:
    layer_trace = trace[place.layer]
    window = explain_pooling(layer_trace, place.channel, place.row, place.column)
    every = winners(layer_trace, place.channel)
    source = trace.architecture.source_of(place.layer)
    row, column = window.winner
    lines = [
        heading(place, window.value),
        _window(source, window.rows, window.columns),
        "",
        *grid_lines(window.values),
        "",
        maximum_text(cell_texts(window.values), window.value),
        "All values are zero: nothing wins, and a zero goes on."
        if window.is_empty
        else f"The winner is at row {row}, column {column}.",
    ]
    if window.is_tie:
        lines.append(f"{len(window.ties)} cells tie; the first in reading order counts.")
    data = place_data(place, "max_pool", window.value) | {
        "input_layer": source,
        "input_rows": list(window.rows),
        "input_columns": list(window.columns),
        # Padding is minus infinity, which JSON has no word for.
        "values": [[x if isfinite(x) else None for x in row] for row in window.values.tolist()],
        "winner": list(window.winner),
        "ties": [list(cell) for cell in window.ties],
        "unreached_rows": list(every.unreached_rows),
        "unreached_columns": list(every.unreached_columns),
    }
    return ValueReport(data, tuple(lines))


def _report_average(trace: Trace, place: Place) -> ValueReport:
    layer_trace, source = trace[place.layer], trace.architecture.source_of(place.layer)
    layer = layer_trace.layer
    assert isinstance(layer, AvgPool2d)
    window = layer.window
    rows, columns = layer.counted_cells(place.row, place.column, layer_trace.input.shape)
    values = windows(layer_trace.input[place.channel][None], window)[0, place.row, place.column]
    values = values[[cell in rows for cell in window.rows.cells(place.row)]]
    values = values[:, [cell in columns for cell in window.columns.cells(place.column)]]
    value = float(layer_trace.output[place.channel, place.row, place.column])
    total, count, mean = plain(values.sum(dtype=np.float64)), str(values.size), plain(value)
    lines = (
        heading(place, value),
        _window(source, rows, columns),
        "",
        *grid_lines(values),
        f"sum {equals_sign(cell_texts(values), total)} {total}",
        "",
        f"mean {total} / {count} {equals_sign((total, count), mean, 'quotient')} {mean}",
    )
    data = place_data(place, "avg_pool", value) | {
        "input_layer": source,
        "input_rows": list(rows),
        "input_columns": list(columns),
        "values": values.tolist(),
    }
    return ValueReport(data, lines)


def _report_flattening(trace: Trace, place: Place) -> ValueReport:
    layer_trace = trace[place.layer]
    terms = flat_index(layer_trace.input.shape, place.channel, place.row, place.column)
    value = float(layer_trace.output[terms.index])
    weights, _ = effective_weights(trace)
    contributions = weights[:, terms.index] * value
    lines = [
        heading(place, value),
        "index = (channel × height + row) × width + column",
        f"({terms.channel} × {terms.height} + {terms.row}) × {terms.width} + {terms.column} "
        f"= {terms.index}",
        "",
        "What it adds to each class's score:",
    ]
    width = max(map(cell_len, trace.classes))
    for name, contribution in zip(trace.classes, contributions, strict=True):
        lines.append(f"{set_cell_size(name, width)}  {signed(contribution):>9}")
    data = place_data(place, "flatten", value) | {
        "input_layer": trace.architecture.source_of(place.layer),
        "height": terms.height,
        "width": terms.width,
        "index": terms.index,
        "contributions": dict(zip(trace.classes, contributions.tolist(), strict=True)),
    }
    return ValueReport(data, tuple(lines))


def _window(source: str, rows: Sequence[int], columns: Sequence[int]) -> str:
    return f"Window on {source}: {span_text('rows', rows)}, {span_text('columns', columns)}."


MAP_REPORTS: Mapping[type[Layer], Callable[[Trace, Place], ValueReport]] = {
    Conv2d: _report_convolution,
    ReLU: report_relu,
    ReLU6: report_relu6,
    LeakyReLU: report_leaky_relu,
    MaxPool2d: _report_pooling,
    AvgPool2d: _report_average,
    Add: report_addition,
    Concat: report_concatenation,
    Flatten: _report_flattening,
}
"""How a value of maps is explained; of vectors: see :mod:`.vector_report`."""
