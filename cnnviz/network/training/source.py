"""What a training reads, and what its model card is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class TrainingSource:
    """Everything that a training reads, and never writes to.

    Attributes
    ----------
    folder
        One sub-folder of pictures per class.
    description
        A network description (TOML), or the name of one that comes with cnnviz.
    classes
        The sub-folders to use, in this order; all of them by name if empty.
    names
        Files that say what films call the classes, by language: see
        :mod:`cnnviz.network.class_names`.
    teachers
        Weights files of networks to learn from; labels are used where there are none.
    """

    folder: str | Path
    description: str | Path = "tiny_vgg"
    classes: Sequence[str] = ()
    names: Mapping[str, str | Path] = field(default_factory=dict)
    teachers: Sequence[str | Path] = ()

    def files(self) -> Iterator[Path]:
        """Give all of its files."""
        yield from map(Path, (self.description, *self.names.values(), *self.teachers))
        yield from (path for path in Path(self.folder).rglob("*") if path.is_file())


@dataclass(frozen=True)
class CardTexts:
    """What a model card says that the training does not know.

    Attributes
    ----------
    notes
        Markdown to put into it.
    command
        The command line that trains the network.
    """

    notes: str = ""
    command: str = ""
