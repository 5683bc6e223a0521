"""What the tests of all scenes share: the stage at every pause, numbers, stored pictures."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnnviz.locales import Words
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label
from cnnviz.rendering.checking import check_film
from cnnviz.rendering.film import measure_film, stills
from cnnviz.rendering.settings import FilmSettings
from cnnviz.scene import LectureScene, SceneSetting
from cnnviz.theme import Theme, contrast_ratio, dark_theme
from cnnviz.traces import Trace

PICTURES = Path(__file__).parent / "pictures"

MEAN_DIFFERENCE = 1.0
"""Tolerance in levels of 255, over the whole picture: anti-aliasing differs by less."""

BLOCK_DIFFERENCE = 16.0
"""And over every block of 10x10 pixels: a missing number or a moved map differs by more."""

SLACK = 0.01
"""Overlap in Manim units that nobody sees."""


def small_film(theme: Theme) -> FilmSettings:
    """Return the settings of a small film in the theme's proportions."""
    layout = theme.layout
    sizes = {"16:9": (320, 180), "9:16": (180, 320), "1:1": (180, 180)}
    return FilmSettings(
        *sizes[layout.aspect],
        frame_rate=10,
        background=theme.palette.background,
        frame_height=layout.frame_height,
    )


def setting_of(
    scene: type[LectureScene],
    trace: Trace,
    theme: Theme | None = None,
    language: str = "en",
    **parameters: object,
) -> SceneSetting:
    resolved = scene.resolve(trace, scene.Parameters(**parameters))
    return SceneSetting(trace, resolved, theme or dark_theme(), Words(language))


def visit_beats(
    scene: type[LectureScene],
    setting: SceneSetting,
    look: Callable[[LectureScene, str], None],
) -> LectureScene:
    """Play a scene without drawing; call `look` at the end of every beat."""
    made: list[LectureScene] = []

    class Visited(scene):  # type: ignore[misc, valid-type]
        def next_section(self, name: str, **options: object) -> None:  # type: ignore[override]
            super().next_section(name, **options)
            self.visited_beat = name

        def wait(self, *args: object, **kwargs: object) -> None:
            super().wait(*args, **kwargs)
            look(self, self.visited_beat)

    def make(renderer: object) -> LectureScene:
        made.append(Visited(setting, renderer=renderer))
        return made[-1]

    measure_film(make, small_film(setting.theme))
    return made[-1]


def faults_in(scene: type[LectureScene], setting: SceneSetting) -> list[str]:
    """Return all faults of the stage, each with the beat in which it was seen."""
    faults: dict[str, None] = {}

    def look(made: LectureScene, beat: str) -> None:
        faults.update(dict.fromkeys(f"{beat}: {fault}" for fault in faults_of(made)))

    visit_beats(scene, setting, look)
    return list(faults)


def numbers_in(scene: type[LectureScene], setting: SceneSetting) -> list[dict[str, Any]]:
    """Return every number shown, as the manifest lists it."""
    made = visit_beats(scene, setting, lambda made, beat: None)
    return [number.to_json() for beat in made.beats for number in beat.numbers]


def assert_looks_as_stored(
    scene: type[LectureScene], setting: SceneSetting, request: pytest.FixtureRequest
) -> None:
    """Compare each beat's last frame, small; `make pictures` stores them anew."""
    beats = visit_beats(scene, setting, lambda made, beat: None).beats
    frames = stills(
        lambda renderer: scene(setting, renderer=renderer),
        small_film(setting.theme),
        [beat.last_frame for beat in beats],
    )
    for beat, frame in zip(beats, frames, strict=True):
        path = PICTURES / f"{scene.name}_{beat.name}.png"
        picture = np.ascontiguousarray(frame[..., :3])
        if request.config.getoption("--update-pictures"):
            PICTURES.mkdir(exist_ok=True)
            Image.fromarray(picture).save(path, optimize=True)
        stored = np.asarray(Image.open(path).convert("RGB"), np.float64)
        difference = np.abs(picture - stored).mean(axis=2)
        blocks = difference.reshape(18, 10, 32, 10).mean(axis=(1, 3))
        assert difference.mean() < MEAN_DIFFERENCE, beat.name
        assert blocks.max() < BLOCK_DIFFERENCE, beat.name


def assert_is_exact(scene: type[LectureScene], setting: SceneSetting) -> None:
    """Compare every 7th frame with a full repaint and a full conversion, byte for byte."""
    film = FilmSettings(426, 240, 6, background=setting.theme.palette.background)
    assert check_film(lambda renderer: scene(setting, renderer=renderer), film, every=7).is_exact


def labels_on(scene: LectureScene) -> list[Label]:
    """Return every text that can be seen."""
    family = scene.get_mobject_family_members()
    return [each for each in family if isinstance(each, Label) and each.is_visible and each.text]


def faults_of(scene: LectureScene) -> list[str]:
    """Return what is wrong with the stage: text cut, overlapping, too small or too pale."""
    labels = labels_on(scene)
    layout = scene.theme.layout
    faults = []
    for label in labels:
        left, top, right, bottom = label.ink_corners()
        x = layout.frame_width / 2 - layout.safe_margin + SLACK
        y = layout.frame_height / 2 - layout.safe_margin + SLACK
        if left < -x or right > x or top > y or bottom < -y:
            faults.append(f"{label.text!r} leaves the safe frame")
        if label.em * 72 < scene.theme.sizes.small - 0.1:
            faults.append(f"{label.text!r} is too small")
        ground = _ground_of(scene, label)
        if ground and label.opacity > 0.9 and contrast_ratio(label.colour, ground) < 4.5:
            faults.append(f"{label.text!r} is too pale on {ground}")
    caption = scene.caption_lines
    if len(caption) > layout.caption_lines:
        faults.append(f"the caption has {len(caption)} lines: {caption[0].text!r}")
    for one, other in combinations(labels, 2):
        if _overlap(one.ink_corners(), other.ink_corners()):
            faults.append(f"{one.text!r} overlaps {other.text!r}")
    return faults


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return (
        one[0] + SLACK < other[2]
        and other[0] + SLACK < one[2]
        and one[3] + SLACK < other[1]
        and other[3] + SLACK < one[1]
    )


def _ground_of(scene: LectureScene, label: Label) -> str:
    """Return the colour behind a label: a single cell of a map, or the background.

    Empty where the label touches several cells, so that there is no one colour.
    """
    left, top, right, bottom = label.ink_corners()
    for mobject in reversed(scene.get_mobject_family_members()):
        if not isinstance(mobject, HeatMap) or not mobject.is_visible:
            continue
        map_left, map_top, map_right, map_bottom = mobject.corners()
        if left < map_left or right > map_right or top > map_top or bottom < map_bottom:
            continue
        width, height = mobject.cell_size()
        columns = {int((x - map_left) / width) for x in (left, right)}
        rows = {int((map_top - y) / height) for y in (top, bottom)}
        if len(columns) > 1 or len(rows) > 1:
            return ""
        red, green, blue, alpha = mobject.bitmap.rgba[rows.pop(), columns.pop()]
        return f"#{red:02x}{green:02x}{blue:02x}" if alpha == 255 else ""
    return scene.theme.palette.background
