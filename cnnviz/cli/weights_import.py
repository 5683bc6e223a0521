"""``cnnviz weights import``: a network of another program becomes a weights file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.types import FuncParamType

from cnnviz.cli.class_names import names_by_language, names_option
from cnnviz.cli.options import new_weights_options, quiet_option

EPILOG = """
\b
Example:
  cnnviz weights import model.onnx -o net.safetensors --classes classes.txt
  cnnviz weights import model.json -o net.safetensors --check input.npy output.npy
  cnnviz weights import digits.pt -o net.safetensors --like lenet_5

FILE is an ONNX model, a model.json of TensorFlow.js (a layers model), a .keras or .h5 file, or,
with --like, a state_dict of PyTorch or safetensors; which of them is told by its content. What
cannot be shown is named, layer by layer. Nothing in it is ever run.
"""


def parse_size(value: Any) -> tuple[int, int]:
    """Return (height, width) from ``HEIGHT,WIDTH`` or from one number for both."""
    try:
        numbers = [int(part) for part in str(value).replace("x", ",").split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 1:
        numbers *= 2
    if len(numbers) != 2 or min(numbers) < 1:
        raise click.BadParameter(f"{value!r} is not HEIGHT,WIDTH, such as 224,224")
    return numbers[0], numbers[1]


def parse_numbers(value: Any) -> tuple[float, ...]:
    """Return the numbers in ``0.485,0.456,0.406``."""
    try:
        return tuple(float(part) for part in str(value).split(","))
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not one number, or one for each channel: 0.485,0.456,0.406"
        ) from None


@click.command("import", epilog=EPILOG, short_help="Import a network of another program.")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@new_weights_options
@click.option(
    "--classes",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The classes' names, one a line, or a JSON list. [default: class 0, class 1 ...]",
)
@names_option
@click.option(
    "--like",
    metavar="NETWORK",
    help="For files of nothing but weights: the network description, a TOML file or a name.",
)
@click.option("--name", help="What the network is called. [default: as in the file]")
@click.option(
    "--input-size",
    type=FuncParamType(parse_size),
    metavar="HEIGHT,WIDTH",
    help="The picture's size, where the file leaves it open.",
)
@click.option(
    "--mean",
    type=FuncParamType(parse_numbers),
    metavar="NUMBERS",
    help="Subtracted from a picture from 0 to 1 before the network sees it. [default: 0]",
)
@click.option(
    "--std",
    type=FuncParamType(parse_numbers),
    metavar="NUMBERS",
    help="What that is divided by; 0.00392157 for a network that takes 0 to 255. [default: 1]",
)
@click.option(
    "--check",
    type=click.Path(path_type=Path),
    nargs=2,
    metavar="INPUT.npy OUTPUT.npy",
    help="An input and what the network gives for it, to compare with.",
)
@quiet_option
def import_weights(
    file: Path,
    output: Path,
    name_files: tuple[str, ...],
    *,
    force: bool,
    quiet: bool,
    **settings: Any,
) -> None:
    """Import the network in FILE and write it as a weights file with a model card.

    The path of the weights file is printed on stdout, everything else on stderr.
    """
    names = names_by_language(name_files)
    from cnnviz.importing import ImportSettings, import_network

    result = import_network(file, output, ImportSettings(names=names, **settings), force=force)
    if not quiet:
        network = result.network
        click.echo(
            f"{result.kind}: {network.name}, {len(network.layers)} layers, "
            f"{network.parameter_count:,} parameters, {len(network.classes)} classes",
            err=True,
        )
        for note in (*result.notes, result.proof.sentence()):
            click.echo(note, err=True)
        click.echo(f"model card: {result.card}", err=True)
    click.echo(result.weights)
