"""The model card: what a weights file is, where it comes from, and how well it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from cnnviz.model.architecture import Architecture
from cnnviz.network.card_sections import card_of, input_line
from cnnviz.network.training.evaluation import Evaluation, confusion_text
from cnnviz.network.training.loop import EpochResult, TrainingTask
from cnnviz.network.training.settings import TrainingSettings


@dataclass(frozen=True, eq=False)
class TrainingRecord:
    """Everything a model card tells of a finished training.

    Attributes
    ----------
    command
        The command that does it again.
    data_name, data_readme
        The data folder's name, and what its own README says (empty if it has none).
    architecture
        Of the network that is kept.
    history, best_epoch
        All epochs, and the one whose weights are kept.
    evaluation
        The network that is kept, on the validation pictures.
    notes
        Markdown that the user adds.
    """

    command: str
    data_name: str
    data_readme: str
    architecture: Architecture
    settings: TrainingSettings
    task: TrainingTask
    history: Sequence[EpochResult]
    best_epoch: int
    evaluation: Evaluation
    notes: str


def model_card(record: TrainingRecord, weights: bytes) -> str:
    """Return the card, in Markdown, for a weights file with that content."""
    sections = [
        f"# {record.architecture.name}\n\n{_summary(record)}",
        f"## Classes\n\n{_class_table(record)}",
        f"## Confusion matrix\n\nValidation pictures, counted.\n\n"
        f"```text\n{confusion_text(record.evaluation)}\n```",
        f"## Data\n\n{_data(record)}",
        f"## Recipe\n\n{_recipe(record)}",
    ]
    if record.notes.strip():
        sections.append(record.notes.strip())
    sections.append(f"## Layers\n\n{_layer_table(record.architecture)}")
    return card_of(sections, weights)


def _summary(record: TrainingRecord) -> str:
    takes = input_line(record.architecture.input, ".4f", " (done by cnnviz)")
    return (
        f"A convolutional network that tells {len(record.architecture.classes)} classes apart, "
        f"trained by cnnviz for films that explain how such networks work.\n\n"
        f"{takes}\n"
        f"- Parameters: {record.architecture.parameter_count:,}\n"
        f"- Validation accuracy: **{record.evaluation.accuracy:.1%}** of "
        f"{len(record.task.validation)} pictures (loss {record.evaluation.loss:.3f})"
    )


def _class_table(record: TrainingRecord) -> str:
    evaluation, names = record.evaluation, record.architecture.names
    called = ["class", *(f"class ({language})" for language in names)]
    lines = [
        f"| {' | '.join(called)} | training pictures | validation pictures | recall | precision |",
        f"|{' --- |' * len(called)} ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {' | '.join(each)} | {seen} | {held_out} | {recall:.0%} | {precision:.0%} |"
        for each, seen, held_out, recall, precision in zip(
            zip(evaluation.classes, *names.values(), strict=True),
            record.task.training.class_counts(),
            record.task.validation.class_counts(),
            evaluation.recall,
            evaluation.precision,
            strict=True,
        )
    ]
    return "\n".join(lines)


def _data(record: TrainingRecord) -> str:
    text = (
        f"Folder `{record.data_name}`: {len(record.task.training)} pictures to learn from and "
        f"{len(record.task.validation)} to validate with, cut class by class with seed "
        f"{record.settings.seed}. The validation pictures were never trained on, but they chose "
        "the epoch that is kept."
    )
    if record.data_readme.strip():
        quoted = "\n".join(f"> {line}".rstrip() for line in record.data_readme.strip().split("\n"))
        text += f"\n\nThe data's own README says:\n\n{quoted}"
    return text


def _recipe(record: TrainingRecord) -> str:
    settings = record.settings
    lines = [
        f"    {record.command}\n",
        f"- {len(record.history)} epochs in batches of {settings.batch_size}; kept are the "
        f"averaged weights (decay {settings.average}) after epoch {record.best_epoch}, where the "
        "validation loss was lowest",
        f"- Muon for kernels, rate {settings.kernel_rate:g}; AdamW for the rest, rate "
        f"{settings.learning_rate:g}, weight decay {settings.weight_decay:g}; one epoch of "
        f"warm-up, then a cosine; dropout {settings.dropout:g} before linear layers",
        f"- Augmentation: {settings.augmentation}"
        + (", mirrored half of the time" if settings.flip else ", never mirrored"),
        "- Batch normalisation after each convolution, folded into its weights afterwards",
        "- The last layer's mean over the classes subtracted from its weights and biases "
        "afterwards: probabilities are the same, and a picture's scores add up to zero",
        f"- {settings.precision} arithmetic, torch {torch.__version__}, "
        f"{torch.get_num_threads()} threads, seed {settings.seed}",
    ]
    lines += [
        f"- Taught by {teacher.network.name} ({teacher.network.parameter_count:,} parameters) at "
        f"temperature {settings.temperature:g}"
        for teacher in record.task.teachers
    ]
    return "\n".join(lines)


def _layer_table(architecture: Architecture) -> str:
    lines = ["| layer | kind | output | parameters |", "| --- | --- | --- | ---: |"]
    lines += [
        f"| {layer.name} | {layer.kind} | {' x '.join(map(str, output))} | "
        f"{layer.parameter_count:,} |"
        for layer, _, output in architecture.shapes()
    ]
    return "\n".join(lines)
