"""The command ``cnnviz``: finds its commands by name and turns errors into exit codes."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from cnnviz.cli.groups import CommandGroup
from cnnviz.errors import UserError, one_line
from cnnviz.system.disk import in_one_line
from cnnviz.system.environment import complete_environment, require_working_folder
from cnnviz.system.interrupts import exit_code_of, signals_as_interrupts
from cnnviz.system.log import show_log
from cnnviz.system.processes import collect_garbage_rarely
from cnnviz.system.streams import flush_stdout, open_closed_streams, say
from cnnviz.system.suggestions import closest

COMMANDS = {
    "render": ("cnnviz.cli.render", "Render a scene about a picture to an MP4."),
    "compare": ("cnnviz.cli.compare", "Compare two pictures, or two networks, in one film."),
    "build": ("cnnviz.cli.build", "Make all films of a course that are missing or stale."),
    "still": ("cnnviz.cli.still", "Write one frame of a scene as a PNG."),
    "scenes": ("cnnviz.cli.scenes", "List the scenes, or one scene's beats."),
    "info": ("cnnviz.cli.info", "Say how a film was made, and what is in it."),
    "embed": ("cnnviz.cli.embed", "Print what puts a film into a page or a notebook."),
    "inspect": ("cnnviz.cli.inspect", "Print what the network computes from a picture."),
    "train": ("cnnviz.cli.train", "Train a network on a folder of class folders."),
    "weights": ("cnnviz.cli.weights", "List, show, import or export networks."),
    "audit": ("cnnviz.cli.audit", "Check that a scene is legible, lively and true."),
    "verify": ("cnnviz.cli.verify", "Check that a film is what was made."),
    "cache": ("cnnviz.cli.cache", "Show or clear what is kept from earlier renders."),
    "doctor": ("cnnviz.cli.doctor", "Say what this machine lacks."),
    "completion": ("cnnviz.cli.completion", "Print what makes Tab complete words in a shell."),
    "help": ("cnnviz.cli.help", "Print the help of a command or a scene."),
}
"""Each command's module and one line; the module is imported when the command is used."""

INTERRUPTED = 130
"""What shells expect from a program that Ctrl-C has ended."""

INTERRUPT_MESSAGE = "interrupted; nothing was left behind"

OUT_OF_MEMORY = (
    "there is not enough memory: free some, or choose a smaller picture, quality or network"
)


class _CommandInterrupted(Exception):  # noqa: N818
    """An interrupt on its way through Click, which would print a line of its own for it."""

    def __init__(self, interrupt: KeyboardInterrupt) -> None:
        super().__init__()
        self.interrupt = interrupt


class LazyGroup(CommandGroup):
    """A group that lists its commands without importing them, so that ``--help`` is quick."""

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Find the command, as Click does."""
        try:
            return super().make_context(*arguments, **extra)
        except KeyboardInterrupt as interrupt:
            raise _CommandInterrupted(interrupt) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, as Click does."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interrupt:
            raise _CommandInterrupted(interrupt) from None

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
@click.version_option(package_name="cnnviz", prog_name="cnnviz")
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
    the traceback in a file. 130: interrupted; 143: ended by SIGTERM, 129: by SIGHUP.
    """
    open_closed_streams()
    complete_environment()
    collect_garbage_rarely()
    show_log(logging.WARNING)
    with signals_as_interrupts(), libraries_warnings_ignored():
        exit_code = _run(arguments)
        return exit_code if (error := flush_stdout()) is None else _unprinted(error, exit_code)


def _run(arguments: list[str] | None) -> int:
    """Run a command and turn what it raises into a line and an exit code."""
    try:
        require_working_folder()
        result = cnnviz.main(arguments, prog_name="cnnviz", standalone_mode=False)
    except UserError as error:
        return _fail(str(error), 2)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _show_usage_error(error)
    except _CommandInterrupted as error:
        return _fail(str(error.interrupt) or INTERRUPT_MESSAGE, exit_code_of(error.interrupt))
    except (click.Abort, KeyboardInterrupt):  # before there was a command
        return _fail(INTERRUPT_MESSAGE, INTERRUPTED)
    except BrokenPipeError as error:
        return _unprinted(error, 0)
    except OSError as error:
        return _fail_of_system(error)
    except MemoryError:
        return _fail(OUT_OF_MEMORY, 2)
    except Exception as error:  # a fault of ours
        return _fail(_report(error), 1)
    return result if isinstance(result, int) else 0  # Click returns the code of an Exit


@contextmanager
def libraries_warnings_ignored() -> Iterator[None]:
    """Let no warning of a library become an error, whatever ``PYTHONWARNINGS`` says."""
    if not any(option.startswith("error") for option in sys.warnoptions):
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _show_usage_error(error: click.ClickException) -> int:
    """Print a wrong call in one line, with the way to help."""
    hint = ""
    context: Any = getattr(error, "ctx", None)
    if context is not None:
        hint = f" (see {context.command_path} --help)"
    return _fail(one_line(" ".join(error.format_message().split())) + hint, 2)


def _fail(message: str, exit_code: int) -> int:
    say(f"Error: {message}")
    return exit_code


def _fail_of_system(error: OSError) -> int:
    """Say what is wrong with a disk or a permission; anything else is a fault of ours."""
    line = in_one_line(error)
    return _fail(_report(error), 1) if line is None else _fail(one_line(line), 2)


def _unprinted(error: OSError, exit_code: int) -> int:
    """Say that what was to be printed could not be, unless its reader just wanted no more."""
    flush_stdout()
    if isinstance(error, BrokenPipeError):
        return exit_code
    return _fail(f"cannot print the result: {error.strerror}", exit_code or 2)


def _report(error: Exception) -> str:
    """Write the traceback to a file and return the line that says where."""
    from cnnviz.cli.tracebacks import keep_traceback  # what goes well need not wait for these
    from cnnviz.system.installation import where_to_report

    kind, report = type(error).__name__, keep_traceback(error)
    return f"cnnviz failed ({kind}); please report it at {where_to_report()} with {report}"
