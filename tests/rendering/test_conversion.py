import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.conversion import PlanesConverter, area_around


def convert_all(pixels):
    height, width = pixels.shape[:2]
    converter = PlanesConverter(width, height)
    update(converter, pixels, Box(0, 0, width, height))
    return converter


def update(converter, pixels, box):
    patch = area_around(box, converter.width, converter.height)
    left, top, right, bottom = patch.source
    converter.update(patch, np.ascontiguousarray(pixels[top:bottom, left:right]))


def random_pixels(seed, width, height):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_converting_what_changed_equals_converting_everything(data):
    width = 2 * data.draw(st.integers(8, 150))
    height = 2 * data.draw(st.integers(8, 100))
    before, after = random_pixels(0, width, height), random_pixels(1, width, height)
    converter = convert_all(before)
    for _ in range(data.draw(st.integers(1, 3))):
        left = data.draw(st.integers(0, width - 1))
        top = data.draw(st.integers(0, height - 1))
        right = data.draw(st.integers(left + 1, width))
        bottom = data.draw(st.integers(top + 1, height))
        before[top:bottom, left:right] = after[top:bottom, left:right]
        if data.draw(st.booleans()):
            planes, kept = converter.planes, converter.planes.copy()
            converter.swap()
            update(converter, before, Box(left, top, right, bottom))
            assert np.array_equal(planes, kept)  # somebody may still be reading them
        else:
            update(converter, before, Box(left, top, right, bottom))
    assert np.array_equal(converter.planes, convert_all(before).planes)


@given(st.integers(0, 1900), st.integers(1, 1920), st.integers(0, 1070), st.integers(1, 1080))
def test_patches_lie_on_the_frame_and_around_the_damage(left, width, top, height):
    box = Box(left, top, min(left + width, 1920), min(top + height, 1080))
    source, written = area_around(box, 1920, 1080)
    for inner, outer in ((box, written), (written, source)):
        assert outer.left <= inner.left < inner.right <= outer.right
        assert outer.top <= inner.top < inner.bottom <= outer.bottom
    assert all(edge % 2 == 0 for edge in (*source, *written))
    assert 0 <= source.left < source.right <= 1920
    assert 0 <= source.top < source.bottom <= 1080


@pytest.mark.parametrize(
    "rgb", [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 40, 20)]
)
def test_colours_are_those_of_bt709_in_limited_range(rgb):
    converter = convert_all(np.full((16, 16, 4), (*rgb, 255), np.uint8))
    red, green, blue = (value / 255 for value in rgb)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    expected = (
        16 + 219 * luma,
        128 + 224 * (blue - luma) / 1.8556,
        128 + 224 * (red - luma) / 1.5748,
    )
    flat = converter.planes.reshape(-1)
    found = flat[100], flat[16 * 16 + 20], flat[16 * 16 + 8 * 8 + 20]
    assert np.allclose(found, expected, atol=1)
