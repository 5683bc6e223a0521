"""The audit of a scene: all rules, at every moment, for one setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Mobject

from cnnviz.auditing.numbers import fault_of
from cnnviz.auditing.rules import RULES
from cnnviz.auditing.stage import ShownText, texts_on
from cnnviz.auditing.visit import Moment, visit
from cnnviz.explain.quantity import Quantity
from cnnviz.staging.scene import LectureScene, SceneSetting


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a stage."""

    beat: str
    moment: Moment
    message: str

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.beat} ({self.moment}): {self.message}"


def audit(scene: type[LectureScene], setting: SceneSetting) -> list[Fault]:
    """Play a scene without drawing it and return every fault of its stage, each once.

    Checked are, at rest and in the middle of every motion: texts inside the safe frame, none
    on top of another, none over a busy map without a plate, sizes and contrast; captions no
    longer than there is room; every number equal to the trace's, rounded by the one rule;
    and every number that could be seen listed by its beat.
    """
    faults: dict[tuple[str, str], Fault] = {}
    seen: dict[str, set[Quantity]] = {}

    def add(beat: str, moment: Moment, message: str) -> None:
        faults.setdefault((beat, message), Fault(beat, moment, message))

    def look(stage: LectureScene, beat: str, moment: Moment, moving: Sequence[Mobject]) -> None:
        texts = texts_on(stage, moving)
        for rule in RULES:
            for message in rule(texts, setting.theme):
                add(beat, moment, message)
        most = setting.theme.layout.caption_lines
        if len(stage.caption_lines) > most:
            add(beat, moment, f"the caption has {len(stage.caption_lines)} lines, above {most}")
        seen.setdefault(beat, set()).update(_numbers(texts))

    stage = visit(scene, setting, look)
    for beat, numbers in seen.items():
        listed = {number for each in stage.beats if each.name == beat for number in each.numbers}
        for number in numbers - listed:
            add(beat, "motion", f"{number.shown!r} was shown but is not listed in the manifest")
        for number in numbers:
            message = fault_of(number, setting.trace)
            if message:
                add(beat, "rest", message)
    return list(faults.values())


def _numbers(texts: Sequence[ShownText]) -> list[Quantity]:
    return [text.quantity for text in texts if text.quantity is not None]
