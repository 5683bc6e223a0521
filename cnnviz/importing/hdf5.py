"""HDF5 files, read with suspicion: nothing outside of them, and no more than they hold.

HDF5 can point to other files (external links, external storage, virtual datasets) and can declare
datasets of any size that take no room in the file. Those are refused, so that a model from a
stranger can neither read this machine's files nor fill its memory (as in CVE-2026-1669).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.limits import LARGEST_FILE, count_of, quote

SIGNATURE = b"\x89HDF\r\n\x1a\n"
MOST_OBJECTS = 20_000
DEEPEST = 16
MOST_EXPANSION = 100
"""How many times its stored size a compressed dataset may be; noise hardly shrinks."""


@contextmanager
def open_hdf5(source: Path | BinaryIO) -> Iterator[h5py.File]:
    """Open a file for reading; what goes wrong within is a UserError.

    Raises
    ------
    UserError
        If it is damaged.
    """
    try:
        with h5py.File(source, "r") as file:
            yield file
    except UserError:
        raise
    except (OSError, KeyError, RuntimeError, ValueError, TypeError, EOFError) as error:
        reason = quote(" ".join(str(error).split()))
        raise UserError(f"it is a damaged or cut off HDF5 file ({reason})") from None


def datasets(group: h5py.Group) -> dict[str, h5py.Dataset]:
    """Return all datasets below a group by their paths, none of their values read.

    Raises
    ------
    UserError
        If there is any that is not in the file itself, or more than a network has.
    """
    found: dict[str, h5py.Dataset] = {}
    waiting = [("", group, 0)]
    seen = 0
    while waiting:
        path, here, depth = waiting.pop()
        for name in here:
            seen += 1
            if seen > MOST_OBJECTS or depth > DEEPEST:
                raise UserError("it holds more groups and datasets than any network has")
            place = f"{path}/{name}".lstrip("/")
            child = member(here, name, place)
            if isinstance(child, h5py.Group):
                waiting.append((place, child, depth + 1))
            elif isinstance(child, h5py.Dataset):
                found[place] = child
    return found


def member(group: h5py.Group, name: str, place: str) -> Any:
    """Return what a group holds under a name.

    Raises
    ------
    UserError
        If it is a link to what lies elsewhere.
    """
    link = group.get(name, getlink=True)
    if not isinstance(link, h5py.HardLink):
        kind = "another file" if isinstance(link, h5py.ExternalLink) else "another place"
        raise UserError(f"'{quote(place)}' is a link to {kind}, which is never followed")
    return group[name]


def read_dataset(dataset: h5py.Dataset, place: str) -> FloatArray:
    """Return a dataset's values as float32.

    Raises
    ------
    UserError
        If they lie elsewhere, are no numbers, or are more than the file holds.
    """
    what = f"dataset '{quote(place)}'"
    if dataset.external or dataset.is_virtual:
        raise UserError(f"{what} lies in other files, which are never read")
    if dataset.shape is None or dataset.dtype.kind not in "fiub":
        raise UserError(f"{what} holds {quote(str(dataset.dtype))}, no numbers")
    size = count_of([int(side) for side in dataset.shape], what) * dataset.dtype.itemsize
    stored = dataset.id.get_storage_size()
    allowed = stored if dataset.chunks is None else stored * MOST_EXPANSION
    if size > allowed:
        raise UserError(
            f"{what} declares {size:,} bytes, but the file holds {stored:,} of it: it is cut off, "
            "or made to fill memory"
        )
    if dataset.chunks is not None:
        count_of([int(side) for side in dataset.chunks], f"a chunk of {what}")
    return np.asarray(dataset[()], np.float32)


def attribute_text(group: h5py.Group, name: str) -> bytes | None:
    """Return an attribute that is text; None if there is none.

    Raises
    ------
    UserError
        If it is too large to be read.
    """
    if name not in group.attrs:
        return None
    held = h5py.h5a.open(group.id, name.encode()).get_storage_size()
    if held > LARGEST_FILE:
        raise UserError(f"its attribute '{quote(name)}' is too large")
    found = group.attrs[name]
    if isinstance(found, str):
        return found.encode()
    return bytes(found) if isinstance(found, bytes | np.bytes_) else None
