"""The command ``cnnviz``: finds its commands by name and turns errors into exit codes."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from cnnviz.cli.groups import CommandGroup
from cnnviz.cli.tracebacks import keep_traceback
from cnnviz.errors import UserError
from cnnviz.system.installation import where_to_report
from cnnviz.system.log import hide_log
from cnnviz.system.processes import collect_garbage_rarely
from cnnviz.system.suggestions import closest

COMMANDS = {
    "render": ("cnnviz.cli.render", "Render a scene about a picture to an MP4."),
    "build": ("cnnviz.cli.build", "Make all films of a course that are missing or stale."),
    "still": ("cnnviz.cli.still", "Write one frame of a scene as a PNG."),
    "scenes": ("cnnviz.cli.scenes", "List the scenes, or one scene's beats."),
    "info": ("cnnviz.cli.info", "Say how a film was made, and what is in it."),
    "inspect": ("cnnviz.cli.inspect", "Print what the network computes from a picture."),
    "train": ("cnnviz.cli.train", "Train a network on a folder of class folders."),
    "audit": ("cnnviz.cli.audit", "Check that a scene is legible, lively and true."),
    "cache": ("cnnviz.cli.cache", "Show or clear what is kept from earlier renders."),
    "doctor": ("cnnviz.cli.doctor", "Say what this machine lacks."),
    "completion": ("cnnviz.cli.completion", "Print what makes Tab complete words in a shell."),
    "help": ("cnnviz.cli.help", "Print the help of a command or a scene."),
}
"""Each command's module and one line; the module is imported when the command is used."""

INTERRUPTED = 130
"""What shells expect from a program that Ctrl-C has ended."""


class LazyGroup(CommandGroup):
    """A group that lists its commands without importing them, so that ``--help`` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of a first lesson."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(module), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries(ctx)))

    def summaries(self, ctx: click.Context) -> Iterable[tuple[str, str]]:
        """Return the names with their lines."""
        return [(name, line) for name, (_, line) in COMMANDS.items()]

    def unknown(self, ctx: click.Context, name: str) -> str:
        """Say what was meant by a scene or a picture where a command is expected."""
        from cnnviz.staging.registry import scene_names  # only in an error: help stays quick

        if name in scene_names() or name.endswith(".py"):
            meant = f"render {name}"
        elif Path(name).is_file():
            meant = f"render lecture {name}"
        else:
            close = closest(name, [*COMMANDS, *scene_names()])
            if close is None:
                return super().unknown(ctx, name)
            meant = close if close in COMMANDS else f"render {close}"
        return f'there is no command "{name}": did you mean "cnnviz {meant}"?'


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("cnnviz"), prog_name="cnnviz")
def cnnviz() -> None:
    """Turn a photo into a lecture film of a convolutional network looking at it.

    \b
    Example:
      cnnviz render conv cat.png

    Options that you always want can stand in cnnviz.toml where you work, or in pyproject.toml
    under [tool.cnnviz], for all commands or for one scene:

    \b
      language = "zh"
      [conv]
      layer = "conv_1_2"
    """  # noqa: D301 (Click's mark for "do not rewrap")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done. 2: something given cannot be used, in one line, or a group of commands was called
    without one, which prints its help. 1: a fault of cnnviz itself, with
    the traceback in a file. 130: interrupted.
    """
    collect_garbage_rarely()
    hide_log()
    try:
        result = cnnviz.main(arguments, prog_name="cnnviz", standalone_mode=False)
    except UserError as error:
        return _fail(str(error), 2)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _show_usage_error(error)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted; nothing was left behind", INTERRUPTED)
    except BrokenPipeError:
        return 0
    except Exception as error:  # a fault of ours
        return _fail(_report(error), 1)
    return result if isinstance(result, int) else 0  # Click returns the code of an Exit


def _show_usage_error(error: click.ClickException) -> int:
    """Print a wrong call in one line, with the way to help."""
    hint = ""
    context: Any = getattr(error, "ctx", None)
    if context is not None:
        hint = f" (see {context.command_path} --help)"
    return _fail(" ".join(error.format_message().split()) + hint, 2)


def _fail(message: str, exit_code: int) -> int:
    click.echo(f"Error: {message}", err=True)
    return exit_code


def _report(error: Exception) -> str:
    """Write the traceback to a file and return the line that says where."""
    kind, report = type(error).__name__, keep_traceback(error)
    return f"cnnviz failed ({kind}); please report it at {where_to_report()} with {report}"
