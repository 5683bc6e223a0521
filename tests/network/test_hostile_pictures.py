"""Files that are no pictures, or would take what the machine does not have."""

from __future__ import annotations

import os
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.errors import UserError
from cnnviz.model.architecture import InputDescription
from cnnviz.network.picture import load_picture

INPUT = InputDescription(3, 16, 16, (0.0,) * 3, (1.0,) * 3)


def png(width: int, height: int) -> bytes:
    """Return the start of a PNG that claims a size."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    check = struct.pack(">I", zlib.crc32(chunk))
    pixels = struct.pack(">I", 2**20) + b"IDAT"
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + check + pixels


@pytest.mark.parametrize(
    ("content", "size", "message"),
    [
        (png(200_000, 200_000), None, "over 100,000,000 pixels"),
        (png(1, 99_000_000), None, "99,000,000 rows of pixels; at most 250,000"),
        (png(64, 64), 30 * 2**30, "32,212,254,720 bytes; at most 1,073,741,824"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", None, "PostScript program"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), None, "not an image"),
        (b"%PDF-1.7\n", None, "not an image"),
    ],
)
def test_what_is_too_large_or_no_picture_is_refused_by_its_header(
    tmp_path: Path,
    content: bytes,
    size: int | None,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)  # nothing is started, such as Ghostscript
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    if size is not None:
        os.truncate(path, size)  # a hole, which takes no room
    with pytest.raises(UserError, match=message):
        load_picture(path, INPUT)


@pytest.mark.parametrize(("ending", "size"), [("webp", (9000, 5001)), ("jp2", (6001, 5000))])
def test_decoders_that_take_more_are_given_less(
    tmp_path: Path, ending: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"picture.{ending}"
    Image.new("L", (64, 64)).convert("RGB").save(path)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.size", size)  # as its header says
    with pytest.raises(UserError, match=r"pixels; at most [\d,]+ of a (WEBP|JPEG2000) file"):
        load_picture(path, INPUT, crop=(0, 0, 16, 16))


def test_a_large_jpeg_2000_is_decoded_smaller(tmp_path: Path) -> None:
    path = tmp_path / "picture.jp2"
    ramp = np.linspace(0, 255, 4400, dtype=np.uint8)
    Image.fromarray(np.repeat(ramp[np.newaxis], 4400, axis=0)).save(path)
    picture = load_picture(path, INPUT)
    assert picture.photo.shape == (512, 512, 3)
    expected = (np.arange(16) + 0.5) / 16
    assert np.allclose(picture.values[0, 8], expected, atol=0.02)


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_nothing_but_ordinary_files_is_read(tmp_path: Path, kind: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    path = {"pipe": pipe, "device": Path("/dev/zero"), "folder": tmp_path}[kind]
    with pytest.raises(UserError, match=r"not an ordinary file|is a folder"):
        load_picture(path, INPUT)


def test_values_that_are_no_numbers_are_the_pictures_fault(tmp_path: Path) -> None:
    values = np.full((32, 32), 0.5, np.float32)
    values[3, 4] = np.nan
    path = tmp_path / "picture.tif"
    Image.fromarray(values).save(path)
    with pytest.raises(UserError, match=r"picture\.tif.*not finite numbers"):
        load_picture(path, INPUT)


def test_what_libraries_print_does_not_reach_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "picture.tif"
    Image.new("RGB", (64, 64), "red").save(path, compression="tiff_lzw")
    content = bytearray(path.read_bytes())
    content[8:200] = bytes(192)  # libtiff complains of damaged data by itself
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"picture\.tif"):
        load_picture(path, INPUT)
    assert capfd.readouterr().err == ""
