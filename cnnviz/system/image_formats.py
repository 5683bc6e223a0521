"""Which formats of pictures are read: those that Pillow decodes itself."""

from __future__ import annotations

from PIL import Image

NOT_DECODED = frozenset(
    {
        "BUFR",  # these are recognised, but decoded by no code of Pillow's
        "GRIB",
        "HDF5",
        "MPEG",
        "WMF",
        "EPS",  # a program: Pillow would start Ghostscript to run it
    }
)
"""Formats that Pillow opens but that are no pictures to it."""


def picture_formats() -> list[str]:
    """Return the formats that are read, as :func:`PIL.Image.open` takes them."""
    Image.init()
    return sorted(Image.OPEN.keys() - NOT_DECODED)


def picture_endings() -> frozenset[str]:
    """Return the endings of names of files that can be read: ``.png`` and so on."""
    known = Image.registered_extensions()
    formats = set(picture_formats())
    return frozenset(ending for ending, name in known.items() if name in formats)
