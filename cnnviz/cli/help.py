"""``cnnviz help [COMMAND [SCENE]]``: the same as ``--help`` at the end."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


def complete(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the commands that may follow those that are there."""
    group: click.Command | None = context.find_root().command
    for word in context.params.get("words") or ():
        group = group.get_command(context, word) if isinstance(group, click.Group) else None
    return group.shell_complete(context, incomplete) if isinstance(group, click.Group) else []


@click.command(short_help="Print the help of a command or a scene.")
@click.argument("words", metavar="[COMMAND [SCENE]]", nargs=-1, shell_complete=complete)
@click.pass_context
def help(context: click.Context, words: tuple[str, ...]) -> None:  # noqa: A001 (Click's name)
    """Print the help of a command or a scene.

    \b
    Example:
      cnnviz help render conv
    """  # noqa: D301
    root = context.find_root()
    root.command.main([*words, "--help"], prog_name=root.info_name, standalone_mode=False)
