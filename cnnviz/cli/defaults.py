"""What the working folder's defaults mean to each command.

A key at the top is a default of every command that has such an option; a table named after a
command or a scene is for that alone, and a scene's table goes before a command's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cnnviz.cli.defaults_file import DefaultsFile
from cnnviz.cli.options import CROP, PIXEL, RESOLUTION
from cnnviz.errors import UserError
from cnnviz.staging.registry import scene_names
from cnnviz.staging.scene_files import SceneFile
from cnnviz.system.suggestions import choose, closest


@dataclass(frozen=True)
class Defaults:
    """What a file says to the commands.

    Attributes
    ----------
    file
        The file.
    """

    file: DefaultsFile

    def of(self, context: click.Context, command: click.Command, name: str) -> dict[str, Any]:
        """Return the defaults for a command's parameters.

        Parameters
        ----------
        context
            That of the group the command is in.
        command, name
            The command, and what it is called by.

        Raises
        ------
        UserError
            If a key is unknown, or its value cannot be one; the message quotes both.
        """
        root = context.find_root()
        scene = _table_name(name)
        tables = [context.info_name, scene] if context.parent else [scene]
        self._check_tables(root, scene)
        options = _options_of(command)
        found: dict[str, Any] = {}
        for table in (None, *tables):
            for key, value in self._entries(table):
                option = options.get(_normal(key))
                if option is None:
                    self._require_known(root, table, key, options)
                else:
                    assert option.name is not None
                    found[option.name] = self._value(option, _dotted(table, key), value)
        return found

    def check(self, root: click.Context) -> None:
        """Look at all keys of all commands; UserError as for :meth:`of`."""
        for context, name, command in _leaves(root):
            self.of(context, command, name)

    def listed(self) -> str:
        """Return all defaults in one line."""
        tables = [key for key, value in self.file.content.items() if isinstance(value, Mapping)]
        return ", ".join(
            f"{_dotted(table, key)} = {_written(value)}"
            for table in (None, *tables)
            for key, value in self._entries(table)
        )

    def _entries(self, table: str | None) -> list[tuple[str, Any]]:
        """Return the keys of a table with their values; without its name, those at the top."""
        content = self.file.content if table is None else self.file.content.get(table, {})
        assert isinstance(content, Mapping)
        return [
            (key, value)
            for key, value in content.items()
            if table is not None or not isinstance(value, Mapping)
        ]

    def _check_tables(self, root: click.Context, scene: str) -> None:
        assert isinstance(root.command, click.Group)
        known = {*root.command.list_commands(root), *scene_names(), scene}
        for name, value in self.file.content.items():
            is_known = name in known or Path(f"{name}.py").is_file()
            if isinstance(value, Mapping) and not is_known:
                raise self._error(
                    f"[{name}] is neither a scene nor a command: {choose(name, sorted(known))}"
                )

    def _require_known(
        self, root: click.Context, table: str | None, key: str, options: Mapping[str, object]
    ) -> None:
        """Raise a UserError unless some command that a table is for has such an option."""
        known = set(options)
        for context, name, command in _leaves(root):
            if table is None or table in (context.info_name, _table_name(name)):
                known.update(_options_of(command))
                if _normal(key) in known:
                    return
        meant = closest(_normal(key), known)
        hint = f'did you mean "{meant}"?' if meant else "see cnnviz help for what there is"
        raise self._error(f"{_dotted(table, key)} is no option: {hint}")

    def _value(self, option: click.Option, key: str, value: Any) -> Any:
        """Return a value as Click takes it; UserError if it is of another kind, or not allowed."""
        if option.multiple:
            each = value if isinstance(value, list) else [value]
            return [self._single(option, key, one) for one in each]
        return self._single(option, key, value)

    def _single(self, option: click.Option, key: str, value: Any) -> Any:
        kinds, wanted = _kinds_of(option)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise self._error(f"{key} = {_written(value)}: give {wanted}")
        given = tuple(value) if isinstance(value, list) else value
        try:
            option.type.convert(given, option, None)
        except click.BadParameter as error:
            said = " ".join(error.message.split())
            raise self._error(f"{key} = {_written(value)}: {said}") from None
        return given

    def _error(self, message: str) -> UserError:
        return UserError(f"{self.file.source}: {message}")


def _leaves(root: click.Context) -> Iterator[tuple[click.Context, str, click.Command]]:
    """Give all commands that are no groups, with the context of their group and their name."""
    assert isinstance(root.command, click.Group)
    for name in root.command.list_commands(root):
        command = root.command.get_command(root, name)
        if isinstance(command, click.Group):
            context = click.Context(command, parent=root, info_name=name)
            for inner in command.list_commands(context):
                try:
                    leaf = command.get_command(context, inner)
                except UserError:  # a scene of another package that cannot be imported
                    continue
                assert leaf is not None
                yield context, inner, leaf
        elif command is not None:
            yield root, name, command


def _options_of(command: click.Command) -> dict[str, click.Option]:
    """Return a command's options by name, without the dashes before it."""
    return {
        max(each.opts, key=len).lstrip("-"): each
        for each in command.params
        if isinstance(each, click.Option)
    }


def _kinds_of(option: click.Option) -> tuple[tuple[type, ...], str]:
    """Return the kinds of value that an option takes, and their name."""
    if option.is_flag:
        return (bool,), "true or false"
    if isinstance(option.type, type(click.INT)):
        return (int,), "a whole number"
    if isinstance(option.type, type(click.FLOAT)):
        return (int, float), "a number"
    if option.type in (PIXEL, CROP, RESOLUTION):
        return (str, list), f'numbers, as "{option.metavar}" or a list'
    return (str,), "a text in quotes"


def _table_name(command: str) -> str:
    """Return the table of a command or scene: for ``verdict.py`` that of ``verdict``."""
    file = SceneFile.of(command)
    return command if file is None else file.path.stem


def _normal(key: str) -> str:
    return key.replace("_", "-")


def _dotted(table: str | None, key: str) -> str:
    return key if table is None else f"{table}.{key}"


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
