"""What every lecture scene shares: its setting, its frame of title and caption, its beats."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from manim import FadeIn, FadeOut, Group, Mobject, Scene

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.text import Label, Number, TextBlock
from cnnviz.theme import Theme, Timing
from cnnviz.traces import Trace


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
    """

    trace: Trace
    parameters: Any
    theme: Theme
    words: Words
    pace: float = 1.0


@dataclass(frozen=True)
class Beat:
    """One idea of a film: a caption, its frames, and every number seen in them."""

    name: str
    caption: str
    first_frame: int
    frame_count: int
    numbers: tuple[Quantity, ...]

    @property
    def last_frame(self) -> int:
        """Number of its last frame."""
        return self.first_frame + self.frame_count - 1


class LectureScene(Scene):
    """A scene told in beats.

    A subclass names its `Parameters`, fills them in with :meth:`resolve`, and plays one
    beat after another in :meth:`construct`. Its words lie in the locales under `name`.

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
    """The beat whose last frame is the poster."""
    texts: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    """Words by language, for a scene that has no file in the locales."""

    def __init__(self, setting: SceneSetting, renderer: Any = None) -> None:
        super().__init__(renderer=renderer)
        self.trace = setting.trace
        self.parameters = setting.parameters
        self.theme = setting.theme
        self.words = setting.words.with_scene(self.name, self.texts)
        self.timing = _paced(setting.theme.timing, setting.pace)
        self.beats: list[Beat] = []
        self._caption = Group()
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
        return round(self.time * self.camera.frame_rate)

    @contextmanager
    def beat(self, name: str, **values: object) -> Iterator[None]:
        """Tell one idea: change the caption, give time to read it, and rest at the end.

        Parameters
        ----------
        name
            The beat's name; its caption is the scene's text ``captions.NAME``.
        **values
            What the caption is filled with.
        """
        self.next_section(name)
        first_frame = self.frame
        self._numbers = {}
        caption = self.word(f"captions.{name}", **values)
        self._change_caption(caption)
        yield
        self.wait(self.timing.pause)
        self.beats.append(
            Beat(name, caption, first_frame, self.frame - first_frame, tuple(self._numbers))
        )

    def play(self, *args: Any, **kwargs: Any) -> None:
        """Play animations, and note every number that is on screen after them."""
        super().play(*args, **kwargs)
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

    def make_title(self, title: str, subtitle: str) -> list[Label]:
        """Return the title and, below it, the subtitle, in the frame's title zone."""
        layout, sizes, palette = self.theme.layout, self.theme.sizes, self.theme.palette
        head = Label(title, sizes.title, palette.text, weight=600)
        head.move_to(np.array([layout.left + head.width / 2, layout.title_y, 0.0]))
        below = TextBlock(
            subtitle, sizes.subtitle, palette.text_muted, layout.right - layout.left, align="left"
        )
        below.shift(np.array([layout.left, layout.subtitle_y, 0.0]))
        self.title_parts = [head, *below]
        return self.title_parts

    def on_stage_but(self, kept: Iterable[Mobject]) -> list[Mobject]:
        """Return what is in the scene except the title, the caption and `kept`."""
        stays = {id(mobject) for mobject in (*self.title_parts, self._caption, *kept)}
        return [mobject for mobject in self.mobjects if id(mobject) not in stays]

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
        ).move_to(np.array([0.0, layout.caption_y, 0.0]))
        old, self._caption = self._caption, new
        if old.submobjects:
            self.play(FadeOut(old), run_time=self.timing.fade / 2)
        self.play(FadeIn(new), run_time=self.timing.fade / 2)
        self.wait(self.timing.read)


def _paced(timing: Timing, pace: float) -> Timing:
    """Return all times multiplied by `pace`."""
    return Timing(**{name: pace * value for name, value in dataclasses.asdict(timing).items()})
