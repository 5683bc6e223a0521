"""Whether the maps of a film can be seen."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.auditing.map_contrast import MapContrasts, limits_on, pale_maps
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.style.colour import contrast_ratio
from cnnviz.style.names import THEMES
from cnnviz.style.theme import Theme, theme_of


class Stage:
    """Stands in for a scene: it has mobjects, and nothing else is asked of it."""

    foreground_mobjects = ()

    def __init__(self, *mobjects: HeatMap) -> None:
        self.mobjects = mobjects


def contrasts(theme: Theme, *maps: HeatMap) -> np.ndarray:
    palette = theme.palette
    found = MapContrasts(theme.layout.stage, palette.background, palette.zero)
    found.add(Stage(*maps))  # type: ignore[arg-type]
    found.add(Stage(*maps))  # type: ignore[arg-type]
    return found.all


def heat_map(theme: Theme, spread: float, zeros: float = 0.0) -> HeatMap:
    generator = np.random.default_rng(2)
    values = generator.normal(0, spread, (64, 64))
    values[generator.random((64, 64)) < zeros] = 0.0
    return HeatMap(theme.signed_scale(1.0).colours(values), 3.0, 3.0)


@pytest.mark.parametrize("name", THEMES)
def test_maps_over_the_whole_range_are_seen_and_dull_ones_are_not(name: str) -> None:
    theme = theme_of(name)
    ground = theme.palette.background
    assert not list(pale_maps(contrasts(theme, heat_map(theme, 0.4)), ground))
    (median, brightest) = pale_maps(contrasts(theme, heat_map(theme, 0.03)), ground)
    assert f"below {limits_on(ground).median}" in median
    assert f"below {limits_on(ground).brightest}" in brightest


@pytest.mark.parametrize("name", THEMES)
def test_a_ground_near_zero_is_seen_once_however_large_it_is(name: str) -> None:
    theme = theme_of(name)
    values = np.random.default_rng(2).normal(0, 0.4, (64, 64))
    values[:, 16:] = np.random.default_rng(3).normal(-0.02, 0.002, (64, 48))

    def faults(scale: float) -> list[str]:
        shown = HeatMap(theme.signed_scale(scale).colours(values), 3.0, 3.0)
        return list(pale_maps(contrasts(theme, shown), theme.palette.background))

    assert not faults(1.0)
    assert len(faults(4.0)) == 2


@pytest.mark.parametrize("name", THEMES)
def test_a_sparse_map_is_judged_by_what_is_not_zero(name: str) -> None:
    theme = theme_of(name)
    assert not list(
        pale_maps(contrasts(theme, heat_map(theme, 0.4, zeros=0.7)), theme.palette.background)
    )


def test_contrast_is_that_of_wcag_and_each_shade_of_a_map_counts_once() -> None:
    theme = theme_of("dark")
    colours = np.broadcast_to(np.array([30, 90, 200], np.uint8), (2, 3, 3)).copy()
    found = contrasts(theme, HeatMap(colours, 1.0, 1.0))
    expected = contrast_ratio("#1e5ac8", theme.palette.background)
    np.testing.assert_allclose(found, [expected])


def test_photos_greys_and_what_steps_back_are_left_out() -> None:
    theme = theme_of("dark")
    colours = np.random.default_rng(1).integers(0, 256, (40, 40, 3)).astype(np.uint8)
    grey = HeatMap(np.repeat(colours[..., :1], 3, axis=2), 1.0, 1.0)
    dimmed = HeatMap(colours, 1.0, 1.0)
    dimmed.opacity = 0.3
    outside = HeatMap(colours, 1.0, 1.0).move_to(np.array([0.0, 3.8, 0.0]))
    assert not contrasts(theme, Photo(colours, 1.0, 1.0), grey, dimmed, outside).size
