"""Look at a scene without rendering a film: its stage at the end of every beat."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from cnnviz.locales import Words
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.mobjects.text import Label
from cnnviz.rendering.film import film_config, measure_film
from cnnviz.rendering.settings import FilmSettings
from cnnviz.scene import LectureScene, SceneSetting
from cnnviz.theme import Theme, contrast_ratio, dark_theme
from cnnviz.traces import Trace

SMALL_FILM = FilmSettings(320, 180, 10, background=dark_theme().palette.background)

SLACK = 0.01
"""Overlap in Manim units that nobody sees."""


def setting_of(
    scene: type[LectureScene], trace: Trace, theme: Theme | None = None, **parameters: object
) -> SceneSetting:
    resolved = scene.resolve(trace, scene.Parameters(**parameters))
    return SceneSetting(trace, resolved, theme or dark_theme(), Words())


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

    with film_config(SMALL_FILM):
        measure_film(make, SMALL_FILM)
    return made[-1]


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
