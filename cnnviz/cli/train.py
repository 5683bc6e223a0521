"""``cnnviz train``: train a network on a folder of class folders."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from cnnviz.cli.class_names import names_by_language, names_option
from cnnviz.cli.options import choice_option, new_weights_options, quiet_option
from cnnviz.cli.printing import print_paths
from cnnviz.errors import one_line
from cnnviz.system.ordinary_files import read_text
from cnnviz.system.scratch import scratch_folder

LARGEST_NOTES = 2**20
"""Bytes."""

TORCHS_FOLDER = "TORCHINDUCTOR_CACHE_DIR"
"""The environment variable that says where torch's compiler keeps what it made."""

EPILOG = """
\b
Example:
  cnnviz train pictures/ --output bird_or_plane.safetensors
  cnnviz train pictures/ --classes cat,red_panda --epochs 200 --output cats.safetensors

DIR has one sub-folder of pictures per class: pictures/cat, pictures/red_panda. Ctrl-C keeps the
state of the last finished epoch; the same command with --resume goes on.
"""


def _with_folder_for_torch(command: Callable[..., None]) -> Callable[..., None]:
    """Give torch's compiler a folder that goes at the end: else it makes one that stays."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        if TORCHS_FOLDER in os.environ:
            command(*arguments, **options)
            return
        with scratch_folder() as folder:
            os.environ[TORCHS_FOLDER] = str(folder / "torch")
            try:
                command(*arguments, **options)
            finally:
                del os.environ[TORCHS_FOLDER]  # torch would make again what is named there

    return run


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@new_weights_options
@click.option(
    "--network",
    "description",
    default="tiny_vgg",
    show_default=True,
    help="Network description: a TOML file, or one that comes with cnnviz.",
)
@click.option("--classes", default="", help="Sub-folders to use, in this order: a,b,c.")
@names_option
@click.option("--epochs", type=int, default=100, show_default=True, help="At most so many.")
@click.option("--batch-size", type=int, default=64, show_default=True, help="Pictures per step.")
@click.option(
    "--kernel-rate", type=float, default=0.04, show_default=True, help="Muon's, for kernels."
)
@click.option(
    "--learning-rate",
    type=float,
    default=4e-3,
    show_default=True,
    help="AdamW's, for all other weights.",
)
@click.option("--weight-decay", type=float, default=1e-2, show_default=True, help="AdamW's.")
@click.option(
    "--validation",
    type=float,
    default=0.1,
    show_default=True,
    help="Share of each class that is kept out of training.",
)
@click.option(
    "--patience",
    type=int,
    default=30,
    show_default=True,
    help="Stop after so many epochs without a lower validation loss.",
)
@choice_option(
    "--augmentation",
    ("none", "mild", "strong", "drawing"),
    "How much pictures are changed each time they are seen; drawing: for writing in any ink.",
    "mild",
)
@click.option("--flip/--no-flip", default=True, show_default=True, help="Mirror pictures, too.")
@click.option(
    "--normalise/--no-normalise",
    default=True,
    show_default=True,
    help="Let the network see mean 0 and spread 1, not 0 to 1.",
)
@click.option(
    "--dropout",
    type=float,
    default=0.0,
    show_default=True,
    help="Share of features dropped before linear layers.",
)
@click.option(
    "--teacher",
    "teachers",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Weights file of a larger network to learn from; may be repeated.",
)
@choice_option(
    "--precision",
    ("float32", "bfloat16"),
    "bfloat16 is twice as fast on processors that have it.",
    "float32",
)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Decides the validation split, the first weights and all augmentation.",
)
@click.option("--threads", type=int, help="Processor threads; by default all.")
@click.option(
    "--notes",
    type=click.Path(path_type=Path),
    help="Markdown file to put into the model card.",
)
@click.option("--resume", is_flag=True, help="Go on after an interrupt.")
@quiet_option
@click.pass_context
@_with_folder_for_torch
def train(
    context: click.Context,
    /,
    folder: Path,
    output: Path,
    description: str,
    classes: str,
    name_files: tuple[str, ...],
    teachers: tuple[Path, ...],
    threads: int | None,
    notes: Path | None,
    *,
    resume: bool,
    force: bool,
    quiet: bool,
    **settings: Any,
) -> None:
    """Train a network on DIR and write its weights and model card.

    The path of the weights file is printed on stdout, everything else on stderr.
    """
    from rich.console import Console

    from cnnviz.network.training import CardTexts, TrainingSettings, TrainingSource, train_network
    from cnnviz.network.training.evaluation import confusion_text
    from cnnviz.network.training.progress import TrainingProgress
    from cnnviz.publishing.output_files import refuse_inputs

    names = names_by_language(name_files)
    if notes is not None:
        refuse_inputs([output, output.with_suffix(".md")], [notes])
    chosen = [name.strip() for name in classes.split(",") if name.strip()]
    result = train_network(
        TrainingSource(folder, description, chosen, names, teachers),
        output,
        TrainingSettings(**settings),
        CardTexts(notes=_read_notes(notes), command=command_line(context)),
        resume=resume,
        force=force,
        threads=threads,
        progress=TrainingProgress(Console(quiet=True)) if quiet else None,
    )
    if not quiet:
        click.echo(confusion_text(result.evaluation), err=True)
        click.echo(one_line(f"model card: {result.card}"), err=True)
    print_paths([result.weights])


def command_line(context: click.Context) -> str:
    """Return the command as it was given, without `--resume`, `--force` and `--quiet`.

    Defaults from a file of the working folder count as given: elsewhere there is no such file.
    """
    words = ["cnnviz", "train"]
    for parameter in context.command.params:
        name = parameter.name or ""
        value = context.params.get(name)
        source = context.get_parameter_source(name)
        given = source in (ParameterSource.COMMANDLINE, ParameterSource.DEFAULT_MAP)
        if not given or name in ("resume", "force", "quiet"):
            continue
        if isinstance(parameter, click.Argument):
            words.append(str(value))
            continue
        option = max(parameter.opts, key=len)
        if isinstance(value, bool):
            words.append(option if value else parameter.secondary_opts[0])
        else:
            for entry in value if isinstance(value, tuple) else (value,):
                words += [option, str(entry)]
    return shlex.join(words)


def _read_notes(path: Path | None) -> str:
    return "" if path is None else read_text(path, LARGEST_NOTES)
