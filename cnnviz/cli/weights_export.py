"""``cnnviz weights export``: a network for other programs."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("export", short_help="Write a network as ONNX or a state_dict.")
@click.argument("weights", metavar="FILE")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="File to write: .onnx, or .pt for a state_dict of PyTorch.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there already.")
def export_weights(weights: str, output: Path, *, force: bool) -> None:
    """Write the network in FILE, or of that name, as ONNX or as a state_dict.

    \b
    Example:
      cnnviz weights export lenet_5 -o lenet_5.onnx
      cnnviz weights export net.safetensors -o net.pt
    """  # noqa: D301
    from cnnviz.importing.exporter import export_network

    click.echo(export_network(weights, output, force=force))
