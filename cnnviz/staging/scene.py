"""What every lecture scene shares: its setting, its frame of title and caption, its beats."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from manim import FadeIn, FadeOut, Group, Mobject
from manim.utils.exceptions import EndSceneEarlyException

from cnnviz.cache.keys import digest
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.text import Label, Number, TextBlock
from cnnviz.model.trace import Trace
from cnnviz.rendering.timing import frames_of, frames_so_far, rest_until
from cnnviz.staging.beats import Beat, beat_title
from cnnviz.staging.description import beat_description
from cnnviz.staging.rhythm import LONGEST_REST, arriving, leaving, paced, reading_time
from cnnviz.staging.scene_code import code_of, modules_of
from cnnviz.staging.scene_words import words_with
from cnnviz.staging.showing import Showing
from cnnviz.staging.stage import Stage
from cnnviz.staging.title import Title
from cnnviz.staging.transition import Transition
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme
from cnnviz.style.typography import line_advance


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
    showing
        What of its words is drawn.

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
    showing: Showing = field(default_factory=Showing)

    def __post_init__(self) -> None:
        architecture = self.trace.architecture
        layers = (layer.name for layer in architecture.layers)
        classes = architecture.class_names(self.words.language)
        for name in (architecture.name, *layers, *classes):
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
    tells_others: ClassVar[bool] = False
    """Whether it plays other scenes, so that its films change with their code and words."""

    def __init__(self, setting: SceneSetting, renderer: Any = None) -> None:
        super().__init__(paced(setting.theme.timing, setting.pace), renderer)
        self.setting = setting
        self.trace = setting.trace
        self.parameters = setting.parameters
        self.theme = setting.theme
        self.words = words_with(setting.words, type(self)).unread()
        self.beats: list[Beat] = []
        self.chapter: str | None = None
        self._caption = Group()
        self._caption_text: str | None = None
        self._captions = self.words.unread()
        self._stage_key: str | None = None
        self._code = code_of(modules_of(type(self)))
        self._title: Title | None = None
        self._rests_since = 0
        self._is_read = 0
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
        title = beat_title(self._captions, self.name, name, values)
        chapter = self.chapter or title
        self.next_section(full_name, chapter)
        first_frame = self.frame
        self._numbers = {}
        self._note_numbers()
        showing = self.setting.showing
        own = self._captions(f"{self.name}.captions.{caption or name}", **values)
        text, _ = showing.texts_of(full_name, own, "")
        follows = showing.follows(full_name, self._previous_beat())
        seen = (self._caption_text if follows else None, text, showing.captions, follows)
        is_transition = self._begin_beat(text, follows)
        self._is_read = (first_frame + self.frame) // 2 + frames_of(self, reading_time(text))
        if not is_transition:  # an empty stage would be looked at for too long
            self.wait(self.timing.lead - self.timing.swap / 2)
        yield
        if settling := self.settle_title():
            self.play(*settling, run_time=self.timing.fade)
        self._rests_since = self.frame
        rest_until(self, max(self._is_read, self.frame + frames_of(self, self.timing.pause)))
        self._stage_key = self._key_of_stage(full_name, is_transition)
        _, description = showing.texts_of(full_name, own, self._description(name, values))
        self.beats.append(
            Beat(
                full_name,
                title,
                chapter,
                text,
                first_frame,
                self.frame - first_frame,
                tuple(self._numbers),
                digest([self._stage_key, seen]),
                description,
            )
        )

    def _description(self, beat: str, values: Mapping[str, object]) -> str:
        """Return what is seen in a beat, with the numbers that were not there before it."""
        known = self.beats[-1].numbers if self.beats else ()
        new = [number for number in self._numbers if number not in known]
        return beat_description(self._captions, self.name, beat, values, new)

    def while_read(self, run_time: float, after: float = 0.0) -> float:
        """Return how long a beat's main motion takes, so that it goes on while people read.

        It is `run_time`, or longer where the caption is long for what moves: then the motions
        end :data:`LONGEST_REST` before the caption has been read, and no picture freezes.

        Parameters
        ----------
        run_time
            What it takes at least, in seconds.
        after
            What other motions in the same beat take after it, in seconds.
        """
        left = (self._is_read - self.frame) / frames_of(self, 1.0)
        return max(run_time, left - after - LONGEST_REST)

    def _key_of_stage(self, beat: str, is_transition: bool) -> str:
        """Return a digest of what decides a beat's pictures, apart from captions.

        It is this scene, and the one before if what it left is still seen. A caption is seen in
        its beat and, as it goes, in the next one: no other depends on it, except where a scene
        itself looks captions up. Other words may be shown anywhere, also for a moment that is
        leapt over where beats are only counted, so all of them count.
        """
        before = None
        if self.inherited is not None:
            is_seen = is_transition or self.continues_previous
            before = self.inherited.cache_key if is_seen else "gone"
        has_title = self.setting.showing.title
        told = (self.name, self.parameters, self.setting.pace, self._code, has_title)
        unseen = (f"{self.name}.{table}" for table in ("captions", "beats", "descriptions"))
        words = self.words.but(*unseen, "description")
        return digest([told, self.chapter, beat, before, words, self.words.looked_up])

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
        self._caption_text = transition.caption_text

    def make_transition(self) -> Transition:
        """Return the stage as it now is."""
        assert self._stage_key is not None  # a scene has at least one beat
        return Transition(
            list(self.mobjects),
            self._caption,
            self._caption_text,
            dict(self._left),
            self._stage_key,
            self.beats[-1].name,
        )

    def _previous_beat(self) -> str | None:
        """Return the name of the beat before, in this scene or in the one before it."""
        if self.beats:
            return self.beats[-1].name
        return self.inherited.last_beat if self.inherited else None

    def _begin_beat(self, text: str, follows: bool) -> bool:
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
        time = self._time_of_change(is_transition)
        if changes:
            self.play(*changes, run_time=time)
        else:
            self.wait(time)
        return is_transition

    def _time_of_change(self, is_transition: bool) -> float:
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
        self._title = Title(title, subtitle, self.theme, self.setting.showing.title)
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

    def class_name(self, index: int) -> str:
        """Return what a class is called in the film's language."""
        return self.trace.class_name(index, self.words.language)

    @property
    def caption_lines(self) -> list[Label]:
        """The lines of the caption that is shown; a scene that looks at them depends on them."""
        self.words.looked_up[f"caption after {len(self.beats)} beats"] = self._caption_text
        return [line for line in self._caption.submobjects if isinstance(line, Label)]

    def make_label(self, text: str, muted: bool = True, anchor: Any = "centre") -> Label:
        """Return a small label in the usual size."""
        palette = self.theme.palette
        colour = palette.text_muted if muted else palette.text
        return Label(text, self.theme.sizes.label, colour, anchor=anchor)

    def _make_caption(self, text: str) -> Group:
        if not self.setting.showing.captions:
            return Group()
        layout, palette = self.theme.layout, self.theme.palette
        room = layout.right - layout.left
        caption = TextBlock(text, self.theme.sizes.caption, palette.text, room)
        return caption.move_to(point(0.0, layout.caption_y))
