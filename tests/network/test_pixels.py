from __future__ import annotations

import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from cnnviz.errors import UserError
from cnnviz.network.picture_files import open_source

WHITE = (255, 255, 255)
RED = (255, 0, 0)


def pixels_of(image, background=WHITE) -> np.ndarray:
    source = open_source(image, background)
    pixels = source.rgb(0, 0, source.width, source.height)
    assert pixels.dtype == np.float32
    return pixels


def grey_ramp() -> np.ndarray:
    return np.arange(0, 240, 10, dtype=np.uint8).reshape(4, 6)


@pytest.mark.parametrize(
    ("mode", "tolerance"),
    [
        ("L", 0),
        ("RGB", 0),
        ("RGBA", 0),
        ("RGBX", 0),
        ("RGBa", 0),
        ("LA", 0),
        ("La", 0),
        ("P", 0),
        ("PA", 0),
        ("CMYK", 0),
        ("YCbCr", 1),
        ("HSV", 1),
        ("I", 0),
        ("F", 0),
    ],
)
def test_every_mode_of_8_bits_gives_the_same_grey(mode, tolerance):
    image = Image.fromarray(grey_ramp())
    if mode in ("RGBa", "La", "PA"):
        image = image.convert({"RGBa": "RGBA", "La": "LA", "PA": "P"}[mode])
    elif mode == "HSV":
        image = image.convert("RGB")
    pixels = pixels_of(image.convert(mode))
    assert pixels.shape == (4, 6, 3)
    np.testing.assert_allclose(
        pixels, (grey_ramp() / 255)[..., None].repeat(3, 2), atol=tolerance / 255 + 1e-6
    )


def test_one_bit():
    bits = np.array([[True, False], [False, True]])
    np.testing.assert_array_equal(pixels_of(Image.fromarray(bits))[..., 0], bits)


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "I;16L"])
def test_16_bits_reach_from_0_to_65535(mode):
    values = np.array([[0, 13107], [32768, 65535]])
    data = values.astype(">u2" if mode.endswith("B") else "<u2").tobytes()
    pixels = pixels_of(Image.frombytes(mode, (2, 2), data))
    np.testing.assert_allclose(pixels[..., 1], values / 65535, atol=1e-6)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.25, 1.0], [0, 0.25, 1]),
        ([0.0, 51.0, 200.0], [0, 0.2, 200 / 255]),
        ([0.0, 13107.0, 60000.0], [0, 0.2, 60000 / 65535]),
        ([-50.0, 0.0, 150.0], [0, 0.25, 1]),
        ([-3.0, -3.0, -3.0], [0, 0, 0]),
    ],
)
def test_32_bits_are_scaled_by_what_they_hold(values, expected):
    pixels = pixels_of(Image.fromarray(np.array([values], np.float32)))
    np.testing.assert_allclose(pixels[0, :, 0], expected, atol=1e-6)


def test_32_bit_whole_numbers():
    pixels = pixels_of(Image.fromarray(np.array([[0, 1_000_000]], np.int32)))
    np.testing.assert_allclose(pixels[0, :, 0], [0, 1])


def test_lab_is_converted():
    assert pixels_of(Image.new("LAB", (1, 1), (255, 128, 128)))[0, 0] == pytest.approx(1, abs=0.02)
    assert pixels_of(Image.new("LAB", (1, 1), (0, 128, 128)))[0, 0] == pytest.approx(0, abs=0.02)


def test_transparency_shows_the_background(tmp_path):
    image = Image.new("RGBA", (3, 1))
    image.putdata([(0, 0, 255, 255), (0, 0, 255, 51), (0, 0, 255, 0)])
    np.testing.assert_allclose(
        pixels_of(image, RED)[0], [(0, 0, 1), (0.8, 0, 0.2), (1, 0, 0)], atol=1e-6
    )
    palette = Image.new("P", (2, 1))
    palette.putpalette([0, 0, 255, 0, 255, 0])
    palette.putdata([0, 1])
    for extension in ("png", "gif"):
        palette.save(tmp_path / f"holes.{extension}", transparency=1)
        np.testing.assert_array_equal(
            pixels_of(tmp_path / f"holes.{extension}", RED)[0], [(0, 0, 1), (1, 0, 0)]
        )


def test_a_transparent_colour_shows_the_background(tmp_path):
    Image.fromarray(np.array([[7, 8]], np.uint8)).save(tmp_path / "grey.png", transparency=7)
    np.testing.assert_allclose(
        pixels_of(tmp_path / "grey.png", RED)[0], [(1, 0, 0), (8 / 255,) * 3]
    )


@pytest.mark.parametrize(
    ("extension", "options"),
    [
        ("png", {}),
        ("jpg", {"quality": 95}),
        ("jpg", {"quality": 95, "progressive": True}),
        ("webp", {"lossless": True}),
        ("gif", {}),
        ("tif", {"compression": "tiff_lzw"}),
        ("bmp", {}),
        ("ppm", {}),
        ("tga", {}),
    ],
)
def test_formats(tmp_path, extension, options):
    path = tmp_path / f"picture.{extension}"
    Image.new("RGB", (9, 7), (200, 100, 50)).save(path, **options)
    pixels = pixels_of(path)
    assert pixels.shape == (7, 9, 3)
    np.testing.assert_allclose(pixels[3, 4], np.array([200, 100, 50]) / 255, atol=0.015)


def test_a_cmyk_jpeg(tmp_path):
    Image.new("RGB", (8, 8), (200, 100, 50)).convert("CMYK").save(tmp_path / "print.jpg")
    np.testing.assert_allclose(
        pixels_of(tmp_path / "print.jpg")[4, 4], np.array([200, 100, 50]) / 255, atol=0.03
    )


@pytest.mark.parametrize("extension", ["gif", "webp", "tif", "png"])
def test_the_first_of_several_frames(tmp_path, extension):
    frames = [Image.new("RGB", (4, 4), colour) for colour in [(255, 0, 0), (0, 255, 0)]]
    path = tmp_path / f"frames.{extension}"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    np.testing.assert_allclose(pixels_of(path)[0, 0], (1, 0, 0), atol=0.02)


def test_rectangles_are_parts_of_the_whole():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 9, 4), dtype=np.uint8)
    for image in (pixels, Image.fromarray(pixels)):
        source = open_source(image, RED)
        np.testing.assert_array_equal(source.rgb(2, 3, 7, 5), source.rgb(0, 0, 9, 8)[3:5, 2:7])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 255]], np.uint8), 1),
        (np.array([[0, 65535]], np.uint16), 1),
        (np.array([[0, 0.5]], np.float64), 0.5),
        (np.array([[0, 0.5]], np.float16), 0.5),
        (np.array([[[0, 0, 0], [51, 51, 51]]], np.uint8), 0.2),
        (np.array([[[0, 0, 0, 255], [0, 0, 0, 0]]], np.uint8), 1),
    ],
)
def test_arrays(values, expected):
    np.testing.assert_allclose(pixels_of(values), [[[0] * 3, [expected] * 3]])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.zeros(5, np.uint8), r"shape \(5,\) is no picture"),
        (np.zeros((5, 5, 2), np.uint8), r"shape \(5, 5, 2\) is no picture"),
        (np.zeros((2, 5, 5, 3), np.uint8), "is no picture"),
        (np.zeros((0, 5), np.uint8), "is no picture"),
        (np.zeros((5, 5), np.int64), "type int64 is no picture"),
        (np.zeros((5, 5), bool), "type bool is no picture"),
        (np.zeros((5, 5), complex), "type complex128 is no picture"),
        (np.full((5, 5), 2.0), "from 2 to 2; floats must lie in 0..1"),
        (np.array([[0.0, np.nan]]), "floats must lie in 0..1"),
        (np.broadcast_to(np.uint8(0), (20_000, 20_000)), "at most 100,000,000"),
        (None, "not NoneType"),
        (b"bytes", "not bytes"),
        (Image.new("RGB", (0, 5)), "it is empty"),
    ],
)
def test_what_is_no_picture_is_refused(values, reason):
    with pytest.raises(UserError, match=reason):
        open_source(values, WHITE)


def refusal(path) -> str:
    with pytest.raises(UserError) as caught:
        open_source(path, WHITE)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_files_that_are_no_pictures_are_refused(tmp_path):
    assert "No such file" in refusal(tmp_path / "missing.png")
    assert "it is a folder" in refusal(tmp_path)
    (tmp_path / "empty.jpg").touch()
    assert "it is empty" in refusal(tmp_path / "empty.jpg")
    (tmp_path / "text.png").write_text("hello")
    assert "it is not an image" in refusal(tmp_path / "text.png")
    os.mkfifo(tmp_path / "pipe")
    assert "not an ordinary file" in refusal(tmp_path / "pipe")


@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "gif", "tif", "bmp"])
def test_truncated_files_are_refused(tmp_path, extension):
    path = tmp_path / f"half.{extension}"
    noise = np.random.default_rng(0).integers(0, 256, (50, 50, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    refusal(path)


@pytest.mark.parametrize("width", [10_001, 1_000_000])
def test_bombs_are_refused_before_they_are_decoded(tmp_path, width):
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    path = tmp_path / "bomb.png"
    header = struct.pack(">IIBBBBB", width, 10_000, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b""))
    assert "100,000,000" in refusal(path)


def test_floats_that_are_no_numbers_are_refused(tmp_path):
    Image.fromarray(np.array([[np.inf, 0]], np.float32)).save(tmp_path / "inf.tif")
    assert "not finite" in refusal(tmp_path / "inf.tif")
