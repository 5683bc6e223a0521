"""The beats of a film and how long each takes, without drawing any of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.cache.store import Cache
from cnnviz.cache.traces import Colour, Crop
from cnnviz.catalog import load_scene
from cnnviz.looking import looking
from cnnviz.plans import FilmPlan

if TYPE_CHECKING:  # Manim and torch are imported where they are needed
    from cnnviz.beats import Beat
    from cnnviz.network import Network
    from cnnviz.rendering.renderer import FilmRenderer
    from cnnviz.scene import LectureScene


def measure_beats(
    plan: FilmPlan,
    image: object,
    *,
    network: Network | str | Path | None = None,
    crop: Crop | None = None,
    background: Colour = (255, 255, 255),
    cache: Cache | None = None,
) -> list[Beat]:
    """Return the beats of the film that a plan makes of a picture, exact to the frame.

    Parameters
    ----------
    plan
        What decides the film.
    image, network, crop, background
        As for :func:`cnnviz.render`.
    cache
        Where the network's look at the picture may be kept.

    Raises
    ------
    UserError
        If something given cannot be used.
    """
    plan.check()
    with looking([image], network, crop, background, cache) as (look,):
        scene = load_scene(plan.scene)  # imports Manim while another process runs the network
        trace = look.trace()
    from cnnviz.rendering.film import measure_film

    setting = plan.setting(scene, trace)
    made: list[LectureScene] = []

    def make_and_note(renderer: FilmRenderer) -> LectureScene:
        made.append(scene(setting, renderer=renderer))
        return made[-1]

    measure_film(make_and_note, plan.settings)
    return made[-1].beats
