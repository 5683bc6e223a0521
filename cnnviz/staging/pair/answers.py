"""How a film ends that compares: what each picture is taken for, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manim import FadeIn, FadeOut, Mobject

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.explain.rounding import format_percent
from cnnviz.mobjects.answers import Answer, listed_classes
from cnnviz.mobjects.frames import with_border
from cnnviz.mobjects.heat_map import HeatMap, Photo
from cnnviz.mobjects.maps import fitted_size
from cnnviz.staging.pair.photos import HEADING_RISE, HEADING_ROOM, square
from cnnviz.staging.pair.sides import Sides
from cnnviz.staging.rhythm import following
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import Zone, point

GAP, ROW_GAP = 0.8, 0.3
"""Between both side by side, or one above the other, in Manim units, as all lengths here."""

PHOTO_SHARE = 0.48
"""How much of its half's width a photo takes."""

PHOTO_GAP = 0.35
"""Between a photo and its bars."""

LEAST_HEIGHT = 4.2
"""Of the bars, where there is room."""

PERCENT_DECIMALS = 1


def show_answers(scene: LectureScene, sides: Sides, pictures: Sequence[HeatMap] = ()) -> None:
    """Clear the stage, and set each photo beside what its network takes it for.

    Parameters
    ----------
    scene
        What it plays on.
    sides
        What is compared.
    pictures
        What the networks received, where it is on the stage: it grows and becomes the photos.
    """
    timing, theme = scene.timing, scene.theme
    stage, is_wide = theme.layout.stage, theme.layout.aspect == "16:9"
    zones = stage.columns(1, 1, gap=GAP) if is_wide else stage.rows(1, 1, gap=ROW_GAP)
    photos: list[Mobject] = []
    shown: list[Photo] = []
    answers: list[Answer] = []
    listed = listed_classes(*sides.traces)
    for side, (trace, zone, classes) in enumerate(zip(sides.traces, zones, listed, strict=True)):
        seen, room = _photo_and_bars(zone)
        photo = Photo(trace.photo, *fitted_size(trace.photo.shape[:2], seen.width))
        with_border(photo.move_to(seen.centre), theme)
        name = scene.make_label(sides.picture_name(side, scene.words))
        name.move_to(photo.get_top() + point(0.0, HEADING_RISE))
        photos += [photo, name]
        shown.append(photo)
        answers.append(Answer(trace, classes, room, theme, scene.words.language, side))
    flights = [
        fly(picture, photo.corners(), timing.zoom)
        for picture, photo in zip(pictures, shown, strict=False)
    ]
    scene.bring_to_front(*pictures)
    # Maps go as slowly as pictures fly: small ones alone would leave the stage dark. But what is
    # written is gone before these come over it.
    going = timing.zoom if pictures else timing.fade
    leaving = [
        FadeOut(each, run_time=going if isinstance(each, HeatMap) else timing.fade)
        for each in scene.on_stage_but(pictures)
    ]
    grounds = [part for answer in answers for part in answer.ground]
    arriving = [
        FadeIn(each, run_time=timing.move, rate_func=following) for each in (*photos, *grounds)
    ]
    if pictures:
        scene.play(*leaving, *flights)
        leaving = []
    scene.play(*leaving, *arriving)
    scene.remove(*pictures)
    bars = [bar for answer in answers for bar in answer.bars]
    numbers = [number for answer in answers for number in answer.numbers]
    scene.add(*bars)

    def grow(share: float) -> None:
        for answer in answers:
            answer.grow(share)

    scene.play(
        Drive(bars, grow, 0, 1),
        *map(FadeIn, numbers),
        run_time=scene.while_read(2 * timing.move),
    )


def answer_caption(sides: Sides) -> str:
    """Return the key of the caption that is true of both answers."""
    one, two = (trace.predicted_class for trace in sides.traces)
    return f"answers_{'same' if one == two else 'differ'}_{sides.kind}"


def answer_facts(sides: Sides, language: str) -> dict[str, Any]:
    """Return what that caption is filled with: both names, classes and probabilities."""
    found: dict[str, Any] = dict(sides.facts)
    for key, trace in zip(("first", "second"), sides.traces, strict=True):
        index = trace.predicted_index
        found[f"{key}_class"] = trace.class_name(index, language)
        probability = float(trace.probabilities[index])
        found[f"{key}_share"] = format_percent(probability, PERCENT_DECIMALS)
    return found


def _photo_and_bars(zone: Zone) -> tuple[Zone, Zone]:
    """Return where a photo stands in its half, and beside it the bars."""
    side = min(PHOTO_SHARE * zone.width, zone.height - HEADING_ROOM)
    photo = square(zone.left + side / 2, zone.y, side)
    height = min(zone.height - HEADING_RISE, max(side, LEAST_HEIGHT))
    left = photo.right + PHOTO_GAP
    return photo, Zone(left, zone.y + height / 2, zone.right, zone.y - height / 2)
