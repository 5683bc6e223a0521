"""The rules of a film, each a function from what it shows when to what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cnnviz.auditing.timeline import Run, Timeline
from cnnviz.staging.rhythm import reading_time

LEAST_HOLD = 2.5
"""Seconds for which the last picture rests."""

LONGEST_FREEZE = 2.0
"""Seconds for which nothing on the stage may change, before the last picture."""

LEAST_USED = 1 / 3
"""Of the stage; less of it is in use for a moment only."""

LONGEST_EMPTY = 2.0
"""Seconds: the moment."""

BLINK = 0.2 + 1e-9
"""Seconds in which nobody reads: while a caption arrives, and what frames cut off."""

ROUNDING = 1e-9
"""In seconds."""


@dataclass(frozen=True)
class FilmFault:
    """What is wrong with a part of a film."""

    where: Run
    message: str


FilmRule = Callable[[Timeline], Iterable[FilmFault]]


def too_quick_to_read(film: Timeline) -> Iterable[FilmFault]:
    """Find captions that are gone before they can be read, whatever the pace."""
    for text, run in film.captions():
        seen, needed = film.seconds(run.frame_count), reading_time(text)
        if seen < needed - BLINK:
            yield FilmFault(run, f"{text!r} is seen for {seen:.1f} s: it takes {needed:.1f} s")


def without_a_hold(film: Timeline) -> Iterable[FilmFault]:
    """Find a last picture that does not rest, or that shows nothing."""
    *_, last = _pictures(film)
    if last.frame_count < LEAST_HOLD * film.frame_rate:
        rest = film.seconds(last.frame_count)
        yield FilmFault(last, f"the last picture rests for {rest:.1f} s, below {LEAST_HOLD} s")
    if not film.spans[-1].used:
        yield FilmFault(last, "the film ends with an empty stage")


def frozen(film: Timeline) -> Iterable[FilmFault]:
    """Find times in which nothing on the stage changes, before the last picture."""
    for run in _pictures(film)[:-1]:
        # The first frame differs from the one before.
        frozen_for = film.seconds(run.frame_count - 1)
        if frozen_for > LONGEST_FREEZE + ROUNDING:
            yield FilmFault(run, f"nothing on the stage changes for {frozen_for:.1f} s")


def nearly_empty(film: Timeline) -> Iterable[FilmFault]:
    """Find times in which little of the stage is in use."""
    for is_little, run in film.runs(lambda span: span.used < LEAST_USED):
        length = film.seconds(run.frame_count)
        if is_little and length > LONGEST_EMPTY + ROUNDING:
            used = max(
                span.used
                for span in film.spans
                if run.first_frame <= span.first_frame < run.end_frame
            )
            yield FilmFault(run, f"at most {used:.0%} of the stage is in use for {length:.1f} s")


def _pictures(film: Timeline) -> list[Run]:
    """Return the times in which the stage does not change."""
    return [run for _, run in film.runs(lambda span: span.stage)]


FILM_RULES: tuple[FilmRule, ...] = (too_quick_to_read, without_a_hold)
"""The rules about how long things are shown, whatever the pace."""

PACED_RULES: tuple[FilmRule, ...] = (frozen, nearly_empty)
"""Those for the usual pace: where things move faster, people who read must be waited for."""
