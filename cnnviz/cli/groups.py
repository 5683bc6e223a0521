"""What all groups of commands share: who was meant, defaults from a file, quick completion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

from cnnviz.system.suggestions import choose


class CommandGroup(click.Group):
    """A group that suggests names, fills in the defaults of the working folder, and completes."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, and leave its defaults in the context."""
        name, rest = args[0], args[1:]
        command = self.get_command(ctx, name)
        if ctx.resilient_parsing:  # a shell asks for completions: no message
            return name if command else None, command, rest
        if command is None:
            raise click.UsageError(self.unknown(ctx, name), ctx)
        is_group = isinstance(command, click.Group)  # its commands have defaults, and it has none
        if not is_group and any(isinstance(each, click.Option) for each in command.params):
            ctx.default_map = {name: _defaults_of(ctx, command, name)}
        return name, command, rest

    def unknown(self, ctx: click.Context, name: str) -> str:
        """Return what is said about a command that there is not."""
        return f'there is no command "{name}": {choose(name, self.list_commands(ctx))}'

    def summaries(self, ctx: click.Context) -> Iterable[tuple[str, str]]:
        """Return the names of all commands, each with its line for a shell that shows it."""
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            yield name, command.get_short_help_str() if command else ""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands, or else the options, that begin so."""
        commands = [
            CompletionItem(name, help=line or None)
            for name, line in self.summaries(ctx)
            if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]


def _defaults_of(ctx: click.Context, command: click.Command, name: str) -> dict[str, Any]:
    """Return what the working folder says of a command's options."""
    from cnnviz.cli.defaults_file import read_defaults_file  # what is not called costs nothing

    file = read_defaults_file()
    if file is None:
        return {}
    from cnnviz.cli.defaults import Defaults

    return Defaults(file).of(ctx, command, name)
