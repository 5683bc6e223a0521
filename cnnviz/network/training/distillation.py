"""Learning from larger networks: their probabilities take the place of the labels.

Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network", 2015.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from cnnviz.errors import UserError
from cnnviz.model.architecture import Architecture
from cnnviz.network.network import Network
from cnnviz.network.training.evaluation import normalise
from cnnviz.network.training.settings import Precision


@dataclass(frozen=True, eq=False)
class Teacher:
    """A trained network, and where it keeps the student's classes among its own.

    Attributes
    ----------
    order
        For each class of the student, its index among the teacher's scores.
    """

    network: Network
    order: torch.Tensor

    @classmethod
    def of(cls, network: Network, student: Architecture) -> Teacher:
        """Return a teacher for a student of this architecture.

        Raises
        ------
        UserError
            If the teacher's input has another size or it lacks one of the classes.
        """
        if network.input.shape != student.input.shape:
            raise UserError(
                f"teacher {network.name!r} looks at {network.input.shape} values "
                f"(channels, height, width), the student at {student.input.shape}"
            )
        for name in student.classes:
            if name not in network.classes:
                raise UserError(
                    f"teacher {network.name!r} does not know class '{name}'; "
                    f"it knows {', '.join(network.classes)}"
                )
        network.module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        return cls(network, torch.tensor([network.classes.index(name) for name in student.classes]))


@torch.no_grad()
def taught_probabilities(
    teachers: Sequence[Teacher], values: torch.Tensor, temperature: float, precision: Precision
) -> torch.Tensor:
    """Return the teachers' mean probabilities, (batch, classes), for pictures in 0..1."""
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        scores = [
            teacher.network.module(normalise(values, teacher.network.input))[:, teacher.order]
            for teacher in teachers
        ]
    return torch.stack([(score.float() / temperature).softmax(1) for score in scores]).mean(0)


def distillation_loss(
    logits: torch.Tensor, probabilities: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Return the divergence of the student's softened probabilities from the teachers'.

    Times the square of the temperature, so that gradients keep their size at any temperature.
    """
    softened = (logits / temperature).log_softmax(1)
    return temperature**2 * F.kl_div(softened, probabilities, reduction="batchmean")
