"""The ramps: even in lightness, seen against the ground, and safe for colour-blind viewers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.mobjects.maps import output_scale
from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.style.colour import contrast_ratio, relative_luminance, rgb_of_hex
from cnnviz.style.oklab import Ramp, linear_of_srgb, oklab_of_srgb, srgb_of_linear, srgb_of_oklch
from cnnviz.style.theme import Theme, dark_theme, light_theme

THEMES = [dark_theme(), light_theme()]

RAMPS = [
    pytest.param(theme, ramp, id=f"{theme.name}-{name}")
    for theme in THEMES
    for name, ramp in (("values", theme.palette.values), ("weights", theme.palette.weights))
]

SIMULATIONS = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
"""Linear RGB as seen at severity 1.0: Machado, Oliveira and Fernandes, "A Physiologically-based
Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (6), 2009."""

SEEN = {"normal": np.eye(3), **{name: np.array(each) for name, each in SIMULATIONS.items()}}

JUST_SEEN = 0.02
"""A difference in OKLab that is just noticed, side by side (Ottosson's scale: black to white 1)."""


def seen_by(viewer: str, colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Return OKLab (lightness, a, b) of colours as a viewer sees them."""
    return oklab_of_srgb(srgb_of_linear(linear_of_srgb(colours) @ SEEN[viewer].T))


def side(ramp: Ramp, sign: int) -> npt.NDArray[np.uint8]:
    """Return the colours of one sign, from zero to the end."""
    return ramp.scale(-1, 1).colours(sign * np.linspace(0, 1, 101))


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_oklab_and_back(rgb: tuple[int, int, int]) -> None:
    lightness, a, b = oklab_of_srgb(rgb)
    back = srgb_of_oklch(lightness, np.hypot(a, b), np.rad2deg(np.arctan2(b, a)))
    assert np.abs(back.astype(int) - rgb).max() <= 1


def test_oklab_of_known_colours() -> None:
    assert oklab_of_srgb((255, 255, 255)) == pytest.approx([1, 0, 0], abs=1e-3)
    assert oklab_of_srgb((255, 0, 0)) == pytest.approx([0.628, 0.225, 0.126], abs=1e-3)
    assert oklab_of_srgb((0, 0, 255)) == pytest.approx([0.452, -0.032, -0.312], abs=1e-3)


@given(st.floats(0.2, 0.97), st.floats(0, 0.4), st.floats(0, 360))
def test_what_srgb_cannot_show_loses_chroma_and_no_lightness(
    lightness: float, chroma: float, hue: float
) -> None:
    colour = srgb_of_oklch(*(np.array(each) for each in (lightness, chroma, hue)))
    assert oklab_of_srgb(colour)[0] == pytest.approx(lightness, abs=0.01)
    assert np.hypot(*oklab_of_srgb(colour)[1:]) <= chroma + 0.01


@pytest.mark.parametrize(("theme", "ramp"), RAMPS)
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("viewer", SEEN)
def test_lightness_never_turns_back(theme: Theme, ramp: Ramp, sign: int, viewer: str) -> None:
    lightness = seen_by(viewer, side(ramp, sign))[:, 0]
    steps = np.diff(lightness) * np.sign(ramp.end - ramp.zero)
    assert steps.min() > -0.002  # half a level of 255
    assert abs(lightness[-1] - lightness[0]) > 0.55


@pytest.mark.parametrize(("theme", "ramp"), RAMPS)
@pytest.mark.parametrize("viewer", SEEN)
def test_signs_are_told_apart(theme: Theme, ramp: Ramp, viewer: str) -> None:
    negative, positive = (seen_by(viewer, side(ramp, sign)) for sign in (-1, 1))
    difference = np.linalg.norm(negative - positive, axis=1)
    assert difference[5:].min() > 2 * JUST_SEEN
    assert difference[10:76].min() > 4 * JUST_SEEN


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_lightness_at_zero_at_a_quarter_and_at_the_end(theme: Theme) -> None:
    zero, quarter, end = {"dark": (0.235, 0.557, 0.95), "light": (0.925, 0.648, 0.31)}[theme.name]
    for ramp in (theme.palette.values, theme.palette.weights):
        for sign in (-1, 1):
            lightness = oklab_of_srgb(side(ramp, sign))[:, 0]
            assert lightness[[0, 25, 100]] == pytest.approx([zero, quarter, end], abs=0.012)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_zero_is_grey_and_not_the_ground(theme: Theme) -> None:
    red, green, blue = rgb_of_hex(theme.palette.zero)
    assert red == green == blue
    assert contrast_ratio(theme.palette.zero, theme.palette.background) > 1.1


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_flat_colours_lie_on_the_ramp(theme: Theme) -> None:
    scale = theme.signed_scale(3.0)
    assert theme.palette.positive == scale.colour(1.5) == theme.positive_scale(3.0).colour(1.5)
    assert theme.palette.negative == scale.colour(-1.5)
    assert theme.palette.zero == scale.colour(0.0) == theme.positive_scale(3.0).colour(0.0)


@pytest.mark.parametrize(("theme", "ramp"), RAMPS)
def test_the_accent_is_on_no_ramp(theme: Theme, ramp: Ramp) -> None:
    accent = oklab_of_srgb(rgb_of_hex(theme.palette.accent))
    colours = oklab_of_srgb(ramp.scale(-1, 1).colours(np.linspace(-1, 1, 201)))
    distance = np.linalg.norm(colours - accent, axis=1).min()
    assert distance > 4 * JUST_SEEN


@pytest.fixture(scope="module", params=["cat", "espresso"])
def seen(request: pytest.FixtureRequest) -> Trace:
    return trace(bundled_photo(request.param), load_network())


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_maps_are_seen_against_the_ground(seen: Trace, theme: Theme) -> None:
    """Half of the cells of all maps at 2 to 1 or more; the strongest at 6 to 1.

    On the signed maps alone, and on what ReLU leaves, more: the zeros there are no values.
    """
    ground = relative_luminance(theme.palette.background)
    everything, values = [], []
    for entry in seen.layers:
        if entry.output.ndim == 3:
            colours = output_scale(theme, seen, entry.name).colours(entry.output)
            light = linear_of_srgb(colours) @ [0.2126, 0.7152, 0.0722]
            contrast = (np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)
            everything.append(contrast.ravel())
            values.append(contrast[entry.output != 0])
    assert np.median(np.concatenate(everything)) >= 2
    assert np.quantile(np.concatenate(everything), 0.95) >= 6
    assert np.median(np.concatenate(values)) >= 2.5
