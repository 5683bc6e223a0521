"""The training loop: epochs of steps, the best average kept, each epoch a place to resume from."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn import functional as F

from cnnviz.errors import UserError
from cnnviz.model.architecture import Architecture
from cnnviz.network.training.augmentation import augment
from cnnviz.network.training.dataset import Dataset
from cnnviz.network.training.distillation import (
    Teacher,
    distillation_loss,
    taught_probabilities,
)
from cnnviz.network.training.evaluation import evaluate, normalise
from cnnviz.network.training.folding import trainable_module
from cnnviz.network.training.optimizers import new_optimizers, rate_factor, set_rate
from cnnviz.network.training.settings import TrainingSettings


@dataclass(frozen=True, eq=False)
class TrainingTask:
    """What is learned, and from what.

    Attributes
    ----------
    architecture
        The network to train; its input description says how pictures are normalised.
    training, validation
        Pictures to learn from, and pictures to measure with.
    teachers
        Networks to learn from; labels are used where there are none.
    """

    architecture: Architecture
    training: Dataset
    validation: Dataset
    teachers: tuple[Teacher, ...] = ()


@dataclass(frozen=True)
class EpochResult:
    """What one epoch came to; losses in nats, accuracies 0 to 1.

    Training figures are of the weights in motion on changed pictures, validation figures of
    the averaged weights on pictures as they are.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass(eq=False)
class TrainingState:
    """All that changes while a network learns, besides torch's random numbers.

    Attributes
    ----------
    module
        What learns.
    average
        The moving average of its weights and batch statistics.
    best
        State of `average` after the epoch with the lowest validation loss.
    history
        One entry per finished epoch.
    """

    module: nn.Sequential
    average: nn.Sequential
    optimizers: tuple[torch.optim.Optimizer, ...]
    best: dict[str, torch.Tensor]
    history: list[EpochResult] = field(default_factory=list)

    @property
    def best_epoch(self) -> int:
        """The epoch, from 1, with the lowest validation loss."""
        return min(self.history, key=lambda result: result.validation_loss).epoch


def new_state(architecture: Architecture, settings: TrainingSettings) -> TrainingState:
    """Return the state before the first epoch, its weights drawn from torch's generator."""
    module = trainable_module(architecture, settings.dropout)
    average = copy.deepcopy(module)
    optimizers = new_optimizers(module, settings)
    return TrainingState(module, average, optimizers, best=_state_of(average))


def batches_per_epoch(dataset: Dataset, settings: TrainingSettings) -> int:
    """Return the number of batches; they are near equal in size and none is dropped."""
    return max(1, len(dataset) // settings.batch_size)


def train_epochs(
    state: TrainingState,
    task: TrainingTask,
    settings: TrainingSettings,
    report_step: Callable[[float, float], None],
) -> Iterator[EpochResult]:
    """Train epoch by epoch until all are done or the patience is spent.

    Parameters
    ----------
    state
        Changed in place; may come from a checkpoint, and then training goes on.
    report_step
        Called after each step with the epoch's mean loss and accuracy so far.

    Yields
    ------
    EpochResult
        After each epoch, when `state` is a place to resume from.

    Raises
    ------
    UserError
        If the loss is no longer a finite number.
    """
    while len(state.history) < settings.epochs and not _patience_is_spent(state, settings):
        loss, accuracy = _train_epoch(state, task, settings, report_step)
        measured = evaluate(state.average, task.architecture.input, task.validation)
        epoch = len(state.history) + 1
        result = EpochResult(epoch, loss, accuracy, measured.loss, measured.accuracy)
        state.history.append(result)
        if state.best_epoch == epoch:
            state.best = _state_of(state.average)
        yield result


def _patience_is_spent(state: TrainingState, settings: TrainingSettings) -> bool:
    return bool(state.history) and len(state.history) - state.best_epoch >= settings.patience


def _train_epoch(
    state: TrainingState,
    task: TrainingTask,
    settings: TrainingSettings,
    report_step: Callable[[float, float], None],
) -> tuple[float, float]:
    """Show every picture once; return the mean loss and accuracy."""
    state.module.train()
    count = batches_per_epoch(task.training, settings)
    first_step = len(state.history) * count
    loss_sum = right = seen = 0.0
    for number, indices in enumerate(torch.randperm(len(task.training)).tensor_split(count)):
        step = first_step + number
        set_rate(state.optimizers, rate_factor(step, count, settings.epochs))
        logits, loss = _predict(state.module, task, task.training.part(indices), settings)
        state.module.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        for optimizer in state.optimizers:
            optimizer.step()
        _update_average(state, min(settings.average, (step + 2) / (step + 11)))
        loss_sum += loss.item() * len(indices)
        right += (logits.argmax(1) == task.training.labels[indices]).sum().item()
        seen += len(indices)
        report_step(loss_sum / seen, right / seen)
    if not math.isfinite(loss_sum):
        raise UserError(
            f"training diverged: the loss is {loss_sum}; give a lower kernel rate "
            f"(it is {settings.kernel_rate:g}) or learning rate (it is {settings.learning_rate:g})"
        )
    return loss_sum / seen, right / seen


def _predict(
    module: nn.Module, task: TrainingTask, batch: Dataset, settings: TrainingSettings
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the logits for a batch, changed at random, and the loss."""
    values = augment(batch.pictures, settings.augmentation, flip=settings.flip)
    with torch.autocast("cpu", torch.bfloat16, enabled=settings.precision == "bfloat16"):
        logits = module(normalise(values, task.architecture.input)).float()
    if not task.teachers:
        return logits, F.cross_entropy(logits, batch.labels)
    taught = taught_probabilities(task.teachers, values, settings.temperature, settings.precision)
    return logits, distillation_loss(logits, taught, settings.temperature)


@torch.no_grad()
def _update_average(state: TrainingState, decay: float) -> None:
    """Move the average towards the module; counters are taken as they are."""
    current = state.module.state_dict()
    for name, value in state.average.state_dict().items():
        if value.is_floating_point():
            value.lerp_(current[name], 1 - decay)
        else:
            value.copy_(current[name])


def _state_of(module: nn.Module) -> dict[str, torch.Tensor]:
    """Return a copy of a module's state."""
    return {name: value.clone() for name, value in module.state_dict().items()}
