"""What every lecture scene shares: its setting, its frame of title and caption, its beats."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from manim import FadeIn, FadeOut, Group, Mobject
from manim.utils.exceptions import EndSceneEarlyException

from cnnviz.cache.keys import digest
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import shorten_text
from cnnviz.mobjects.text import Label, Number, TextBlock
from cnnviz.model.trace import Trace
from cnnviz.rendering.timing import frames_so_far
from cnnviz.staging.beats import Beat, beat_title
from cnnviz.staging.rhythm import (
    arriving,
    frames_of,
    leaving,
    paced,
    reading_time,
    rest_until,
)
from cnnviz.staging.scene_words import words_with
from cnnviz.staging.stage import Stage
from cnnviz.staging.title import Title
from cnnviz.staging.transition import Transition
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme
from cnnviz.style.typography import line_advance

NAME_IN_CAPTION = 2.4
"""Longest name of a class in a caption, in Manim units."""


@dataclass(frozen=True)
class SceneSetting:
    """All that a scene may read.

    Attributes
    ----------
    trace
        What the network did with the picture.
    parameters
        The scene's own frozen dataclass, every field filled in.
    theme
        How the screen looks.
    words
        The words of one language.
    pace
        How many times longer than usual everything takes.

    Raises
    ------
    UserError
        If the fonts cannot draw one of the network's names.
    """

    trace: Trace
    parameters: Any
    theme: Theme
    words: Words
    pace: float = 1.0

    def __post_init__(self) -> None:
        layers = (layer.name for layer in self.trace.layers)
        for name in (self.trace.architecture.name, *layers, *self.trace.classes):
            line_advance(name)


class LectureScene(Stage):
    """A scene told in beats.

    A subclass names its `Parameters`, fills them in with :meth:`resolve`, and plays one
    beat after another in :meth:`construct`. Its words stand beside it: see
    :mod:`cnnviz.staging.scene_words`.

    Parameters
    ----------
    setting
        What the scene reads.
    renderer
        A renderer for Manim's ``Scene``; Manim's own by default.
    """

    seekable = True
    """Every frame depends on its place in the play only: see :mod:`cnnviz.rendering`."""

    name: ClassVar[str]
    Parameters: ClassVar[type]
    poster_beat: ClassVar[str]
    """The beat whose last frame is the poster: see :func:`cnnviz.staging.beats.poster_frame`."""
    texts: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Words by language, for a scene that has no ``LANGUAGE.toml`` beside it."""

    def __init__(self, setting: SceneSetting, renderer: Any = None) -> None:
        super().__init__(paced(setting.theme.timing, setting.pace), renderer)
        self.setting = setting
        self.trace = setting.trace
        self.parameters = setting.parameters
        self.theme = setting.theme
        self.words = words_with(setting.words, type(self))
        self.beats: list[Beat] = []
        self.chapter: str | None = None
        self._caption = Group()
        self._title: Title | None = None
        self._rests_since = 0
        self._numbers: dict[Quantity, None] = {}

    @classmethod
    @abstractmethod
    def resolve(cls, trace: Trace, parameters: Any) -> Any:
        """Check `parameters` against the trace and fill in what was left open.

        Raises
        ------
        UserError
            If something asked for does not exist; the message says what does.
        """

    def word(self, key: str, **values: object) -> str:
        """Return one of this scene's texts."""
        return self.words(f"{self.name}.{key}", **values)

    @property
    def frame(self) -> int:
        """The number of frames so far."""
        return frames_so_far(self)

    @contextmanager
    def beat(self, name: str, caption: str | None = None, **values: object) -> Iterator[None]:
        """Tell one idea: change the caption, begin to move while it is read, rest at the end.

        The caption stays for its :func:`reading_time` at least, whatever the pace. After the
        first beat the title is in its corner.

        Parameters
        ----------
        name
            The beat's name: one and the same for every picture, layer and language. See
            :func:`cnnviz.staging.beats.beat_title` for its title.
        caption
            Key of its caption among the scene's ``captions``; by default `name`.
        **values
            What caption and title are filled with.
        """
        full_name = name if self.chapter is None else f"{self.name}.{name}"
        title = beat_title(self.words, self.name, name, values)
        chapter = self.chapter or title
        self.next_section(full_name, chapter)
        first_frame = self.frame
        self._numbers = {}
        self._note_numbers()
        text = self.word(f"captions.{caption or name}", **values)
        is_transition = self._begin_beat(text)
        is_read = (first_frame + self.frame) // 2 + frames_of(self, reading_time(text))
        if not is_transition:  # an empty stage would be looked at for too long
            self.wait(self.timing.lead - self.timing.swap / 2)
        yield
        if settling := self.settle_title():
            self.play(*settling, run_time=self.timing.fade)
        self._rests_since = self.frame
        rest_until(self, max(is_read, self.frame + frames_of(self, self.timing.pause)))
        self.beats.append(
            Beat(
                full_name,
                title,
                chapter,
                text,
                first_frame,
                self.frame - first_frame,
                tuple(self._numbers),
                self._cache_key(full_name, is_transition),
            )
        )

    def _cache_key(self, beat: str, is_transition: bool) -> str:
        """Return a digest of this scene, and of the one before if what it left is still seen."""
        before = None
        if self.inherited is not None:
            is_seen = is_transition or self.continues_previous
            before = self.inherited.cache_key if is_seen else "gone"
        told = (self.name, self.parameters, self.setting.pace)
        return digest([told, self.chapter, beat, before])

    def tear_down(self) -> None:
        """Hold the last picture, as part of the last beat; in a lecture only at its end."""
        if not self.beats:
            return
        with suppress(EndSceneEarlyException):  # whoever draws wants no more frames
            rest_until(self, self._rests_since + frames_of(self, self.timing.hold))
        last = self.beats[-1]
        self.beats[-1] = replace(last, frame_count=self.frame - last.first_frame)

    def play(self, *args: Any, **kwargs: Any) -> None:
        """Play animations, and note every number that is on screen after them."""
        super().play(*args, **kwargs)
        self._note_numbers()

    def _note_numbers(self) -> None:
        for mobject in self.get_mobject_family_members():
            if isinstance(mobject, Number) and mobject.is_visible:
                self._numbers[mobject.quantity] = None

    # -- title and caption ----------------------------------------------------------------

    def inherit(self, transition: Transition) -> None:
        """Go on with the stage that another scene has left, its caption included."""
        super().inherit(transition)
        self._caption = transition.caption

    def make_transition(self) -> Transition:
        """Return the stage as it now is."""
        cache_key = self.beats[-1].cache_key
        return Transition(list(self.mobjects), self._caption, dict(self._left), cache_key)

    def _begin_beat(self, text: str) -> bool:
        """Let a new caption take the old one's place; return whether it is a new stage too.

        At the first beat in a lecture all that is not expected goes with the old caption, and
        what stands at the start comes with the new one.
        """
        old, self._caption = self._caption, self._make_caption(text)
        is_transition = not self._is_cleared
        goes: list[Mobject] = [old] if old.submobjects else []
        comes: list[Mobject] = [self._caption]
        if is_transition:
            self._is_cleared = True
            goes, comes = self._not_expected(), [*self._at_start, self._caption]
        self.play(
            *(FadeOut(each, rate_func=leaving) for each in goes),
            *(FadeIn(each, rate_func=arriving) for each in comes),
            run_time=2 * self.timing.fade if is_transition else self.timing.swap,
        )
        return is_transition

    def make_title(self, title: str, subtitle: str) -> list[Label]:
        """Return the title, large, to be put on the stage before the first beat.

        During the first beat it goes into its corner, and the subtitle appears below it:
        with the animations of :meth:`settle_title`, or else at the beat's end.
        """
        self._title = Title(title, subtitle, self.theme)
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

    def class_in_caption(self, index: int) -> str:
        """Return a class's name, shortened where it would fill the caption."""
        return shorten_text(self.trace.classes[index], self.theme.sizes.caption, NAME_IN_CAPTION)

    @property
    def caption_lines(self) -> list[Label]:
        """The lines of the caption that is shown."""
        return [line for line in self._caption.submobjects if isinstance(line, Label)]

    def make_label(self, text: str, muted: bool = True, anchor: Any = "centre") -> Label:
        """Return a small label in the usual size."""
        palette = self.theme.palette
        colour = palette.text_muted if muted else palette.text
        return Label(text, self.theme.sizes.label, colour, anchor=anchor)

    def _make_caption(self, text: str) -> TextBlock:
        layout, palette = self.theme.layout, self.theme.palette
        room = layout.right - layout.left
        caption = TextBlock(text, self.theme.sizes.caption, palette.text, room)
        return caption.move_to(point(0.0, layout.caption_y))
