"""The accent means "the one we talk about": whether there is one such thing at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from manim import Mobject, VMobject

from cnnviz.auditing.film_stage import hex_of, is_on
from cnnviz.mobjects.frames import corners_of
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.text import Label, Number
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.staging.scene import LectureScene
from cnnviz.style.colour import hex_of_rgb
from cnnviz.style.geometry import Corners, Zone

Role = Literal["window", "name", "number", "bar"]
"""What parts: a line around something, a text, a number, or something filled."""

CLEAR = 0.5
"""What has less opacity than this does not part."""

REACH = 0.35
"""In Manim units: parts that are no further apart are one thing, such as a frame and its name."""

SAME_HEIGHT = 0.08
"""In Manim units: texts and bars whose middles differ by no more are one line."""


@dataclass(frozen=True)
class AccentPart:
    """One part that has the accent's colour.

    Attributes
    ----------
    role
        What kind of thing it is.
    text
        What it says; empty if it is no text.
    corners
        Around it: (left, top, right, bottom), y upwards.
    of
        The class whose number it is; empty if it is none.
    """

    role: Role
    text: str
    corners: Corners
    of: str = ""

    def __str__(self) -> str:
        """Return it in a word or two."""
        return f"{self.role} {self.text!r}" if self.text else self.role


def accent_parts_on(scene: LectureScene, zone: Zone) -> list[AccentPart]:
    """Return what has the accent's colour in a zone."""
    accent = scene.theme.palette.accent.lower()
    found = []
    for mobject in mobjects_to_draw(scene):
        part = _accent_part_of(mobject, accent)
        if part is not None and is_on(zone, part.corners):
            found.append(part)
    return found


def several_accents(parts: Sequence[AccentPart]) -> Iterable[str]:
    """Find out whether more than one thing has the accent's colour.

    One thing are

    - all windows: we look at one place, and see it on the input and on the output;
    - parts that say the same, and numbers of the same class, wherever they stand;
    - texts and bars in one line: a name, its bar and its number;
    - parts that touch, nearly: a frame and what it is around, or what is written at it.

    Names belong to what glows besides them, and bars to the numbers that they picture: they are
    things of their own only where there is nothing else. A window and the value found in it are
    two: the eye does not know which of them is talked about.
    """
    things: list[list[AccentPart]] = []
    for part in parts:
        same = [thing for thing in things if any(_belong_together(part, each) for each in thing)]
        merged = [part, *(each for thing in same for each in thing)]
        things = [thing for thing in things if thing not in same] + [merged]
    for roles, others in (({"name"}, {"window", "number", "bar"}), ({"name", "bar"}, {"number"})):
        if any(part.role in others for part in parts):
            things = [thing for thing in things if {part.role for part in thing} - roles]
    if len(things) > 1:
        names = sorted(str(_most_telling(thing)) for thing in things)
        yield f"{len(things)} things glow at once: {', '.join(names)}"


def _belong_together(one: AccentPart, other: AccentPart) -> bool:
    if one.role == other.role and one.role in ("window", "bar"):
        return True
    if any(mine and mine == yours for mine, yours in ((one.text, other.text), (one.of, other.of))):
        return True
    if "window" not in (one.role, other.role):
        middles = [(each.corners[1] + each.corners[3]) / 2 for each in (one, other)]
        if abs(middles[0] - middles[1]) <= SAME_HEIGHT:
            return True
    left, top, right, bottom = one.corners
    return (
        left - REACH < other.corners[2]
        and other.corners[0] - REACH < right
        and bottom - REACH < other.corners[1]
        and other.corners[3] - REACH < top
    )


def _most_telling(thing: Sequence[AccentPart]) -> AccentPart:
    return max(thing, key=lambda part: (bool(part.text), part.role == "number", part.text))


def _accent_part_of(mobject: Mobject, accent: str) -> AccentPart | None:
    if isinstance(mobject, Label):
        if mobject.colour.lower() == accent and mobject.opacity >= CLEAR and mobject.text.strip():
            if isinstance(mobject, Number):
                whose = mobject.quantity.class_name or ""
                return AccentPart("number", mobject.text, mobject.ink_corners(), whose)
            return AccentPart("name", mobject.text, mobject.ink_corners())
    elif isinstance(mobject, HeatMap) and not isinstance(mobject, Photo):
        if mobject.opacity >= CLEAR and mobject.bitmap.rgba.shape[:2] == (1, 1):
            cell = mobject.bitmap.rgba[0, 0]
            if hex_of_rgb(cell[:3]) == accent and cell[3] >= 255 * CLEAR:
                return AccentPart("bar", "", mobject.corners())
    elif isinstance(mobject, VMobject) and mobject.has_points():
        return _accent_part_of_shape(mobject, accent)
    return None


def _accent_part_of_shape(shape: VMobject, accent: str) -> AccentPart | None:
    corners = corners_of(shape)
    if shape.get_fill_opacity() >= CLEAR and hex_of(shape.get_fill_color()) == accent:
        return AccentPart("bar", "", corners)
    is_line = shape.get_stroke_width() > 0 and shape.get_stroke_opacity() >= CLEAR
    if is_line and hex_of(shape.get_stroke_color()) == accent:
        return AccentPart("window", "", corners)
    return None
