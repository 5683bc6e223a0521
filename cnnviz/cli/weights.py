"""``cnnviz weights``: networks of other programs, and those that are there."""

from __future__ import annotations

from importlib import import_module

import click

from cnnviz.cli.groups import CommandGroup

COMMANDS = {
    "list": "cnnviz.cli.weights_list",
    "show": "cnnviz.cli.weights_show",
    "import": "cnnviz.cli.weights_import",
    "export": "cnnviz.cli.weights_export",
}
"""Each command's module."""


class WeightsGroup(CommandGroup):
    """Finds its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of a first use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), f"{cmd_name}_weights")
        return command


@click.group(cls=WeightsGroup, short_help="List, show, import or export networks.")
def weights() -> None:
    """List, show, import or export networks.

    \b
    Example:
      cnnviz weights list
      cnnviz weights import model.onnx -o net.safetensors --classes classes.txt
      cnnviz weights show net.safetensors
    """  # noqa: D301
