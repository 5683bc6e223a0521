"""``cnnviz weights show``: what a network is made of."""

from __future__ import annotations

from pathlib import Path

import click

from cnnviz.cli.tables import plain_console, print_table


@click.command("show", short_help="Print a network's layers, classes and model card.")
@click.argument("weights", metavar="FILE")
@click.option("--card", is_flag=True, help="Print the whole model card, too.")
def show_weights(weights: str, *, card: bool) -> None:
    """Print layers, shapes, parameters, receptive fields and classes of FILE.

    FILE is a weights file, or a name of 'cnnviz weights list'.

    \b
    Example:
      cnnviz weights show lenet_5
      cnnviz weights show net.safetensors --card
    """  # noqa: D301
    from cnnviz.explain.network_table import CLASSES_IN_A_LINE, network_rows, network_summary
    from cnnviz.network import load_network
    from cnnviz.weights import model_card

    architecture = load_network(weights).architecture
    console = plain_console()
    console.print(network_summary(architecture))
    console.print()
    titles = ("layer", "kind", "reads", "output", "kernel", "parameters", "sees")
    print_table(console, titles, network_rows(architecture), left=3)
    for number in range(0, len(architecture.classes), CLASSES_IN_A_LINE):
        part = architecture.classes[number : number + CLASSES_IN_A_LINE]
        console.print(f"classes {number} to {number + len(part) - 1}: {', '.join(part)}")
    for language, names in architecture.names.items():
        console.print(f"in {language}: {', '.join(names[:CLASSES_IN_A_LINE])}")
    place = model_card(weights)
    if not place.is_file():
        console.print("model card: none beside it")
        return
    console.print(f"model card: {place}")
    if card:
        console.print()
        console.print(_text(place))


def _text(path: Path) -> str:
    from cnnviz.errors import UserError

    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UserError(f"cannot read model card '{path}': {error.strerror}") from None
