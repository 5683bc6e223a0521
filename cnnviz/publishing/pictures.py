"""Frames as PNG files, signed so that they can be told from other people's pictures."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from cnnviz.arrays import ByteArray
from cnnviz.rendering.conversion import straight

DIGEST_KEY = "cnnviz-digest"
"""The text chunk that says which pixels cnnviz wrote."""


PNG_LEVEL = 3
"""Of compression: Pillow's own 6 takes half as long again to save a twelfth of the bytes."""


def save_picture(rgba: ByteArray, path: Path) -> None:
    """Write a frame as PNG, with transparency if it has any.

    Parameters
    ----------
    rgba
        uint8 of shape (height, width, 4), colours multiplied by their opacity.
    path
        Where it goes.
    """
    opaque = bool((rgba[..., 3] == 255).all())
    pixels = rgba[..., :3] if opaque else straight(rgba)
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    text = PngImagePlugin.PngInfo()
    text.add_text("Software", "cnnviz")
    text.add_text(DIGEST_KEY, _digest(picture))
    picture.save(path, compress_level=PNG_LEVEL, pnginfo=text)


def is_own_picture(path: Path) -> bool:
    """Return whether a file is a frame that cnnviz wrote, and its pixels are unchanged."""
    try:
        if not path.is_file():
            return False
        with Image.open(path, formats=["PNG"]) as picture:
            signed = picture.info.get(DIGEST_KEY)
            return signed is not None and signed == _digest(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def _digest(picture: Image.Image) -> str:
    return hashlib.sha256(picture.tobytes()).hexdigest()
