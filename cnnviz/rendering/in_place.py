"""Animations of what is on stage already."""

from __future__ import annotations

from typing import Any

from manim import Animation, Mobject, Scene


class InPlaceAnimation(Animation):
    """An animation that neither copies its mobjects nor adds them to the scene nor lifts them.

    Parameters
    ----------
    mobject
        A group of what the animation changes; its parts must be in the scene already.
    **kwargs
        As for Manim's ``Animation``: ``run_time``, ``rate_func``.
    """

    def __init__(self, mobject: Mobject, **kwargs: Any) -> None:
        super().__init__(mobject, introducer=True, **kwargs)

    def create_starting_mobject(self) -> Mobject:
        """Return an empty mobject: there is nothing to return to."""
        return Mobject()

    def _setup_scene(self, scene: Scene | None) -> None:
        """Leave the scene as it is: an introducer for Manim that introduces nothing.

        Manim would otherwise add the group, on top of everything else.
        """
