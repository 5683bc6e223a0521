"""How the lines of softmax move together, one a little after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from manim import Animation, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.text import Number
from cnnviz.staging.scene import LectureScene

OVERLAP = 0.75
"""Of lines that move together, each begins so long before the one ahead is there."""


def run_lines(
    scene: LectureScene,
    show: Callable[[int, float], None],
    lines: Sequence[int],
    parts: Sequence[Mobject],
    run_time: float,
) -> None:
    """Take lines from 0 to 1, each a little after the one before; add what is not there.

    Parameters
    ----------
    scene
        What it plays on.
    show
        Puts a line where it is at a share of its way.
    lines, parts
        Which lines, at least one, and all that `show` changes for them.
    run_time
        Of all together, in seconds.
    """
    last = 1 + (1 - OVERLAP) * (len(lines) - 1)

    def at(time: float) -> None:
        for place, line in enumerate(lines):
            share = time - (1 - OVERLAP) * place
            show(line, min(max(share, 0.0), 1.0))

    at(0.0)
    add_missing(scene, parts)
    scene.play(Drive(parts, at, 0, last), run_time=run_time, rate_func=linear)


def add_missing(scene: LectureScene, parts: Sequence[Mobject]) -> None:
    """Put those of the parts on the stage that are not there."""
    present = {id(part) for part in scene.present(parts)}
    scene.add(*(part for part in parts if id(part) not in present))


def fly_number(
    scene: LectureScene, number: Number | None, place: Number, *along: Animation
) -> None:
    """Let a copy of a number fly to a place, in its size there, while other things move."""
    if number is None:
        return
    copy = number.copy()
    flight = copy.animate.scale(place.em / copy.em).move_to(place)
    scene.play(flight, *along, run_time=scene.timing.move, rate_func=smooth)
    scene.remove(copy)
