"""The hyperparameters' stage: what stands beside each other is legible and does not touch."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.locales import LANGUAGES
from cnnviz.mobjects.frames import Outline
from cnnviz.mobjects.text import POINTS_PER_UNIT, Label
from cnnviz.model.trace import Trace
from cnnviz.scenes.hyperparameters.board import MEANINGS, stage_zones
from cnnviz.scenes.hyperparameters.legend import Legend
from cnnviz.scenes.hyperparameters.scene import HyperparametersScene
from cnnviz.scenes.hyperparameters.turned_maps import OUTPUT, ExampleColours, TurnedMaps
from cnnviz.scenes.hyperparameters.turning import TURNS, with_value
from cnnviz.staging.scene import LectureScene
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import dark_theme, theme_of
from tests.scenes.stage import setting_of, visit_beats, words_of


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_legend_takes_the_room_it_has(aspect: Aspect, language: str) -> None:
    """In upright frames it was as small as on a narrow stage, and a third of it was empty."""
    theme, words = theme_of("dark", aspect), words_of("hyperparameters", language)
    zone = stage_zones(theme.layout).legend
    meanings = {token: words(f"hyperparameters.{key}") for token, key in MEANINGS.items()}
    legend = Legend(meanings, theme, zone)
    assert zone.left - 1e-6 <= legend.get_left()[0] < legend.get_right()[0] <= zone.right + 1e-6
    assert zone.bottom < legend.get_bottom()[1] < legend.get_top()[1] < zone.top
    sizes = [label.em for _, label in legend.entries if isinstance(label, Label)]
    size = max(sizes) * POINTS_PER_UNIT
    assert size <= theme.sizes.caption + 1e-6
    if aspect == "9:16":
        assert size > theme.sizes.body


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_largest_picture_stands_clear_of_the_formula(
    small_trace: Trace, aspect: Aspect
) -> None:
    """In 16:9 it stood on the formula's brackets."""
    gaps: list[float] = []

    def look(scene: LectureScene, beat: str) -> None:
        if not beat.startswith("turn_") or beat == "turn_input_size":  # they are on their way
            return
        drawn = scene.get_mobject_family_members()
        outlines = [each for each in drawn if isinstance(each, Outline) and each.width > 1]
        letters = [each for each in drawn if isinstance(each, Label) and each.text == "n"]
        if outlines and len(letters) == 1:
            lowest = min(each.get_bottom()[1] for each in outlines)
            gaps.append(lowest - letters[0].get_top()[1])

    setting = setting_of(HyperparametersScene, small_trace, theme_of("dark", aspect))
    visit_beats(HyperparametersScene, setting, look)
    assert len(gaps) > 5
    assert min(gaps) > 0.25


def test_the_old_output_is_gone_before_the_new_frame_comes() -> None:
    """It faded over the new frame, as if it were that one's output."""
    theme = dark_theme()
    layout = theme.layout
    heads = [Label("", theme.sizes.label, theme.palette.text) for _ in range(3)]
    maps = TurnedMaps(layout.stage, heads, theme)
    old, new = (
        ExampleColours.of(with_value("input_size", size), theme) for size in TURNS["input_size"][:2]
    )
    maps.show_change(old, new, 0.0)
    width = maps.frames[OUTPUT].width
    lit = []
    for share in np.linspace(0.0, 1.0, 21):
        maps.show_change(old, new, float(share))
        is_lit = bool(maps.maps[OUTPUT].cell_alpha.any())
        lit.append(is_lit)
        assert not is_lit or maps.frames[OUTPUT].width == pytest.approx(width)
    assert 5 < sum(lit) < 11
    assert maps.frames[OUTPUT].width > width


def test_the_subtitle_goes_with_the_example_that_it_names(small_trace: Trace) -> None:
    """It said "7×7 input" and "stride 2" above five other examples and a network's layers."""
    named: dict[str, bool] = {}

    def look(scene: LectureScene, beat: str) -> None:
        drawn = scene.get_mobject_family_members()
        named[beat] = any("7×7 input" in getattr(each, "text", "") for each in drawn)

    visit_beats(HyperparametersScene, setting_of(HyperparametersScene, small_trace), look)
    is_first = [name for name, shows in named.items() if shows]
    assert is_first == ["input", "padding", "kernel", "first", "slide", "formula"]
