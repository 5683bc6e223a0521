"""What a format of network files says of itself. Each is one object in one file."""

from __future__ import annotations

import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.graph import ImportedGraph
from cnnviz.importing.limits import LARGEST_FILE, read_whole
from cnnviz.layers import Shape

HEAD = 4096
"""Bytes by which most formats are told."""

ZIP_END = 2**16 + 200
"""Bytes at the end of a zip among which its last records are, a comment included."""

LARGEST_DIRECTORY = 2**22
"""Bytes of a zip's list of what is in it."""


@dataclass(frozen=True)
class NetworkFile:
    """A file that may hold a network."""

    path: Path

    @cached_property
    def head(self) -> bytes:
        """Its first bytes."""
        with self.path.open("rb") as file:
            return file.read(HEAD)

    @property
    def content(self) -> bytes:
        """All of it, read anew each time and never kept; a UserError if it is too large."""
        return read_whole(self.path, LARGEST_FILE)

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The names in it if it is a zip file, without the one folder that they may all lie in."""
        if not self.head.startswith(b"PK\x03\x04"):
            return ()
        _check_directory(self.path)
        try:
            with zipfile.ZipFile(self.path) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise UserError("it is a zip file that is damaged or cut off") from None
        folders = {name.partition("/")[0] for name in names}
        if len(folders) == 1 and all("/" in name for name in names):
            return tuple(name.partition("/")[2] for name in names)
        return tuple(names)


def _check_directory(path: Path) -> None:
    """Raise a UserError if a zip's list of names, which takes memory, is larger than any here is.

    Its size stands in a record at the end of the file; see APPNOTE.TXT of PKWARE, 4.3.14 to 16.
    """
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - ZIP_END, 0))
        end = file.read()
    sizes = [
        int.from_bytes(end[place + first : place + first + length], "little")
        for mark, first, length in ((b"PK\x05\x06", 12, 4), (b"PK\x06\x06", 40, 8))
        if (place := end.rfind(mark)) >= 0
    ]
    if any(LARGEST_DIRECTORY < size != 2**32 - 1 for size in sizes):
        raise UserError("it is a zip file with more names in it than any network has")


@dataclass(frozen=True)
class ReadingOptions:
    """What a user may say that files do not.

    Attributes
    ----------
    input_size
        (height, width), where the file leaves them open.
    like
        A network description, by name or file, for files that hold nothing but weights.
    """

    input_size: tuple[int, int] | None = None
    like: str | Path | None = None


@dataclass(frozen=True, eq=False)
class Reference:
    """What an independent program computes from an input.

    Attributes
    ----------
    outputs
        What the file's network gives.
    scores
        What goes into the softmax or sigmoid at its end; None where the program does not tell.
    """

    outputs: npt.NDArray[np.floating]
    scores: npt.NDArray[np.floating] | None = None


class ModelFormat(ABC):
    """A format of network files.

    Attributes
    ----------
    name
        What people call it.
    needs_description
        Whether its files hold nothing but weights, so that `ReadingOptions.like` is needed.
    is_read_in_subprocess
        Whether a library reads them that may die of damaged ones, or never come to an end: then
        it does so in a process of its own.
    """

    name: ClassVar[str]
    needs_description: ClassVar[bool] = False
    is_read_in_subprocess: ClassVar[bool] = False

    @abstractmethod
    def recognises(self, file: NetworkFile) -> bool:
        """Return whether a file's content is of this format, whatever it is called."""

    @abstractmethod
    def read(self, file: NetworkFile, options: ReadingOptions) -> ImportedGraph:
        """Return the network in a file.

        Raises
        ------
        UserError
            If it cannot be read or shown: names the layer, and what could be done.
        """

    def parts(self, file: NetworkFile) -> Iterable[Path]:
        """Return the other files that reading one reads, such as shards."""
        return ()

    def reference(self, file: NetworkFile, values: FloatArray) -> Reference | None:
        """Return what an independent program computes from an input; None if there is none.

        Parameters
        ----------
        values
            A batch of one, in the file's order of axes.
        """
        return None


def picture_shape(
    sizes: tuple[int | None, ...], *, channels_last: bool, given: tuple[int, int] | None, what: str
) -> Shape:
    """Return (channels, height, width) of the input that a file declares.

    Parameters
    ----------
    sizes
        As declared, without the batch axis; None for what is left open.
    given
        (height, width), if the user says them.
    what
        The input, for messages.

    Raises
    ------
    UserError
        If it is no picture, or its size is open and not given, or given otherwise.
    """
    if len(sizes) != 3:
        raise UserError(
            f"{what} has {len(sizes)} axes besides the batch; a picture has 3: channels, height, "
            "width"
        )
    channels, height, width = (sizes[2], *sizes[:2]) if channels_last else sizes
    if channels not in (1, 3):
        raise UserError(
            f"{what} has {channels or 'an open number of'} channels; cnnviz shows pictures, which "
            "have 1 (grey) or 3 (red, green, blue)"
        )
    if given is not None:
        if (height or given[0], width or given[1]) != given:
            raise UserError(
                f"{what} is {height} x {width}, so the input size {given[0]} x {given[1]} "
                "does not fit; leave it out"
            )
        height, width = given
    if height is None or width is None:
        raise UserError(
            f"{what} leaves height and width open; say them with --input-size HEIGHT,WIDTH "
            "(input_size=)"
        )
    if min(height, width) < 1:
        raise UserError(f"{what} is {height} x {width}; a picture has 1 or more cells")
    return channels, height, width
