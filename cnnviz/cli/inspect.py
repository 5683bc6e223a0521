"""``cnnviz inspect``: what a network makes of a picture, in numbers."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cnnviz.cli.options import picture_options, place_options
from cnnviz.cli.tables import plain_console, print_table

if TYPE_CHECKING:
    from rich.console import Console

    from cnnviz.model.trace import LayerTrace, Trace

EPILOG = """
\b
Example:
  cnnviz inspect cat.png
  cnnviz inspect cat.png --layer conv_1_2 --channel 3 --pixel 20,31
  cnnviz inspect cat.png --layer output --json

Layers, channels and pixels count from 0. With --layer alone, or with any other of the three, the
rest is chosen: a strong response in a patch that is not flat.
"""


@click.command(epilog=EPILOG)
@click.argument("image", type=click.Path(path_type=Path))
@picture_options
@place_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON with full precision.")
def inspect(
    image: Path,
    weights: Path | None,
    crop: tuple[int, int, int, int] | None,
    background: tuple[int, int, int],
    layer: str | None,
    channel: int | None,
    pixel: tuple[int, int] | None,
    *,
    as_json: bool,
) -> None:
    """Print predictions, all layers, and any value for IMAGE.

    With --layer, --channel or --pixel also that value's arithmetic, term by term.
    """
    from cnnviz.cli.value_report import report_value
    from cnnviz.network import load_network, trace

    picture_trace = trace(image, load_network(weights), crop=crop, background=background)
    value = None
    if (layer, channel, pixel) != (None, None, None):
        value = report_value(picture_trace, layer, channel, pixel)
    if as_json:
        data = _summary(picture_trace, image)
        if value is not None:
            data["value"] = value.data
        click.echo(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2))
        return
    console = plain_console()
    _print_predictions(console, picture_trace)
    _print_layers(console, picture_trace)
    if value is not None:
        console.print("\n".join(value.lines))


def _summary(trace: Trace, image: Path) -> dict[str, Any]:
    """Return what JSON says about the whole picture; the most probable class comes first."""
    from cnnviz.explain.softmax import ranking

    architecture = trace.architecture
    called = architecture.names
    return {
        "image": str(image),
        "network": architecture.name,
        "input": {
            "channels": architecture.input.channels,
            "height": architecture.input.height,
            "width": architecture.input.width,
        },
        "parameters": architecture.parameter_count,
        "predictions": [
            {
                "class": trace.classes[index],
                "names": {language: names[index] for language, names in called.items()},
                "index": index,
                "logit": float(trace.logits[index]),
                "probability": float(trace.probabilities[index]),
            }
            for index in ranking(trace.logits)
        ],
        "layers": [_layer_summary(layer_trace) for layer_trace in trace.layers],
    }


def _layer_summary(layer_trace: LayerTrace) -> dict[str, Any]:
    output = layer_trace.output
    return {
        "name": layer_trace.name,
        "kind": layer_trace.kind,
        "output_shape": list(output.shape),
        "parameters": layer_trace.layer.parameter_count,
        "min": _finite(output.min()),
        "mean": _finite(output.mean(dtype="float64")),
        "max": _finite(output.max()),
    }


def _finite(value: float) -> float | None:
    """Return a number that JSON can hold."""
    return float(value) if math.isfinite(value) else None


def _print_predictions(console: Console, trace: Trace) -> None:
    from cnnviz.explain.rounding import format_number, format_percent
    from cnnviz.explain.softmax import ranking

    called = trace.architecture.names
    rows = [
        (
            trace.classes[index],
            *(names[index] for names in called.values()),
            format_number(float(trace.logits[index]), 3, sign="always"),
            format_percent(float(trace.probabilities[index])),
        )
        for index in ranking(trace.logits)
    ]
    titles = ("class", *(f"class ({language})" for language in called), "score", "probability")
    print_table(console, titles, rows, left=1 + len(called))


def _print_layers(console: Console, trace: Trace) -> None:
    from cnnviz.explain.rounding import format_number

    rows = [
        (
            layer_trace.name,
            layer_trace.kind,
            " × ".join(map(str, layer_trace.output.shape)),
            f"{layer_trace.layer.parameter_count:,}",
            *(
                format_number(float(value), 3)
                for value in (
                    layer_trace.output.min(),
                    layer_trace.output.mean(dtype="float64"),
                    layer_trace.output.max(),
                )
            ),
        )
        for layer_trace in trace.layers
    ]
    titles = ("layer", "kind", "output", "parameters", "min", "mean", "max")
    print_table(console, titles, rows, left=2)
