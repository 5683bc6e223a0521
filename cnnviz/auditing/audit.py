"""The audit of a scene: all rules, at every moment, for one setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import Mobject

from cnnviz.auditing.accent import accent_parts_on, several_accents
from cnnviz.auditing.film_rules import FILM_RULES, PACED_RULES
from cnnviz.auditing.film_stage import FilmRecorder
from cnnviz.auditing.map_contrast import MapContrasts, pale_maps
from cnnviz.auditing.numbers import fault_of
from cnnviz.auditing.parts import PixelParts
from cnnviz.auditing.rules import RULES
from cnnviz.auditing.stage import texts_on
from cnnviz.auditing.visit import FRAME_RATE, Moment, visit
from cnnviz.explain.places import Pixel
from cnnviz.explain.quantity import Quantity
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.scene_setting import SceneSetting

WHOLE_FILM = "film"
"""In place of a beat's name, of what no single beat is to blame for."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a film.

    Attributes
    ----------
    seconds
        When it is first seen.
    beat
        Name of the beat, or :data:`WHOLE_FILM`.
    rule
        Name of the rule that is broken.
    message
        What is wrong.
    """

    seconds: float
    beat: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Return it in one line, with the time as minutes, seconds and tenths."""
        minutes, tenths = divmod(round(self.seconds * 10), 600)
        return f"{minutes}:{tenths / 10:04.1f} {self.beat}: {self.message}"


def audit(scene: type[LectureScene], setting: SceneSetting) -> list[Fault]:
    """Play a scene without drawing it and return every fault, each once in a beat, in order.

    Checked are, at rest and in the middle of every motion: texts inside the safe frame, none
    on top of another, none over a busy map without a plate, none cut, sizes and contrast;
    captions no longer than there is room; at rest, no line through a text and one thing with the
    accent's colour. Over the whole film: captions long enough for reading, the last picture's
    rest, and at the usual pace no long freeze and no empty stage; maps that stand out from the
    ground. Every number equal to the trace's, rounded by the one rule, and listed by its beat if
    it could be seen.
    """
    auditor = _Auditor(setting)
    played = visit(scene, setting, auditor)
    auditor.judge_film()
    auditor.judge_numbers(played)
    return sorted(auditor.faults.values(), key=lambda fault: fault.seconds)


class _Auditor:
    """Looks at a film while it is played, and collects what is wrong."""

    def __init__(self, setting: SceneSetting) -> None:
        self.faults: dict[tuple[str, str], Fault] = {}
        palette, layout = setting.theme.palette, setting.theme.layout
        self._setting = setting
        self._recorder = FilmRecorder(layout.stage, FRAME_RATE)
        self._contrasts = MapContrasts(layout.stage, palette.background, palette.zero)
        self._numbers: dict[str, dict[Quantity, tuple[float, Pixel | None]]] = {}

    def look(
        self, scene: LectureScene, beat: str, moment: Moment, moving: Sequence[Mobject]
    ) -> None:
        """Check what can be seen of texts, and at rest of what glows."""
        theme, seconds = self._setting.theme, scene.frame / FRAME_RATE
        texts = texts_on(scene, moving)
        for rule in RULES:
            for message in rule(texts, theme):
                self._add(seconds, beat, rule.__name__, message)
        lines, most = len(scene.caption_lines), theme.layout.caption_lines
        if lines > most:
            message = f"the caption has {lines} lines, above {most}"
            self._add(seconds, beat, "too_long_a_caption", message)
        if moment == "rest":
            for message in several_accents(accent_parts_on(scene, theme.layout.stage)):
                self._add(seconds, beat, several_accents.__name__, message)
            self._contrasts.add(scene)
        numbers = self._numbers.setdefault(beat, {})
        pixel = getattr(scene.parameters, "pixel", None)
        for text in texts:
            if text.quantity is not None:
                numbers.setdefault(text.quantity, (seconds, pixel))

    def see(self, scene: LectureScene, beat: str, first_frame: int, frame_count: int) -> None:
        """Take down what is shown, for the rules over time."""
        self._recorder.take(scene, beat, first_frame, frame_count)

    def judge_film(self) -> None:
        """Apply the rules over time; freezes follow from a pace that is not the usual one."""
        film, theme = self._recorder.timeline, self._setting.theme
        rules = [*FILM_RULES, *(PACED_RULES if self._setting.pace == 1 else ())]
        for rule in rules if film.spans else ():
            for fault in rule(film):
                seconds = film.seconds(fault.where.first_frame)
                self._add(seconds, fault.where.beat, rule.__name__, fault.message)
        for message in pale_maps(self._contrasts.all, theme.palette.background):
            self._add(0.0, WHOLE_FILM, pale_maps.__name__, message)

    def judge_numbers(self, played: LectureScene) -> None:
        """Compare all numbers that were seen with the trace, and with what the beats list."""
        trace, other = self._setting.trace, self._setting.other
        parts: dict[Pixel, PixelParts] = {}
        for beat, numbers in self._numbers.items():
            listed = {
                number for each in played.beats if each.name == beat for number in each.numbers
            }
            for number, (seconds, pixel) in numbers.items():
                if number not in listed:
                    text = f"{number.shown!r} was shown but is not listed in the manifest"
                    self._add(seconds, beat, "unlisted_number", text)
                if pixel is not None and pixel not in parts:
                    parts[pixel] = PixelParts(trace, pixel)
                message = fault_of(number, trace, None if pixel is None else parts[pixel], other)
                if message is not None:
                    self._add(seconds, beat, "wrong_number", message)

    def _add(self, seconds: float, beat: str, rule: str, message: str) -> None:
        self.faults.setdefault((beat, message), Fault(seconds, beat, rule, message))
