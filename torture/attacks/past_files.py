"""Files that broke a promise once, written as they were: all of them in each turn."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from torture.attack import Attack
from torture.attacks.files import small_network, use_or_refuse
from torture.attacks.past_networks import MADE
from torture.lab import BrokenPromiseError

CLASSES = ("red", "blue sky")

FORGED = "a\nError: forged \x1b[31m\u202e"
"""A name that would be a second line, and colour the terminal."""


def _png(width: int, height: int) -> bytes:
    """Return the start of a PNG that claims a size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    check = struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + check


def _picture(path: Path) -> None:
    from cnnviz.network.picture import load_picture

    load_picture(path, small_network().input)


def _weights(path: Path) -> None:
    from cnnviz.network import load_network

    load_network(path)


def _description(path: Path) -> None:
    from cnnviz.network.descriptions import read_description

    read_description(path, CLASSES)


def _names(path: Path) -> None:
    from cnnviz.network.class_names import read_class_names

    read_class_names({"zh": path}, CLASSES)


def _course(path: Path) -> None:
    from cnnviz.cache.store import Cache
    from cnnviz.course.course_file import read_course

    read_course(path, Cache(path.parent / "cache"))


def _checkpoint(path: Path) -> None:
    from cnnviz.network.training.checkpoint import load_checkpoint
    from cnnviz.network.training.loop import new_state
    from cnnviz.network.training.settings import TrainingSettings

    state = new_state(small_network().architecture, TrainingSettings())
    load_checkpoint(path, state, {"network": "small"})


READERS: dict[str, Callable[[Path], Any]] = {
    "picture": _picture,
    "weights": _weights,
    "description": _description,
    "names": _names,
    "course": _course,
    "checkpoint": _checkpoint,
}

TOML = ("description", "names", "course")

CONTENTS: dict[str, tuple[tuple[str, ...], bytes]] = {
    "brackets that nest": (TOML, b"a = " + b"[" * 200_000),
    "a table of 100,000 levels": (TOML, b"[" + b"a." * 100_000 + b"a]\n"),
    "a key of 100,000 levels": (TOML, b"a." * 100_000 + b"a = 1\n"),
    "a number of 90,001 digits": (TOML, b"a = " + b"9" * 90_001),
    "a forged line": (TOML, f"{FORGED!a} = 1\n".replace("'", '"').encode()),
    "a tall PNG": (("picture",), _png(1, 99_000_000)),
    "a wide PNG": (("picture",), _png(200_000, 200_000)),
    "PostScript": (("picture",), b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    "PDF": (("picture",), b"%PDF-1.7\n"),
    "an empty file": (("picture", "weights", "checkpoint"), b""),
    "a header without an end": (("weights", "checkpoint"), b"\xff" * 7 + b"\x7f{"),
    "a header of brackets": (
        ("weights", "checkpoint"),
        (200_000).to_bytes(8, "little") + b"[" * 200_000,
    ),
    "a pickle": (("weights", "checkpoint"), b"\x80\x04cos\nsystem\n(S'true'\ntR."),
}
"""By name, who reads it, and what it is."""


def known_failures() -> list[tuple[str, str]]:
    """Return each reader with the name of what is put before it."""
    places = [(reader, name) for name in ("a pipe", "a device", "a folder") for reader in READERS]
    written = [(reader, name) for name in CONTENTS for reader in CONTENTS[name][0]]
    return places + written + [(reader, name) for name, (reader, _) in MADE.items()]


def refuse(reader: str, name: str, folder: Path) -> None:
    """Put one of the known files before a reader, which must refuse it in one line."""
    path = folder / "file"
    if name == "a pipe":
        os.mkfifo(path)
    elif name == "a folder":
        path.mkdir()
    elif name == "a device":
        path = Path("/dev/zero")
    elif name in MADE:
        path.write_bytes(MADE[name][1]())
    else:
        path.write_bytes(CONTENTS[name][1])
    use_or_refuse(partial(_must_fail, READERS[reader], path, f"{name} is taken for {reader}"))


def _must_fail(read: Callable[[Path], Any], path: Path, otherwise: str) -> None:
    read(path)
    raise BrokenPromiseError(otherwise)


def past_files(random: Random, folder: Path) -> None:
    """Put each of the known files before those that read such."""
    known = known_failures()
    random.shuffle(known)
    for number, (reader, name) in enumerate(known):
        place = folder / str(number)
        place.mkdir()
        refuse(reader, name, place)


ATTACKS = [Attack("past files", "files that broke a promise once", past_files)]
