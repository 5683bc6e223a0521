"""Everything that decides how a network learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cnnviz.errors import UserError

AugmentationLevel = Literal["none", "mild", "strong", "drawing"]
Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class TrainingSettings:
    """How a network learns. The same settings, data and thread count give the same weights.

    Attributes
    ----------
    epochs
        Times that every training picture is seen, at most.
    batch_size
        Pictures per step.
    kernel_rate
        Learning rate of the kernels (Muon's).
    learning_rate, weight_decay
        Of all other weights (AdamW's). All rates warm up over one epoch and then fall along a
        cosine to almost zero.
    validation
        Share of each class that is kept out of training, 0 to 1 exclusive.
    patience
        Epochs without a lower validation loss after which training stops.
    augmentation
        How much the pictures are changed each time: ``none``, ``mild`` or ``strong``; or
        ``drawing``, for writing and drawings, which stay whole and whose ink is dark or bright.
    flip
        Whether augmented pictures may be mirrored left to right.
    normalise
        Whether the network sees pictures with mean 0 and spread 1, rather than from 0 to 1. Where
        the first convolution has no padding, the network that is kept takes 0 to 1 either way.
    dropout
        Share of features dropped before each linear layer, 0 to 1 exclusive.
    average
        Decay of the exponential moving average of the weights, which is what is kept.
    temperature
        With teachers: scores are divided by this before softmax, on both sides.
    precision
        Of the arithmetic in training. ``bfloat16`` is about twice as fast on processors
        that have it. Weights are always float32.
    seed
        Decides the validation split, the first weights and all augmentation.
    """

    epochs: int = 100
    batch_size: int = 64
    kernel_rate: float = 0.04
    learning_rate: float = 4e-3
    weight_decay: float = 1e-2
    validation: float = 0.1
    patience: int = 30
    augmentation: AugmentationLevel = "mild"
    flip: bool = True
    normalise: bool = True
    dropout: float = 0.0
    average: float = 0.998
    temperature: float = 2.0
    precision: Precision = "float32"
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises
        ------
        UserError
            Naming the setting and what is allowed.
        """
        _check("epochs", self.epochs, "1 or more", fits=self.epochs >= 1)
        _check("batch size", self.batch_size, "2 or more", fits=self.batch_size >= 2)
        _check("kernel rate", self.kernel_rate, "over 0, up to 1", fits=0 < self.kernel_rate <= 1)
        _check(
            "learning rate", self.learning_rate, "over 0, up to 1", fits=0 < self.learning_rate <= 1
        )
        _check("weight decay", self.weight_decay, "0 to 1", fits=0 <= self.weight_decay <= 1)
        _check("validation", self.validation, "between 0 and 1", fits=0 < self.validation < 1)
        _check("patience", self.patience, "1 or more", fits=self.patience >= 1)
        _check("dropout", self.dropout, "0 to below 1", fits=0 <= self.dropout < 1)
        _check("average", self.average, "0 to below 1", fits=0 <= self.average < 1)
        _check(
            "temperature", self.temperature, "over 0, up to 100", fits=0 < self.temperature <= 100
        )
        _check("seed", self.seed, "0 to 2^63 - 1", fits=0 <= self.seed < 2**63)


def _check(name: str, value: float, allowed: str, *, fits: bool) -> None:
    if not fits:
        raise UserError(f"{name} is {value}; allowed is {allowed}")
