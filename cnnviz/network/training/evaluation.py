"""How well a network does on pictures whose classes are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cnnviz.arrays import Float64Array, IntArray
from cnnviz.model.architecture import InputDescription
from cnnviz.network.training.dataset import Dataset

BATCH_SIZE = 250
CORNER = "true \\ predicted"


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a network said of a dataset.

    Attributes
    ----------
    classes
        Class names.
    confusion
        Counts (classes, classes): rows are the true classes, columns the predicted ones.
    loss
        Mean cross-entropy, in nats.
    """

    classes: tuple[str, ...]
    confusion: IntArray
    loss: float

    @property
    def accuracy(self) -> float:
        """Share of pictures whose class was predicted, 0 to 1."""
        return float(self.confusion.trace() / self.confusion.sum())

    @property
    def recall(self) -> Float64Array:
        """Of each class's pictures, the share predicted as that class."""
        shares: Float64Array = self.confusion.diagonal() / self.confusion.sum(1)
        return shares

    @property
    def precision(self) -> Float64Array:
        """Of the pictures predicted as each class, the share that is right; 0 where none is."""
        predicted = np.maximum(self.confusion.sum(0), 1)
        shares: Float64Array = self.confusion.diagonal() / predicted
        return shares


def normalise(values: torch.Tensor, description: InputDescription) -> torch.Tensor:
    """Return pictures in 0..1 (batch, channels, height, width) as ``(x - mean) / std``."""
    mean = torch.tensor(description.mean)[:, None, None]
    std = torch.tensor(description.std)[:, None, None]
    # Channels last is the layout in which torch's convolutions are fastest on a CPU.
    return ((values - mean) / std).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def evaluate(module: nn.Module, description: InputDescription, dataset: Dataset) -> Evaluation:
    """Let a module look at a dataset, in float32 and eval mode; the mode is put back."""
    was_training = module.training
    module.eval()
    logits = torch.cat(
        [
            module(normalise(pictures.float() / 255, description))
            for pictures in torch.split(dataset.pictures, BATCH_SIZE)
        ]
    )
    module.train(was_training)
    count = len(dataset.classes)
    pairs = dataset.labels * count + logits.argmax(1)
    return Evaluation(
        classes=dataset.classes,
        confusion=torch.bincount(pairs, minlength=count * count).reshape(count, count).numpy(),
        loss=float(F.cross_entropy(logits, dataset.labels)),
    )


def confusion_text(evaluation: Evaluation) -> str:
    """Return the confusion matrix as text: rows true, columns predicted, both numbered."""
    names = [f"{number} {name}" for number, name in enumerate(evaluation.classes, start=1)]
    width = max(len(CORNER), *map(len, names))
    cell = max(len(str(evaluation.confusion.max())), len(str(len(names)))) + 1
    numbers = "".join(f"{number:{cell}}" for number in range(1, len(names) + 1))
    lines = [f"{CORNER:{width}} {numbers}   right"]
    for name, row, recall in zip(names, evaluation.confusion, evaluation.recall, strict=True):
        cells = "".join(f"{value or '.':>{cell}}" for value in row)
        lines.append(f"{name:{width}} {cells}  {recall:6.1%}")
    right, total = evaluation.confusion.trace(), evaluation.confusion.sum()
    lines.append(f"{right} of {total} right: {evaluation.accuracy:.1%}")
    return "\n".join(lines)
