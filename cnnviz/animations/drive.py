"""The verb behind every motion that follows one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from manim import Group, Mobject

from cnnviz.rendering.in_place import InPlaceAnimation


class Drive(InPlaceAnimation):
    """Run a number from `start` to `end` and let `show` put the stage in order for it.

    One number decides what is on screen: the window's place, the numbers under it and the
    part of the output that is filled all follow from the same index, so they cannot
    disagree. Neither copies the mobjects nor adds them to the scene nor changes their order.

    Parameters
    ----------
    parts
        All mobjects that `show` changes; they must be in the scene already.
    show
        Called with the number, once a frame.
    start, end
        The number's first and last value.
    **kwargs
        As for Manim's ``Animation``: ``run_time``, ``rate_func``.
    """

    def __init__(
        self,
        parts: Iterable[Mobject],
        show: Callable[[float], None],
        start: float,
        end: float,
        **kwargs: Any,
    ) -> None:
        self._show = show
        self._start = start
        self._end = end
        super().__init__(Group(*parts), **kwargs)

    def interpolate_mobject(self, alpha: float) -> None:
        """Show the number at the share `alpha` of the run time."""
        share = self.rate_func(alpha)
        self._show(self._start + (self._end - self._start) * share)
