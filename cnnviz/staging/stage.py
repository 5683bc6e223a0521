"""A stage on which one scene can go on with what another has left."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from manim import FadeIn, FadeOut, Mobject, Scene

from cnnviz.staging.transition import NETWORK, Transition
from cnnviz.style.theme import Timing


class Stage(Scene):
    """What is on the stage: how it begins, what it takes over, what it leaves behind.

    Parameters
    ----------
    timing
        How long things take.
    renderer
        A renderer for Manim's ``Scene``; Manim's own by default.
    """

    def __init__(self, timing: Timing, renderer: Any = None) -> None:
        super().__init__(renderer=renderer)
        self.timing = timing
        self.inherited: Transition | None = None
        self._is_cleared = True
        self._at_start: list[Mobject] = []
        self._left: dict[Hashable, Mobject] = {}
        self._expected: set[Hashable] = set()

    def fade_in(self, *mobjects: Mobject, run_time: float | None = None) -> None:
        """Fade mobjects in, each on its own, so that the scene's list stays flat."""
        if mobjects:
            self.play(*map(FadeIn, mobjects), run_time=run_time or self.timing.fade)

    def fade_out(self, *mobjects: Mobject, run_time: float | None = None) -> None:
        """Fade mobjects out; those that are not in the scene are passed over."""
        present = self.present(mobjects)
        if present:
            self.play(*map(FadeOut, present), run_time=run_time or self.timing.fade)

    def present(self, mobjects: Iterable[Mobject]) -> list[Mobject]:
        """Return those of `mobjects` that are in the scene."""
        members = {id(member) for member in self.get_mobject_family_members()}
        return [mobject for mobject in mobjects if id(mobject) in members]

    def move_maps(
        self, pairs: Iterable[tuple[Mobject, Mobject]], leaving: Iterable[Mobject]
    ) -> None:
        """Let mobjects become the same ones elsewhere, in another size, while others fade out.

        Parameters
        ----------
        pairs
            What is on the stage, and what takes its place.
        leaving
            What goes: a map's own frame, for one, which is gone before the map has left it.
        """
        pairs = list(pairs)
        timing = self.timing
        self.play(
            *(
                old.animate(run_time=timing.move)  # type: ignore[operator]
                .scale(new.width / old.width)
                .move_to(new)
                for old, new in pairs
            ),
            *(FadeOut(each, run_time=timing.swap) for each in leaving),
        )
        self.remove(*(old for old, _ in pairs))
        self.add(*(new for _, new in pairs))

    # -- where a scene begins and ends, alone or in a lecture -----------------------------

    def set_stage(self, *mobjects: Mobject) -> None:
        """Put on the stage what stands there before the first beat.

        Alone, a scene shows it in its first frame; in a lecture it fades in when what the
        scene before has left goes.
        """
        if self.inherited is None:
            self.add(*mobjects)
        else:
            self._at_start += mobjects

    def inherit(self, transition: Transition) -> None:
        """Go on with the stage that another scene has left."""
        self.inherited = transition
        self._is_cleared = False
        self.clear()
        self.add(*transition.mobjects)

    def leave(self, key: Hashable, mobject: Mobject) -> None:
        """Offer something on the stage to the next scene: see :meth:`bring_in`."""
        self._left[key] = mobject

    def expects(self, key: Hashable) -> None:
        """Say, before the first beat, that :meth:`bring_in` will be called with `key`."""
        self._expected.add(key)

    def bring_in(self, key: Hashable, mobject: Mobject) -> None:
        """Let something appear: out of what the scene before has left of it, or by fading in."""
        source = self.inherited.objects.get(key) if self.inherited else None
        if source is None or key not in self._expected:
            self.fade_in(mobject, run_time=self.timing.move)
            return
        self.play(
            source.animate.scale(mobject.width / source.width).move_to(mobject),
            run_time=self.timing.move,
        )
        self.remove(source)
        self.add(mobject)

    @property
    def continues_previous(self) -> bool:
        """Whether something that this scene expects was left by the one before.

        The whole network does not count: once it has been taken over it looks the same
        whatever scene has left it.
        """
        expected = self._expected - {NETWORK}
        return self.inherited is not None and any(map(self.inherited.objects.get, expected))

    @property
    def takes_over(self) -> bool:
        """Whether anything that the scene before has left stays on the stage."""
        return self.inherited is not None and any(map(self.inherited.objects.get, self._expected))

    def _not_expected(self) -> list[Mobject]:
        """Return what the scene before has left on the stage and this one does not take over."""
        if self.inherited is None:
            return []
        stays = list(map(self.inherited.objects.get, self._expected))
        return [
            mobject
            for mobject in self.present(self.inherited.mobjects)
            if not any(mobject is each for each in stays)
        ]
