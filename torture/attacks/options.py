"""Calls that nobody would make: any option of any command, found from Click itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import click

from torture.attack import Attack
from torture.lab import Lab
from torture.materials import photo

VALUES = (
    *("", "0", "-1", "1", "999999999999999999999", "1e400", "nan", "inf", "-inf", "1,2", "1,2,3,4"),
    *("conv_1_2", "zh", "en", "all", "default", "#ff0000", "white", "a\nError: forged", "\x1b[31m"),
    *("/dev/zero", "/dev/full", ".", "/", "none.png", "\u202ebad", "x" * 5000, "--", "-", "猫"),
)

NOT_CALLED = {"train", "build"}
"""Commands that would work for long if a call of theirs were right by chance."""

QUICK = {"render": ["-q", "l", "--fps", "1", "--pace", "0.1"], "still": ["--at", "1", "-q", "l"]}


@cache
def commands() -> tuple[tuple[tuple[str, ...], click.Command], ...]:
    """Return every command that is no group, with the words that call it."""
    from cnnviz.cli.main import cnnviz

    return tuple(_leaves((), cnnviz, click.Context(cnnviz)))


def _leaves(
    words: tuple[str, ...], command: click.Command, context: click.Context
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None:
            yield from _leaves((*words, name), inner, click.Context(inner, parent=context))


def odd_call(random: Random, folder: Path) -> None:
    """Call a command with options and values of any kind; a call that is right may succeed."""
    lab = Lab(folder / "lab")
    known = [each for each in commands() if each[0][0] not in NOT_CALLED]
    words, command = random.choice(known)
    arguments = [*words]
    if random.random() < 0.5:
        arguments.append(str(photo(lab.folder / "photo.png")))
    arguments += QUICK.get(words[0], []) if random.random() < 0.5 else []
    options = [each for each in command.params if isinstance(each, click.Option)]
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        if not options:
            break
        option = random.choice(options)
        arguments.append(random.choice(option.opts))
        if not option.is_flag or random.random() < 0.1:
            arguments.append(random.choice(VALUES))
    if random.random() < 0.2:
        arguments.insert(random.randrange(len(arguments) + 1), random.choice(VALUES))
    arguments = [each for each in arguments if each not in ("-p", "--preview")]
    run = lab.run(arguments)
    if run.code == 0:
        return
    run.check(2)
    lab.check_nothing_left(*(path.name for path in lab.out.iterdir()))


ATTACKS = [Attack("options", "odd options of every command", odd_call)]
