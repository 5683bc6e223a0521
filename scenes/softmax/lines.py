"""How the lines of softmax move together, one a little after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from manim import Animation, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.mobjects.text import Number
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import point

if TYPE_CHECKING:
    from manim.typing import Point3D

TURN = 0.4
"""Share of its time in which a number flies to where it goes down, and at last from there."""

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
    scene: LectureScene,
    number: Number | None,
    place: Number,
    *along: Animation,
    past: float | None = None,
    rest: float = 0.0,
) -> None:
    """Let a copy of a number fly to a place, in its size there, while other things move.

    It goes straight on; or up or down at `past`, a place along where nothing is written there.
    It sets out after the share `rest` of the time, when what stood around it is gone.
    """
    if number is None:
        return
    copy = number.copy()
    middle, outline = copy.get_center(), copy.points - copy.get_center()
    end, growth = place.get_center(), place.em / copy.em

    def show(time: float) -> None:
        share = max(time - rest, 0.0) / (1 - rest)
        size, at = 1 + (growth - 1) * smooth(share), middle + smooth(share) * (end - middle)
        if past is not None:
            at = at_corner(share, middle, end, past)
        copy.points = size * outline + at

    scene.add(copy)
    run_time = scene.timing.move / (1 - rest)
    scene.play(Drive([copy], show, 0, 1, rate_func=linear), *along, run_time=run_time)
    scene.remove(copy)


def at_corner(share: float, start: Point3D, end: Point3D, past: float) -> Point3D:
    """Return a place on the way between two that goes across to `past`, down, and across."""
    out, back = leaving(share, TURN), arriving(share, 1 - TURN)
    down = smooth(min(max((share - TURN / 2) / (1 - TURN), 0.0), 1.0))
    x = start[0] + out * (past - start[0]) + back * (end[0] - past)
    return point(x, start[1] + down * (end[1] - start[1]))
