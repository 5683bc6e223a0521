"""Pictures to learn from: a folder with one sub-folder per class."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from cnnviz.arrays import ByteArray, IntArray
from cnnviz.errors import UserError
from cnnviz.model.architecture import InputDescription
from cnnviz.network.picture import load_picture

MIN_PICTURES = 2
"""Pictures a class needs: one to learn from and one to validate with."""


@dataclass(frozen=True)
class ClassFolder:
    """One class: its name and its files.

    Attributes
    ----------
    name
        The sub-folder's name with spaces for underscores: ``bell_pepper`` is "bell pepper".
    files
        Every file in it that is not hidden, sorted by name.
    """

    name: str
    files: tuple[Path, ...]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Pictures at a network's size, and their classes.

    Attributes
    ----------
    pictures
        uint8 tensor (pictures, channels, height, width).
    labels
        int64 tensor (pictures,): indices into `classes`.
    classes
        Class names.
    """

    pictures: torch.Tensor
    labels: torch.Tensor
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, indices: torch.Tensor) -> Dataset:
        """Return the pictures at these indices."""
        return Dataset(self.pictures[indices], self.labels[indices], self.classes)

    def class_counts(self) -> list[int]:
        """Return how many pictures each class has."""
        return torch.bincount(self.labels, minlength=len(self.classes)).tolist()

    def fingerprint(self) -> str:
        """Return a hash of all pictures, labels and class names."""
        digest = hashlib.sha256("\n".join(self.classes).encode())
        digest.update(self.labels.numpy().tobytes())
        digest.update(self.pictures.numpy().tobytes())
        return digest.hexdigest()


def find_classes(folder: Path, picked: Sequence[str] = ()) -> tuple[ClassFolder, ...]:
    """Return the classes of a folder.

    Parameters
    ----------
    folder
        A folder with one sub-folder per class. Other files and hidden ones are passed over.
    picked
        Names of the sub-folders to use, in this order; all of them by name if empty.

    Raises
    ------
    UserError
        If the folder cannot be read, a picked class is not there, there are fewer than two
        classes, or one has too few files.
    """
    try:
        found = {path.name: path for path in folder.iterdir() if path.is_dir()}
    except OSError as error:
        raise UserError(f"cannot read folder '{folder}': {error.strerror}") from None
    names = list(picked) or sorted(name for name in found if not name.startswith("."))
    for name in names:
        if name not in found:
            raise UserError(
                f"no class '{name}' in '{folder}'; there are: {', '.join(sorted(found)) or 'none'}"
            )
    if len(names) < 2:
        raise UserError(
            f"'{folder}' gives {len(names)} classes; it needs two or more sub-folders of pictures"
        )
    classes = tuple(_class_folder(found[name]) for name in names)
    display_names = [entry.name for entry in classes]
    for name in display_names:
        if display_names.count(name) > 1:
            raise UserError(f"class '{name}' is there twice in '{folder}'")
    return classes


def _class_folder(folder: Path) -> ClassFolder:
    files = sorted(
        path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")
    )
    return ClassFolder(folder.name.replace("_", " ").strip(), tuple(files))


def load_dataset(
    classes: Sequence[ClassFolder],
    input: InputDescription,  # noqa: A002  (the network's own word for it)
    report_unreadable: Callable[[str], None],
) -> Dataset:
    """Read all pictures, cropped and scaled for a network.

    Parameters
    ----------
    classes
        What :func:`find_classes` found.
    input
        The network's input.
    report_unreadable
        Called with one line for each file that is no picture; it is passed over.

    Raises
    ------
    UserError
        If a class has fewer than two readable pictures.
    """
    pictures: list[ByteArray] = []
    labels: list[int] = []
    for label, entry in enumerate(classes):
        before = len(labels)
        for file in entry.files:
            try:
                values = load_picture(file, input).values
            except UserError as error:
                report_unreadable(str(error))
                continue
            pictures.append(np.rint(values * 255).astype(np.uint8))
            labels.append(label)
        if len(labels) - before < MIN_PICTURES:
            raise UserError(
                f"class '{entry.name}' has {len(labels) - before} readable pictures; "
                f"it needs at least {MIN_PICTURES}"
            )
    return Dataset(
        torch.from_numpy(np.stack(pictures)),
        torch.tensor(labels),
        tuple(entry.name for entry in classes),
    )


def split(dataset: Dataset, fraction: float, seed: int) -> tuple[Dataset, Dataset]:
    """Cut a dataset in two, class by class.

    Which of a class's pictures go where depends on those pictures and the seed alone: not on
    their files' names, and not on which other classes there are or in which order. So a teacher
    that was trained with the same seed and fraction, on any choice of the classes, never saw its
    student's validation pictures.

    Parameters
    ----------
    fraction
        The validation part's share of each class, rounded; at least one picture of each class
        goes to either part.
    seed
        Decides which pictures; the same seed always gives the same split.

    Returns
    -------
    training, validation
    """
    training, validation = [], []
    for label in range(len(dataset.classes)):
        members = np.flatnonzero(dataset.labels.numpy() == label)
        members = np.array(sorted(members, key=lambda i: _rank(dataset.pictures[i], seed)))
        count = min(max(1, round(len(members) * fraction)), len(members) - 1)
        validation.append(members[:count])
        training.append(members[count:])
    return _joined(dataset, training), _joined(dataset, validation)


def _rank(picture: torch.Tensor, seed: int) -> bytes:
    """Return a place in the queue for validation that only the picture and the seed decide."""
    return hashlib.sha256(f"{seed}:".encode() + picture.numpy().tobytes()).digest()


def _joined(dataset: Dataset, parts: Sequence[IntArray]) -> Dataset:
    """Return the pictures at these indices, in their old order."""
    return dataset.part(torch.from_numpy(np.sort(np.concatenate(parts))))
