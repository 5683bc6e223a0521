"""What every lecture scene shares: its setting, its frame of title and caption, its beats."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from manim import FadeIn, FadeOut, Group, Mobject, Scene

from cnnviz.cache.keys import digest
from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.text import Label, Number, TextBlock, line_width
from cnnviz.model.trace import Trace
from cnnviz.rendering.timing import frames_so_far
from cnnviz.staging.beats import Beat, beat_title
from cnnviz.staging.scene_words import words_with
from cnnviz.staging.transition import Transition
from cnnviz.style.geometry import point
from cnnviz.style.theme import Theme, Timing
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
        architecture = self.trace.architecture
        layers = (layer.name for layer in architecture.layers)
        classes = architecture.class_names(self.words.language)
        for name in (architecture.name, *layers, *classes):
            line_advance(name)


class LectureScene(Scene):
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
        super().__init__(renderer=renderer)
        self.setting = setting
        self.trace = setting.trace
        self.parameters = setting.parameters
        self.theme = setting.theme
        self.words = words_with(setting.words, type(self))
        self.timing = _paced(setting.theme.timing, setting.pace)
        self.beats: list[Beat] = []
        self.chapter: str | None = None
        self.inherited: Transition | None = None
        self._is_cleared = True
        self._caption = Group()
        self._at_start: list[Mobject] = []
        self._left: dict[Hashable, Mobject] = {}
        self._expected: set[Hashable] = set()
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
        """Tell one idea: change the caption, give time to read it, and rest at the end.

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
        is_transition = self._clear_stage()
        self._change_caption(text)
        if not is_transition:  # an empty stage would be looked at for too long
            self.wait(self.timing.read)
        yield
        self.wait(self.timing.pause)
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

    def play(self, *args: Any, **kwargs: Any) -> None:
        """Play animations, and note every number that is on screen after them."""
        super().play(*args, **kwargs)
        self._note_numbers()

    def _note_numbers(self) -> None:
        for mobject in self.get_mobject_family_members():
            if isinstance(mobject, Number) and mobject.is_visible:
                self._numbers[mobject.quantity] = None

    def fade_in(self, *mobjects: Mobject, run_time: float | None = None) -> None:
        """Fade mobjects in, each on its own, so that the scene's list stays flat."""
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
        self._caption = transition.caption
        self.clear()
        self.add(*transition.mobjects)

    def leave(self, key: Hashable, mobject: Mobject) -> None:
        """Offer something on the stage to the next scene: see :meth:`bring_in`."""
        self._left[key] = mobject

    def make_transition(self) -> Transition:
        """Return the stage as it now is."""
        cache_key = self.beats[-1].cache_key
        return Transition(list(self.mobjects), self._caption, dict(self._left), cache_key)

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
        """Whether something that this scene expects was left by the one before."""
        return self.inherited is not None and any(map(self.inherited.objects.get, self._expected))

    def _clear_stage(self) -> bool:
        """At the first beat in a lecture let go what is not expected; return whether it is."""
        if self.inherited is None or self._is_cleared:
            return False
        self._is_cleared = True
        stays = [self.inherited.caption, *map(self.inherited.objects.get, self._expected)]
        leaving = [
            mobject
            for mobject in self.inherited.mobjects
            if not any(mobject is each for each in stays)
        ]
        self.fade_out(*leaving)
        if self._at_start:
            self.fade_in(*self._at_start)
        return True

    def make_title(self, title: str, subtitle: str) -> list[Label]:
        """Return the title and, below it, the subtitle, in the frame's title zone."""
        layout, sizes, palette = self.theme.layout, self.theme.sizes, self.theme.palette
        room = layout.right - layout.left
        size = min(sizes.title, sizes.title * room / line_width(title, sizes.title, 600))
        head = Label(title, size, palette.text, weight=600)
        head.move_to(point(layout.left + head.width / 2, layout.title_y))
        # Chinese characters are taller than capitals.
        highest = layout.frame_height / 2 - layout.safe_margin
        head.shift(point(0.0, min(highest - head.ink_corners()[1], 0.0)))
        for size in (sizes.subtitle, sizes.label, SMALLEST):  # names in it may be long
            below = TextBlock(subtitle, size, palette.text_muted, room, align="left")
            below.shift(point(layout.left, layout.subtitle_y))
            if below.get_bottom()[1] >= layout.stage_top:
                break
        self.title_parts = [head, *below]
        return self.title_parts

    def on_stage_but(self, kept: Iterable[Mobject]) -> list[Mobject]:
        """Return what is in the scene except the title, the caption and `kept`."""
        stays = {id(mobject) for mobject in (*self.title_parts, self._caption, *kept)}
        return [mobject for mobject in self.mobjects if id(mobject) not in stays]

    def class_name(self, index: int) -> str:
        """Return what a class is called in the film's language."""
        return self.trace.class_name(index, self.words.language)

    @property
    def caption_lines(self) -> list[Label]:
        """The lines of the caption that is shown."""
        return [line for line in self._caption.submobjects if isinstance(line, Label)]

    def make_label(self, text: str, muted: bool = True, anchor: Any = "centre") -> Label:
        """Return a small label in the usual size."""
        palette = self.theme.palette
        colour = palette.text_muted if muted else palette.text
        return Label(text, self.theme.sizes.label, colour, anchor=anchor)

    def _change_caption(self, text: str) -> None:
        layout, sizes = self.theme.layout, self.theme.sizes
        new = TextBlock(
            text, sizes.caption, self.theme.palette.text, layout.right - layout.left
        ).move_to(point(0.0, layout.caption_y))
        old, self._caption = self._caption, new
        if old.submobjects:
            self.play(FadeOut(old), run_time=self.timing.fade / 2)
        self.play(FadeIn(new), run_time=self.timing.fade / 2)


def _paced(timing: Timing, pace: float) -> Timing:
    """Return all times multiplied by `pace`."""
    return Timing(**{name: pace * value for name, value in dataclasses.asdict(timing).items()})
