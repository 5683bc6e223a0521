"""From a folder of pictures to a weights file and its model card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from cnnviz.errors import UserError
from cnnviz.model.architecture import Architecture
from cnnviz.network.class_names import check_drawable, read_class_names
from cnnviz.network.descriptions import description_table, read_description
from cnnviz.network.files import write_together
from cnnviz.network.network import Network
from cnnviz.network.training.centring import centre_scores
from cnnviz.network.training.checkpoint import checkpoint_path, load_checkpoint, save_checkpoint
from cnnviz.network.training.dataset import Dataset, find_classes, load_dataset, split
from cnnviz.network.training.distillation import Teacher
from cnnviz.network.training.evaluation import Evaluation, evaluate
from cnnviz.network.training.folding import fold
from cnnviz.network.training.loop import (
    TrainingState,
    TrainingTask,
    batches_per_epoch,
    new_state,
    train_epochs,
)
from cnnviz.network.training.model_card import TrainingRecord, model_card
from cnnviz.network.training.progress import TrainingProgress
from cnnviz.network.training.settings import TrainingSettings
from cnnviz.network.training.source import CardTexts, TrainingSource
from cnnviz.network.validation import check_architecture
from cnnviz.network.weights import load_network, weights_bytes
from cnnviz.network.weights_output import check_weights_output
from cnnviz.publishing.output_files import refuse_inputs
from cnnviz.system.atomic_write import make_folder_of
from cnnviz.system.ordinary_files import read_bounded
from cnnviz.system.sole_writer import sole_writer

README_NAMES = ("README.md", "README.txt", "README")
LARGEST_README = 2**20
"""Bytes."""

MOST_THREADS = 1024

SMALLEST_STD = 1e-3
"""Spread of a channel below which it is not divided by: flat pictures have none."""


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """A finished training: the network, how well it does, and its files."""

    network: Network
    evaluation: Evaluation
    weights: Path
    card: Path


def train_network(
    source: TrainingSource,
    output: str | Path,
    settings: TrainingSettings | None = None,
    card_texts: CardTexts | None = None,
    *,
    resume: bool = False,
    force: bool = False,
    threads: int | None = None,
    progress: TrainingProgress | None = None,
) -> TrainingResult:
    """Train a network and write its weights file and model card, both or neither.

    While it runs, the state after each epoch is kept in a checkpoint beside the output.

    Parameters
    ----------
    source
        What it learns from, and which network learns.
    output
        The weights file, ``.safetensors``; the model card is beside it, ``.md``.
    settings
        How it learns.
    card_texts
        What the model card says beside what came out.
    resume
        Go on from the checkpoint of an interrupted training.
    force
        Whether a weights file and a model card that are there already are replaced. What is
        read is never written to.
    threads
        Processor threads; all of them by default.
    progress
        Where to show how it comes along; stderr if not given.

    Raises
    ------
    UserError
        If anything given cannot be used.
    KeyboardInterrupt
        If the user interrupts; the checkpoint of the last finished epoch is there then.
    """
    output = Path(output)
    settings, texts = settings or TrainingSettings(), card_texts or CardTexts()
    card = output.with_suffix(".md")
    refuse_inputs([output, card, checkpoint_path(output)], source.files())
    if threads is not None:
        if not 1 <= threads <= MOST_THREADS:
            raise UserError(f"threads is {threads}; allowed is 1 to {MOST_THREADS}")
        torch.set_num_threads(threads)
    with _kept_output(output, card, resume=resume, force=force) as checkpoint:
        network, record = _train(
            source, settings, texts, checkpoint, resume=resume, progress=progress
        )
        weights = weights_bytes(network)
        check_weights_output(output, card, force=force)  # a file may have appeared meanwhile
        write_together({card: model_card(record, weights).encode(), output: weights})
        checkpoint.unlink(missing_ok=True)
    return TrainingResult(network, record.evaluation, output, card)


def _train(
    source: TrainingSource,
    settings: TrainingSettings,
    texts: CardTexts,
    checkpoint: Path,
    *,
    resume: bool,
    progress: TrainingProgress | None,
) -> tuple[Network, TrainingRecord]:
    """Return the trained network, and what its model card says."""
    with torch.random.fork_rng(devices=[]), progress or TrainingProgress() as shown:
        torch.manual_seed(settings.seed)
        task = _prepare(source, settings, shown)
        state = _run(task, settings, checkpoint, resume=resume, shown=shown)
        network = centre_scores(fold(_best_module(state), task.architecture))
        evaluation = evaluate(network.module, network.input, task.validation)
    record = TrainingRecord(
        command=texts.command,
        data_name=Path(source.folder).resolve().name,
        data_readme=_readme(Path(source.folder)),
        architecture=network.architecture,
        settings=settings,
        task=task,
        history=state.history,
        best_epoch=state.best_epoch,
        evaluation=evaluation,
        notes=texts.notes,
    )
    return network, record


def _prepare(
    source: TrainingSource, settings: TrainingSettings, shown: TrainingProgress
) -> TrainingTask:
    """Read everything there is to learn from."""
    folders = find_classes(Path(source.folder), source.classes)
    check_drawable([entry.name for entry in folders])
    architecture = read_description(source.description, [entry.name for entry in folders])
    architecture = replace(architecture, names=read_class_names(source.names, architecture.classes))
    check_architecture(architecture)
    taught_by = tuple(Teacher.of(load_network(path), architecture) for path in source.teachers)
    shown.message(f"reading {sum(len(entry.files) for entry in folders)} pictures")
    dataset = load_dataset(folders, architecture.input, shown.message)
    training, validation = split(dataset, settings.validation, settings.seed)
    if settings.normalise:
        architecture = _with_measured_normalisation(architecture, training)
    return TrainingTask(
        architecture=architecture,
        training=training,
        validation=validation,
        teachers=taught_by,
    )


def _run(
    task: TrainingTask,
    settings: TrainingSettings,
    checkpoint: Path,
    *,
    resume: bool,
    shown: TrainingProgress,
) -> TrainingState:
    """Train to the end, keeping each epoch's state in the checkpoint."""
    state = new_state(task.architecture, settings)
    identity = _identity(task, settings)
    if resume:
        load_checkpoint(checkpoint, state, identity)
        shown.message(f"going on after epoch {len(state.history)}")
    steps = batches_per_epoch(task.training, settings)
    shown.start(settings.epochs, steps, len(state.history))
    try:
        for result in train_epochs(state, task, settings, shown.step):
            save_checkpoint(checkpoint, state, identity)
            shown.epoch(result)
    except KeyboardInterrupt as interrupt:
        interrupt.args = (_how_to_go_on(checkpoint),)
        raise
    return state


@contextmanager
def _kept_output(output: Path, card: Path, *, resume: bool, force: bool) -> Iterator[Path]:
    """Keep the output to this training, and give the checkpoint's path.

    Before the training is refused what could not be written after it, or would be lost.
    """
    check_weights_output(output, card, force=force)
    make_folder_of(output)
    with sole_writer(output):  # fails if it cannot be written to
        check_weights_output(output, card, force=force)  # another may just have finished
        checkpoint = checkpoint_path(output)
        for path in (output, card, checkpoint):
            if path.is_symlink():
                raise UserError(f"'{path}' is a link, which is not written to: remove it")
        if checkpoint.exists() and not resume:
            raise UserError(
                f"'{checkpoint}' keeps an unfinished training of this output: "
                "go on with --resume, or delete it to start anew"
            )
        yield checkpoint


def _with_measured_normalisation(architecture: Architecture, training: Dataset) -> Architecture:
    """Return the architecture with the training pictures' mean and spread per channel."""
    values = training.pictures.transpose(0, 1).flatten(1).double() / 255
    mean, std = values.mean(1), values.std(1).clamp(min=SMALLEST_STD)
    measured = replace(architecture.input, mean=tuple(mean.tolist()), std=tuple(std.tolist()))
    return replace(architecture, input=measured)


def _identity(task: TrainingTask, settings: TrainingSettings) -> dict[str, Any]:
    """Return what must not change between the parts of an interrupted training."""
    return {
        "network": description_table(task.architecture),
        "classes": list(task.architecture.classes),
        "settings": asdict(settings),
        "pictures": [task.training.fingerprint(), task.validation.fingerprint()],
        "teachers": [
            hashlib.sha256(weights_bytes(teacher.network)).hexdigest() for teacher in task.teachers
        ],
    }


def _best_module(state: TrainingState) -> nn.Sequential:
    """Return the averaged module as it was after the best epoch."""
    state.average.load_state_dict(state.best)
    return state.average.eval()


def _how_to_go_on(checkpoint: Path) -> str:
    if checkpoint.exists():
        return f"interrupted; '{checkpoint}' is kept: the same command with --resume goes on"
    return "interrupted in the first epoch; nothing is kept"


def _readme(folder: Path) -> str:
    for name in README_NAMES:
        if (folder / name).is_file():
            return read_bounded(folder / name, LARGEST_README).decode("utf-8", errors="replace")
    return ""
