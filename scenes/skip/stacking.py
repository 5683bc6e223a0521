"""How a concatenation is told: maps glide into one stack, and one of them is compared in full."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import FadeIn, FadeOut, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.animations.turns import in_turn
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.scenes.skip.stack_board import StackBoard
from cnnviz.scenes.skip.values import coming_out
from cnnviz.staging.closing import Closing
from cnnviz.staging.opening import Opening
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import between

GLIDE = 1.6
"""How long the maps of a branch take into the stack, in moves."""

LAG = 0.6
"""How much later the last of them sets out than the first, in times that one is on its way."""

ON_THE_WAY = 0.8
"""Which share of the time of a branch that is; then its channels' numbers appear."""

TURNS = 3
"""Two values appear, then the frames glide, then two others appear: in parts of equal length."""


class Stacking:
    """Tells the beats of a concatenation.

    Parameters
    ----------
    scene
        What it plays on.
    board
        The stage.
    """

    def __init__(self, scene: LectureScene, board: StackBoard) -> None:
        self._scene, self._board = scene, board

    def tell(self, opening: Opening) -> None:
        """Tell the beats: the branches, the stack, one channel of it, all of them."""
        scene, board = self._scene, self._board
        total = sum(board.counts)
        rows, columns = board.pixels[0]
        first, second = board.source_names[:2]
        told: dict[str, Any] = {"layer": board.layer, "total": total, "channel": board.channel}
        *most, last = map(str, board.counts)
        counts = scene.listed(most) + scene.word("and") + last
        with scene.beat("place", "place_stack", branches=len(board.counts), counts=counts, **told):
            self._show_branches(opening)
        with scene.beat("stack", first=first, second=second, start=board.counts[0], **told):
            self._stack()
        facts: dict[str, Any] = {
            "source": board.source_name,
            "own": board.own,
            "row": rows,
            "column": columns,
        }
        with scene.beat("same", **facts, **told):
            self._compare()
        with scene.beat("together", **told):
            result = self._show_all()
            Closing(scene).show_whole_network(board.layer, result, board.channel)

    def _show_branches(self, opening: Opening) -> None:
        """Let the followed map grow out of the network, and all others appear."""
        scene, board = self._scene, self._board
        tile = board.followed(board.alone)
        self._strip = opening.show_where_we_are(board.layer, {(board.source, board.own): tile})
        others = [each for each in board.alone.every_map if each is not tile]
        labels = board.alone.every_label
        scene.fade_in(*others, *labels, run_time=scene.while_read(scene.timing.fade))

    def _stack(self) -> None:
        """Let the branches make room, and their maps glide into the stack, branch by branch."""
        scene, board, timing = self._scene, self._board, self._scene.timing
        alone, before, stack = board.alone, board.before, board.stack
        scene.fade_out(*alone.every_label)
        run_time = scene.while_read(len(board.branches) * GLIDE * timing.move)
        run_time /= len(board.branches)
        for index, (copies, labels) in enumerate(zip(stack.maps, stack.labels, strict=True)):
            glide = _gliding((before if index else alone).maps[index], copies)
            pairs = [] if index else list(zip(alone.every_map, before.every_map, strict=True))
            aside = [fly(old, new.corners(), GLIDE * timing.move) for old, new in pairs]
            scene.add(*copies)
            scene.play(glide, *aside, FadeIn(labels[0]), run_time=ON_THE_WAY * run_time)
            scene.remove(*(old for old, _ in pairs))
            scene.add(*(new for _, new in pairs))
            shown = [*labels[1:], *([] if index else before.every_label)]
            scene.fade_in(*shown, run_time=(1 - ON_THE_WAY) * run_time)

    def _compare(self) -> None:
        """Let the followed map become large on both sides, and show two of its values."""
        scene, board, timing = self._scene, self._board, self._scene.timing
        tiles = [board.followed(rows) for rows in (board.before, board.stack)]
        maps = [each.map for each in board.panels]
        self._homes = [tile.corners() for tile in tiles]
        others = scene.on_stage_but([self._strip, *tiles])
        scene.move_maps(zip(tiles, maps, strict=True), others)
        scene.fade_in(*(part for each in board.panels for part in each.around))
        run_time = scene.while_read(TURNS * timing.move) / TURNS
        scene.play(*map(FadeIn, [*board.frames, board.equals]), *self._values(), run_time=run_time)
        start, end = (np.array(pixel, float) for pixel in board.pixels)
        glide = Drive(
            board.frames, lambda share: board.show_place(*(start + share * (end - start))), 0, 1
        )
        scene.play(glide, *map(FadeOut, board.numbers), run_time=run_time)
        for number, quantity in zip(board.numbers, board.quantities(board.pixels[1]), strict=True):
            number.set_quantity(quantity)
        scene.play(*self._values(), run_time=run_time)

    def _show_all(self) -> HeatMap:
        """Let both maps go back among the others; return the one in the stack."""
        scene, board, timing = self._scene, self._board, self._scene.timing
        maps = [each.map for each in board.panels]
        leaving = scene.on_stage_but([self._strip, *maps])
        both = board.before, board.stack
        away = [board.followed(rows) for rows in both]
        tiles = [each for rows in both for each in rows.every_map if each not in away]
        flights = zip(maps, self._homes, strict=True)
        scene.play(
            *(fly(each, home, timing.move) for each, home in flights),
            *map(FadeIn, tiles),
            *(FadeOut(each, run_time=timing.fade) for each in leaving),
        )
        labels = [each for rows in both for each in rows.every_label]
        run_time = scene.while_read(timing.fade, after=timing.zoom + timing.pause)
        scene.fade_in(*labels, run_time=run_time)
        scene.wait(timing.pause)
        return maps[1]

    def _values(self) -> list[FadeIn]:
        """Return how both values come out of their cells."""
        maps = [panel.map for panel in self._board.panels]
        values = zip(self._board.numbers, self._board.frames, maps, strict=True)
        return coming_out(self._scene, values)


def _gliding(before: list[HeatMap], after: list[HeatMap]) -> Drive:
    """Return the motion of copies from where maps are to where they go, one after the other."""
    starts, ends = ([each.corners() for each in maps] for maps in (before, after))
    delays = np.linspace(0, LAG, len(after))

    def show(share: float) -> None:
        for each, start, end, delay in zip(after, starts, ends, delays, strict=True):
            own = in_turn(share, delay, LAG)
            each.set_corners(*between(start, end, smooth(own)))

    show(0.0)
    return Drive(after, show, 0, 1, rate_func=linear)
