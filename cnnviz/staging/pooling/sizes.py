"""How large both maps are, in two lines; and how they and the maps make room for what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manim import FadeIn, FadeOut, Mobject, linear

from cnnviz.animations.drive import Drive
from cnnviz.animations.flight import fly
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression
from cnnviz.mobjects.heat_map import HeatMap
from cnnviz.staging.pooling.result import AnyResult
from cnnviz.staging.rhythm import arriving, leaving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import point

if TYPE_CHECKING:
    from manim.typing import Point3D

LINE = 0.45
"""From one line of sizes to the next, in Manim units."""

FIRST_TURN = 0.5
"""Share of their time in which the sizes go the first part of their way around the maps."""


class MapSizes:
    """Rows and columns of both maps, and how many values that is; not in the scene at first.

    Parameters
    ----------
    result
        Both maps.
    words
        Of the scene.
    """

    def __init__(self, result: AnyResult, words: Words) -> None:
        self._result = result
        numbers = result.numbers
        counted: list[str | Quantity] = [
            *_joined((numbers.values.size,)),
            " → ",
            *_joined((numbers.output.size,)),
            f" {words('common.values')}",
        ]
        lines = ([*_joined(numbers.shape), " → ", *_joined(numbers.output_shape)], counted)
        theme, width = result.theme, result.zones.sizes.width
        self.parts: list[Mobject] = []
        for parts, y in zip(lines, (LINE / 2, -LINE / 2), strict=True):
            centre = result.sizes_place + point(0.0, y)
            line = Expression(parts, theme.sizes.body, centre, width, theme, has_result=False)
            self.parts += line.parts

    def come(self, scene: LectureScene, flown: Mobject) -> None:
        """Put the output in the place of what has come together, and say how large both maps are.

        Its name and the sizes come no sooner: what flew there crossed their room.
        """
        result = self._result
        scene.remove(flown)
        scene.add(result.after.map)
        scene.fade_in(result.after.name, *self.parts, *result.swept.legends)

    def enlarge(self, scene: LectureScene) -> HeatMap:
        """Show the output as large as the input is then, with its legend, and return it.

        Where the sizes stood below it, they go to their room beside both maps.
        """
        result, timing = self._result, scene.timing
        if not result.moves_on:
            scene.fade_in(*result.after.legends)
            return result.after.map
        large, swept, before = result.enlarged, result.swept, result.before
        leaving, appearing = [*result.after.empty], [*large.around]
        if result.has_sizes_below:
            leaving += swept.around
            appearing += before.around
        scene.play(
            fly(result.after.map, large.map.corners(), timing.move),
            *self._make_room(scene),
            *(FadeOut(each, run_time=timing.swap) for each in leaving),
        )
        scene.remove(result.after.map, swept.map)
        scene.add(before.map, large.map)
        scene.play(*map(FadeIn, appearing), run_time=timing.fade)
        return large.map

    def _make_room(self, scene: LectureScene) -> list[Any]:
        """Return how the sizes go beside the maps, and the larger map makes room for them."""
        result = self._result
        if not result.has_sizes_below:
            return []
        scene.add(*self.parts)  # the growing map would hide them
        starts = [part.get_center() for part in self.parts]
        way = result.zones.sizes.centre - result.sizes_place

        def show(share: float) -> None:
            for part, start in zip(self.parts, starts, strict=True):
                part.move_to(start + around_maps(share, way))

        run_time = scene.timing.move
        beside = Drive(self.parts, show, 0, 1, run_time=run_time, rate_func=linear)
        return [beside, fly(result.swept.map, result.before.map.corners(), run_time)]


def around_maps(share: float, way: Point3D) -> Point3D:
    """Return how far the sizes have come on their way beside or below both maps.

    To the right they go first, and then up. To the left is where the larger map was: they wait
    until it is smaller. Straight on they would cross the maps.
    """
    first, then = leaving(share, FIRST_TURN), arriving(share, 1 - FIRST_TURN)
    return point((first if way[0] > 0 else then) * way[0], then * way[1])


def _joined(sizes: tuple[int, ...]) -> list[str | Quantity]:
    """Return sizes with a multiplication sign between them."""
    parts: list[str | Quantity] = []
    for size in sizes:
        kind = "size" if len(sizes) > 1 else "count"
        parts += ["×", Quantity.of(kind, size, 0)]  # type: ignore[arg-type]
    return parts[1:]
