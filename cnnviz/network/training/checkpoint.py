"""Where an unfinished training is kept: one safetensors file, its facts as JSON in the metadata.

No pickle: a checkpoint may come from anybody.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import safetensors
import torch
from safetensors.torch import save as safetensors_bytes

from cnnviz.errors import UserError
from cnnviz.network.files import write_together
from cnnviz.network.training.loop import EpochResult, TrainingState

METADATA_KEY = "cnnviz-checkpoint"
DIGEST_KEY = "cnnviz-digest"
GENERATOR = "generator"


def checkpoint_path(output: Path) -> Path:
    """Return the checkpoint's file for a training that will write `output`."""
    return output.with_name(f"{output.stem}.checkpoint")


def save_checkpoint(path: Path, state: TrainingState, identity: dict[str, Any]) -> None:
    """Write the state after an epoch, and torch's random generator, over the last checkpoint.

    Parameters
    ----------
    identity
        Facts that must be the same for the training to go on: data, settings, network.
    """
    tensors = {GENERATOR: torch.get_rng_state()}
    for prefix, entries in _tensors_of(state).items():
        for name, value in entries.items():
            tensors[f"{prefix}.{name}"] = value.detach().contiguous()
    facts = {"identity": identity, "history": [asdict(result) for result in state.history]}
    write_together({path: _sealed(tensors, json.dumps(facts))})


def _sealed(tensors: dict[str, torch.Tensor], facts: str) -> bytes:
    """Return the content of a checkpoint, with a digest of all that is in it."""
    metadata = {METADATA_KEY: facts, DIGEST_KEY: _digest(tensors, facts)}
    return safetensors_bytes(tensors, metadata)


def _digest(tensors: dict[str, torch.Tensor], facts: str) -> str:
    hashed = hashlib.sha256(facts.encode())
    for name, value in sorted(tensors.items()):
        hashed.update(f"\n{name} {value.dtype} {tuple(value.shape)}\n".encode())
        hashed.update(value.reshape(-1).view(torch.uint8).numpy().tobytes())
    return hashed.hexdigest()


def load_checkpoint(path: Path, state: TrainingState, identity: dict[str, Any]) -> None:
    """Fill `state`, and torch's random generator, from a checkpoint.

    Raises
    ------
    UserError
        If there is none, it is damaged, or it belongs to a training with other settings, other
        pictures or another network; names what differs.
    """
    if not path.is_file():
        raise UserError(f"nothing to resume: there is no checkpoint '{path}'")
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if metadata.get(DIGEST_KEY) != _digest(tensors, metadata.get(METADATA_KEY, "")):
            raise ValueError("its digest does not fit")
        facts = json.loads(metadata[METADATA_KEY])
        _check_identity(path, facts["identity"], identity)
        _fill(state, tensors)
        state.history[:] = [EpochResult(**entry) for entry in facts["history"]]
        torch.set_rng_state(tensors[GENERATOR])
    except UserError:
        raise
    except Exception as error:  # a file that anybody may have written fails in any way
        reason = " ".join(str(error).split())
        raise UserError(f"checkpoint '{path}' is damaged, delete it: {reason}") from None


def _check_identity(path: Path, kept: dict[str, Any], wanted: dict[str, Any]) -> None:
    for key, value in wanted.items():
        if kept.get(key) != value:
            raise UserError(
                f"checkpoint '{path}' was made with another {key.replace('_', ' ')}: "
                f"{kept.get(key)!r}, now {value!r}; give the same command, or delete it"
            )


def _tensors_of(state: TrainingState) -> dict[str, dict[str, torch.Tensor]]:
    optimizer = {
        f"{number}.{index}.{name}": value
        for number, optimizer in enumerate(state.optimizers)
        for index, entries in optimizer.state_dict()["state"].items()
        for name, value in entries.items()
    }
    return {
        "module": state.module.state_dict(),
        "average": state.average.state_dict(),
        "best": state.best,
        "optimizer": optimizer,
    }


def _fill(state: TrainingState, tensors: dict[str, torch.Tensor]) -> None:
    def entries(prefix: str) -> dict[str, torch.Tensor]:
        start = f"{prefix}."
        return {n.removeprefix(start): v for n, v in tensors.items() if n.startswith(start)}

    state.module.load_state_dict(entries("module"))
    state.average.load_state_dict(entries("average"))
    state.best = entries("best")
    for number, optimizer in enumerate(state.optimizers):
        moments: dict[int, dict[str, torch.Tensor]] = {}
        for name, value in entries(f"optimizer.{number}").items():
            index, key = name.split(".")
            moments.setdefault(int(index), {})[key] = value
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": moments, "param_groups": groups})
