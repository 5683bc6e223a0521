"""How weights move: Muon for kernels, AdamW for the rest, one schedule for both.

Muon moves a whole matrix along the nearest matrix with orthonormal rows, so that all kernels of
a layer learn at the same speed (Jordan et al., "Muon: an optimizer for hidden layers in neural
networks", 2024). Small networks that are short of capacity gain most from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import nn

from cnnviz.network.training.folding import NormalisedConv2d
from cnnviz.network.training.settings import TrainingSettings

FINAL_FACTOR = 0.005
"""Where the cosine ends, as a share of the full rate."""
KERNEL_DECAY = 0.1
"""Muon's weight decay. Batch normalisation undoes any scale, so it only sets how far a step turns
the kernels."""


def new_optimizers(
    module: nn.Module, settings: TrainingSettings
) -> tuple[torch.optim.Optimizer, ...]:
    """Return the optimisers of a trainable module."""
    kernels = [child.kernels for child in module.modules() if isinstance(child, NormalisedConv2d)]
    known = set(map(id, kernels))
    others = [value for value in module.parameters() if id(value) not in known]
    muon = torch.optim.Muon(
        kernels, lr=settings.kernel_rate, weight_decay=KERNEL_DECAY, momentum=0.95
    )
    adamw = torch.optim.AdamW(
        [
            {
                "params": [value for value in others if value.ndim > 1],
                "weight_decay": settings.weight_decay,
            },
            {"params": [value for value in others if value.ndim <= 1], "weight_decay": 0},
        ],
        lr=settings.learning_rate,
        betas=(0.9, 0.99),
    )
    for optimizer in (muon, adamw):
        for group in optimizer.param_groups:
            group["full_lr"] = group["lr"]
    return muon, adamw


def rate_factor(step: int, steps_per_epoch: int, epochs: int) -> float:
    """Return the share of the full rates at a step, from 0: a warm-up epoch under a cosine."""
    warm_up = min(1, (step + 1) / steps_per_epoch)
    cosine = (1 + math.cos(math.pi * step / (steps_per_epoch * epochs))) / 2
    return warm_up * (FINAL_FACTOR + (1 - FINAL_FACTOR) * cosine)


def set_rate(optimizers: Sequence[torch.optim.Optimizer], factor: float) -> None:
    """Set all rates to that share of the full ones."""
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = group["full_lr"] * factor
