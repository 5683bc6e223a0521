from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from cnnviz.errors import UserError
from cnnviz.model.architecture import InputDescription
from cnnviz.network import load_picture
from cnnviz.network.picture import CropBox, covering_box

RGB64 = InputDescription(3, 64, 64, (0.0,) * 3, (1.0,) * 3)
GREY = InputDescription(1, 20, 28, (0.0,), (1.0,))


def noise(height: int, width: int, *channels: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, *channels), dtype=np.uint8)


def smooth(height: int, width: int) -> np.ndarray:
    """A picture whose red grows to the right and whose green grows downwards."""
    red, green = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([red, green, np.full_like(red, 77)], axis=2).astype(np.uint8)


def as_values(pixels: np.ndarray) -> np.ndarray:
    return (pixels.astype(np.float32) / np.float32(255)).transpose(2, 0, 1)


def test_a_picture_of_the_right_size_is_taken_bit_for_bit(tmp_path):
    pixels = noise(64, 64, 3)
    path = tmp_path / "exact.png"
    Image.fromarray(pixels).save(path)
    for image in (path, str(path), Image.fromarray(pixels), pixels):
        picture = load_picture(image, RGB64)
        np.testing.assert_array_equal(picture.values, as_values(pixels))
        np.testing.assert_array_equal(picture.photo, pixels)
        assert picture.values.flags.c_contiguous


def test_a_crop_of_the_right_size_is_taken_bit_for_bit():
    pixels = noise(100, 90, 3)
    picture = load_picture(pixels, RGB64, crop=(11, 22, 64, 64))
    np.testing.assert_array_equal(picture.values, as_values(pixels[22:86, 11:75]))
    np.testing.assert_array_equal(picture.photo, pixels[22:86, 11:75])


def test_floats_are_taken_as_they_are():
    pixels = np.random.default_rng(0).random((64, 64, 3))
    values = load_picture(pixels, RGB64).values
    np.testing.assert_array_equal(values, pixels.astype(np.float32).transpose(2, 0, 1))


def test_the_centre_of_a_wide_picture_is_taken():
    pixels = np.zeros((64, 264, 3), np.uint8)
    pixels[:, 100:164] = noise(64, 64, 3)
    np.testing.assert_array_equal(load_picture(pixels, RGB64).values, as_values(pixels[:, 100:164]))


def test_scaling_is_lanczos_of_the_centred_square():
    pixels = smooth(300, 451)
    expected = Image.fromarray(pixels).resize(
        (64, 64), Image.Resampling.LANCZOS, box=(75, 0, 375, 300)
    )
    picture = load_picture(pixels, RGB64)
    np.testing.assert_allclose(picture.values, as_values(np.asarray(expected)), atol=0.01)
    np.testing.assert_array_equal(picture.photo, pixels[:, 75:375])


def test_large_pictures_are_averaged_and_shown_at_512():
    pixels = smooth(2600, 3000)
    picture = load_picture(pixels, RGB64)
    expected = Image.fromarray(pixels).resize((64, 64), Image.Resampling.BOX, (200, 0, 2800, 2600))
    np.testing.assert_allclose(picture.values, as_values(np.asarray(expected)), atol=0.01)
    assert picture.photo.shape == (512, 512, 3)


def test_fine_patterns_average_out():
    pixels = np.zeros((3000, 3000), np.uint8)
    pixels[::2, ::2] = pixels[1::2, 1::2] = 255
    values = load_picture(pixels, RGB64).values
    np.testing.assert_allclose(values[:, 1:-1, 1:-1], 0.5, atol=0.02)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from([RGB64, GREY]))
def test_any_size_covers_the_input(height, width, description):
    picture = load_picture(np.full((height, width, 3), (255, 0, 51), np.uint8), description)
    assert picture.values.shape == description.shape
    assert max(picture.photo.shape[:2]) <= 512
    expected = (1, 0, 0.2) if description.channels == 3 else (0.299 + 0.114 * 0.2,)
    for channel, value in zip(picture.values, expected, strict=True):
        np.testing.assert_allclose(channel, value, atol=1e-5)


@pytest.mark.parametrize("size", [(1, 10_000), (10_000, 1), (1, 1), (3, 2), (64, 65), (5000, 70)])
def test_extreme_shapes(size):
    picture = load_picture(Image.new("RGB", size, (10, 20, 30)), RGB64)
    np.testing.assert_allclose(picture.values[2], 30 / 255, atol=1e-6)
    assert max(picture.photo.shape[:2]) <= min(512, *size)


@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(1, 500),
    st.integers(1, 500),
    st.integers(1, 100),
    st.integers(1, 100),
)
def test_the_covering_box_lies_inside_and_has_the_inputs_shape(x, y, w, h, width, height):
    box = covering_box(CropBox(x, y, w, h), width, height)
    assert x <= box.x <= box.x + box.width <= x + w + 1e-9
    assert y <= box.y <= box.y + box.height <= y + h + 1e-9
    assert box.width / box.height == pytest.approx(width / height)
    assert box.width == w or box.height == h
    assert box.x == int(box.x)
    assert box.y == int(box.y)


def test_grey_networks_get_luminance():
    pixels = noise(20, 28, 3)
    values = load_picture(pixels, GREY).values
    np.testing.assert_allclose(values[0], pixels @ [0.299, 0.587, 0.114] / 255, atol=1e-6)
    grey = noise(20, 28)
    np.testing.assert_array_equal(load_picture(grey, GREY).values[0], grey / np.float32(255))


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(tmp_path, orientation, extension):
    stored = Image.fromarray(smooth(90, 140))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = tmp_path / f"turned.{extension}"
    stored.save(path, exif=exif, **({"lossless": True} if extension == "webp" else {}))
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
    for crop in (None, (5, 9, 70, 80)):
        turned = load_picture(path, RGB64, crop)
        expected = load_picture(upright, RGB64, crop)
        np.testing.assert_array_equal(turned.values, expected.values)
        np.testing.assert_array_equal(turned.photo, expected.photo)


def test_nonsense_orientations_are_ignored(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 77
    Image.fromarray(noise(64, 64, 3)).save(tmp_path / "odd.png", exif=exif)
    picture = load_picture(tmp_path / "odd.png", RGB64)
    np.testing.assert_array_equal(picture.photo, noise(64, 64, 3))


@pytest.mark.parametrize(
    "crop",
    [(-1, 0, 5, 5), (0, 0, 0, 5), (0, 0, 5, -5), (96, 0, 5, 5), (0, 76, 5, 5), (100, 80, 1, 1)],
)
def test_crops_outside_the_picture_are_refused(crop):
    with pytest.raises(
        UserError, match="inside the picture of 100 x 80 pixels: x 0 to 99"
    ) as caught:
        load_picture(np.zeros((80, 100), np.uint8), RGB64, crop)
    assert ",".join(map(str, crop)) in str(caught.value)


def test_crops_are_measured_on_the_upright_picture(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (100, 80)).save(tmp_path / "turned.jpg", exif=exif)
    load_picture(tmp_path / "turned.jpg", RGB64, crop=(0, 90, 10, 10))
    with pytest.raises(UserError, match="80 x 100 pixels"):
        load_picture(tmp_path / "turned.jpg", RGB64, crop=(90, 0, 10, 10))


@pytest.mark.parametrize("background", [(0, 0), (0, 0, 256), (-1, 0, 0)])
def test_impossible_backgrounds_are_refused(background):
    with pytest.raises(UserError, match="background"):
        load_picture(noise(5, 5), RGB64, background=background)


MEASURE = """
import sys
from cnnviz.network.picture import load_picture
from cnnviz.model.architecture import InputDescription

def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1000

before = peak()
picture = load_picture(sys.argv[1], InputDescription(3, 64, 64, (0.0,) * 3, (1.0,) * 3))
print(peak() - before, *picture.values[:, 0, 0])
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(
    ("mode", "colour", "name", "megabytes"),
    [
        ("1", 1, "bits.png", 300),
        ("L", 51, "wide.png", 300),
        ("RGB", (51, 102, 204), "large.jpg", 150),
    ],
)
def test_100_megapixels_take_bounded_memory(tmp_path, mode, colour, name, megabytes):
    size = (1_000_000, 100) if name == "wide.png" else (10_000, 10_000)
    Image.new(mode, size, colour).save(tmp_path / name)
    command = [sys.executable, "-c", MEASURE, str(tmp_path / name)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    used, *values = map(float, result.stdout.split())
    assert used < megabytes
    expected = {"1": (1, 1, 1), "L": (0.2, 0.2, 0.2), "RGB": (0.2, 0.4, 0.8)}[mode]
    assert values == pytest.approx(expected, abs=0.01)
    assert result.stderr == ""
