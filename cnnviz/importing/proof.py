"""An import proves itself: what the network gives is compared with what the file's own gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.formats import ModelFormat, NetworkFile
from cnnviz.importing.limits import quote
from cnnviz.importing.operations import Affine
from cnnviz.network import Network

PICTURES = 2
"""Random pictures that an independent program looks at, too."""

LARGE = 1_000_000
"""Parameters above which one picture has to do."""

TOLERANCE = 1e-3
"""Largest difference allowed, in units of the largest output, ..."""

SMALL = 1e-3
"""... and of this where outputs are smaller: inside the network numbers are not."""

MAX_ARRAY = 2**26
"""Bytes of a .npy file that is read."""


@dataclass(frozen=True)
class Proof:
    """How far the network's outputs are from another program's.

    Attributes
    ----------
    against
        What they were compared with; None if there was nothing.
    difference
        The largest absolute difference, and `largest` the largest absolute output.
    pictures
        How many inputs were compared.
    """

    against: str | None
    difference: float = 0.0
    largest: float = 0.0
    pictures: int = 0

    def sentence(self) -> str:
        """Return what is said about it."""
        if self.against is None:
            return (
                "Not proved: nothing was there to compare its outputs with; --check INPUT.npy "
                "OUTPUT.npy does so."
            )
        inputs = "1 input" if self.pictures == 1 else f"{self.pictures} inputs"
        return (
            f"Proved on {inputs} against {self.against}: the largest difference is "
            f"{self.difference:.1e}, where outputs reach {self.largest:.3g}."
        )


@dataclass(frozen=True, eq=False)
class ImportedInput:
    """What the file's network takes, compared with what the first layer takes.

    Attributes
    ----------
    first
        ``scale * x + shift`` makes of the former the latter; None where they are the same.
    channels_last
        Whether the file's network takes (height, width, channels).
    is_softmax, is_logarithm
        Whether the file's network gives probabilities, or their logarithms.
    is_sigmoid
        Whether it gives one probability, that of the second of two classes.
    takes_bytes
        Whether the file's network takes whole numbers.
    """

    first: Affine | None
    channels_last: bool
    is_softmax: bool
    is_logarithm: bool
    is_sigmoid: bool
    takes_bytes: bool


def prove(
    network: Network, given: ImportedInput, file: NetworkFile, kind: ModelFormat, white: float
) -> Proof:
    """Compare the network with an independent program on random pictures, if there is one.

    Parameters
    ----------
    white
        What the file's network takes for white.

    Raises
    ------
    UserError
        If the outputs differ by more than rounding does.
    """
    draw = np.random.default_rng(0)
    against = f"{kind.name.lower()}'s reference evaluator"
    found = []
    for _ in range(1 if network.parameter_count > LARGE else PICTURES):
        raw = (draw.random(network.input.shape) * white).astype(np.float32)
        raw = raw.round() if given.takes_bytes else raw
        try:
            wanted = kind.reference(file, _in_file_order(raw, given))
        except UserError:
            raise
        except Exception as error:  # an evaluator that cannot run it proves nothing
            reason = quote(" ".join(str(error).split()) or type(error).__name__)
            raise UserError(
                f"{kind.name}'s own evaluator cannot run it: {reason}; if another program can, "
                "give what it takes and gives: --check INPUT.npy OUTPUT.npy"
            ) from None
        if wanted is None:
            return Proof(None)
        scores, outputs = _scores(network, given, raw), wanted.outputs.reshape(-1)
        if wanted.scores is None:
            found.append((_as_given(scores, given, outputs), outputs))
            continue
        # Probabilities hide what scores tell: of a thousand classes they may all be small.
        theirs = _scores_of(wanted.scores.reshape(-1), given)
        _compared([(_as_given(theirs, given, outputs), outputs)], against)
        found.append((scores.numpy(), theirs.numpy()))
    return _compared(found, against)


def prove_by_files(
    network: Network, given: ImportedInput, input_file: Path, output_file: Path
) -> Proof:
    """Compare the network with outputs that another program has computed.

    Parameters
    ----------
    input_file, output_file
        Arrays in NumPy's format: what the file's network takes, and what it gives for it, with
        or without a batch axis.

    Raises
    ------
    UserError
        If they cannot be read, do not fit, or the outputs differ.
    """
    inputs, wanted = _read_array(input_file), _read_array(output_file)
    shape = network.input.shape
    order = (*shape[1:], shape[0]) if given.channels_last else shape
    count = 1 if given.is_sigmoid else len(network.classes)
    if shape[0] == 1 and inputs.ndim in (2, 3) and inputs.shape[-2:] == shape[1:]:
        inputs = inputs.reshape(-1, *order)  # grey, without an axis of channels
    if inputs.shape[-3:] != order or inputs.size == 0 or inputs.ndim > 4:
        raise UserError(
            f"--check '{input_file}' has the shape {inputs.shape}; the network takes {order}"
        )
    inputs = inputs.reshape(-1, *order)
    if wanted.shape not in ((len(inputs), count), (count,)) or wanted.size != len(inputs) * count:
        raise UserError(
            f"--check '{output_file}' has the shape {wanted.shape}; the network gives "
            f"({len(inputs)}, {count})"
        )
    found = []
    for values, outputs in zip(inputs, wanted.reshape(-1, count), strict=True):
        raw = values.transpose(2, 0, 1) if given.channels_last else values
        found.append((_as_given(_scores(network, given, raw), given, outputs), outputs))
    return _compared(found, f"'{output_file.name}'")


def _scores(network: Network, given: ImportedInput, raw: FloatArray) -> torch.Tensor:
    """Return what the network gives, a score for each class, for what the file's one takes."""
    values = raw.astype(np.float64)
    if given.first is not None:
        scale, shift = (
            each[:, np.newaxis, np.newaxis] for each in (given.first.scale, given.first.shift)
        )
        values = values * scale + shift
    with torch.no_grad():
        batch = torch.from_numpy(values.astype(np.float32))[None]
        scores: torch.Tensor = network.module(batch)[0].double()
    return scores


def _scores_of(given_scores: npt.NDArray[np.floating], given: ImportedInput) -> torch.Tensor:
    """Return a score for each class, of what goes into the end of the file's network.

    Of a sigmoid those are two: see :func:`.endings.with_two_scores`.
    """
    scores = torch.from_numpy(given_scores.astype(np.float64))
    return torch.cat([-scores / 2, scores / 2]) if given.is_sigmoid else scores


def _as_given(
    scores: torch.Tensor, given: ImportedInput, wanted: npt.NDArray[np.floating]
) -> npt.NDArray[np.floating]:
    """Return scores in the form of what is wanted: as they are, or as probabilities."""
    if given.is_sigmoid:
        return np.asarray(scores.softmax(0)[1:])
    if given.is_logarithm:
        return np.asarray(scores.log_softmax(0))
    is_distribution = abs(float(wanted.sum()) - 1) < 1e-3 and float(wanted.min()) >= 0
    return np.asarray(scores.softmax(0) if given.is_softmax and is_distribution else scores)


def _compared(
    found: list[tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]], against: str
) -> Proof:
    difference = largest = 0.0
    for ours, wanted in found:
        if not np.isfinite(wanted).all():
            raise UserError(f"{against} gives outputs that are no finite numbers")
        if ours.shape != wanted.shape:
            raise UserError(f"{against} gives {wanted.size} outputs, but the import {ours.size}")
        difference = max(difference, float(np.abs(ours - wanted).max()))
        largest = max(largest, float(np.abs(wanted).max()))
    if not difference <= TOLERANCE * max(SMALL, largest):
        raise UserError(
            f"the imported network gives other outputs than {against}: the largest difference is "
            f"{difference:.3g}, where outputs reach {largest:.3g}; nothing was written"
        )
    return Proof(against, difference, largest, len(found))


def _in_file_order(raw: FloatArray, given: ImportedInput) -> FloatArray:
    values = raw.transpose(1, 2, 0) if given.channels_last else raw
    return np.ascontiguousarray(values[None])


def _read_array(path: Path) -> FloatArray:
    try:
        if not path.is_file():
            raise UserError(f"--check '{path}' is no file")
        if path.stat().st_size > MAX_ARRAY:
            raise UserError(f"--check '{path}' has more than {MAX_ARRAY:,} bytes")
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            read = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }[version]
            shape, _, kind = read(file)
            size = int(np.prod(shape, dtype=np.float64)) * kind.itemsize
            if kind.kind not in "fiu" or size > path.stat().st_size:
                raise UserError(f"--check '{path}' declares {shape} {kind}, but holds less")
        return np.asarray(np.load(path, allow_pickle=False), np.float32)
    except OSError as error:
        raise UserError(f"cannot read --check '{path}': {error.strerror}") from None
    except (ValueError, KeyError, EOFError) as error:
        if isinstance(error, UserError):
            raise
        raise UserError(f"--check '{path}' is no array of NumPy (.npy)") from None
