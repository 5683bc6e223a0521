"""A stage with a title above it and a caption below it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import FadeIn, FadeOut, Group, Mobject

from cnnviz.mobjects.text import Label, TextBlock
from cnnviz.staging.rhythm import arriving, leaving, paced
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.staging.stage import Stage
from cnnviz.staging.title import Title
from cnnviz.staging.transition import Transition
from cnnviz.style.geometry import Zone, point

SHORT = 2
"""A caption of so many lines is set in the size of captions, a longer one as much smaller as it
must be to have so many, down to the size of long ones."""


class CaptionedStage(Stage):
    """Puts title and caption on the stage, and changes them.

    Parameters
    ----------
    setting
        What the scene reads.
    renderer
        A renderer for Manim's ``Scene``; Manim's own by default.
    """

    def __init__(self, setting: SceneSetting, renderer: Any = None) -> None:
        super().__init__(paced(setting.theme.timing, setting.pace), renderer)
        self.setting = setting
        self.theme = setting.theme
        self._caption = Group()
        self._caption_text: str | None = None
        self._title: Title | None = None

    def inherit(self, transition: Transition) -> None:
        """Go on with the stage that another scene has left, its caption included."""
        super().inherit(transition)
        self._caption = transition.caption
        self._caption_text = transition.caption_text

    def _time_of_change(self, *, is_transition: bool) -> float:
        """Return how long captions, titles and stages take to change places, in seconds.

        Where the next scene takes something over, that stands still meanwhile: half as long.
        """
        if not is_transition:
            return self.timing.swap
        return self.timing.fade if self.takes_over else 2 * self.timing.fade

    def make_title(self, title: str, subtitle: str) -> list[Label]:
        """Return the title, large, to be put on the stage before the first beat.

        During the first beat it goes into its corner, and the subtitle appears below it:
        with the animations of :meth:`settle_title`, or else at the beat's end.
        """
        self._title = Title(title, subtitle, self.theme, is_drawn=self.setting.visibility.title)
        return [self._title.head]

    def settle_title(self) -> list[Any]:
        """Return the animations that bring the title into its corner, if it is not there."""
        return [] if self._title is None else self._title.settle()

    @property
    def title_parts(self) -> list[Label]:
        """The title and the lines of the subtitle."""
        return [] if self._title is None else [self._title.head, *self._title.below]

    @property
    def corner(self) -> Zone:
        """The room at the right of the title that stands in its corner."""
        layout = self.theme.layout
        if self._title is None:
            top = layout.frame_height / 2 - layout.safe_margin
            return Zone(layout.left, top, layout.right, layout.stage_top)
        return self._title.corner

    def on_stage_but(self, kept: Iterable[Mobject]) -> list[Mobject]:
        """Return what is in the scene except the title, the caption and `kept`."""
        stays = {id(mobject) for mobject in (*self.title_parts, self._caption, *kept)}
        return [mobject for mobject in self.mobjects if id(mobject) not in stays]

    def make_label(self, text: str, *, muted: bool = True, anchor: Any = "centre") -> Label:
        """Return a small label in the usual size."""
        palette = self.theme.palette
        colour = palette.text_muted if muted else palette.text
        return Label(text, self.theme.sizes.label, colour, anchor=anchor)

    def _change_caption(self, text: str, *, follows: bool) -> bool:
        """Let a new caption take the old one's place; return whether it is a new stage too.

        At the first beat in a lecture all that is not expected goes with the old caption, and
        what stands at the start comes with the new one. Where the beat before is not seen, what
        would go is gone.
        """
        old, self._caption = self._caption, self._make_caption(text)
        self._caption_text = text
        is_transition = not self._is_cleared
        goes: list[Mobject] = [old] if old.submobjects else []
        comes: list[Mobject] = [self._caption] if self._caption.submobjects else []
        if is_transition:
            self._is_cleared = True
            goes, comes = self._not_expected(), [*self._at_start, *comes]
        if not follows:
            self.remove(*goes)
            goes = []
        changes = (
            *(FadeOut(each, rate_func=leaving) for each in goes),
            *(FadeIn(each, rate_func=arriving) for each in comes),
        )
        time = self._time_of_change(is_transition=is_transition)
        if changes:
            self.play(*changes, run_time=time)
        else:
            self.wait(time)
        return is_transition

    def _make_caption(self, text: str) -> Group:
        if not self.setting.visibility.captions:
            return Group()
        layout, palette, sizes = self.theme.layout, self.theme.palette, self.theme.sizes
        room = layout.right - layout.left
        size = sizes.caption
        caption = TextBlock(text, size, palette.text, room, breaks_words=True)
        while self._is_long(caption, size):
            size -= 1
            caption = TextBlock(text, size, palette.text, room, breaks_words=True)
        return caption.move_to(point(0.0, layout.caption_y))

    def _is_long(self, caption: TextBlock, size: float) -> bool:
        """Return whether a caption should be smaller: a name in it may be as long as a sentence."""
        lines, sizes = len(caption.submobjects), self.theme.sizes
        if lines > self.theme.layout.caption_lines:
            return size - 1 >= sizes.small
        return lines > SHORT and size - 1 >= sizes.long_caption
