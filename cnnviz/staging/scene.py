"""What every lecture scene shares: it is told in beats."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, ClassVar, Literal

from manim.utils.exceptions import EndSceneEarlyException

from cnnviz.cache.keys import digest
from cnnviz.explain.quantity import Quantity
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.trace import Trace
from cnnviz.rendering.damage import mobjects_to_draw
from cnnviz.rendering.timing import frames_of, frames_so_far, rest_until
from cnnviz.staging.beats import Beat, beat_title
from cnnviz.staging.captioned_stage import CaptionedStage
from cnnviz.staging.description import SeenAround, beat_description, description_keys
from cnnviz.staging.rhythm import LONGEST_REST, reading_time
from cnnviz.staging.scene_code import code_of, modules_of
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.staging.scene_words import words_with
from cnnviz.staging.transition import Transition


class LectureScene(CaptionedStage):
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
    plays_other_scenes: ClassVar[bool] = False
    """Whether it plays other scenes, so that its films change with their code and words."""

    compares: ClassVar[bool] = False
    """Whether it is about two traces: see :class:`cnnviz.staging.pair.scene.PairScene`."""

    def __init__(self, setting: SceneSetting, renderer: Any = None) -> None:
        super().__init__(setting, renderer)
        self.trace = setting.trace
        self.parameters = setting.parameters
        self.words = words_with(setting.words, type(self)).unread()
        self.beats: list[Beat] = []
        self.chapter: str | None = None
        self._captions = self.words.unread()
        self._stage_key: str | None = None
        self._code = code_of(modules_of(type(self)))
        self._rests_since = 0
        self._is_read = 0
        self._numbers: dict[Quantity, None] = {}
        self._seen = SeenAround()

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
            Key of its caption among the scene's ``captions``, or else among those that scenes
            share; by default `name`.
        **values
            What caption, title and description are filled with.
        """
        full_name = name if self.chapter is None else f"{self.name}.{name}"
        title = beat_title(self._captions, self.name, name, values)
        chapter = self.chapter or title
        self.next_section(full_name, chapter)
        first_frame = self.frame
        self._numbers, self._seen = {}, SeenAround()
        self._note_numbers()
        visibility = self.setting.visibility
        key = f"captions.{caption or name}"
        owner = self.name if f"{self.name}.{key}" in self._captions else "common"
        own = self._captions(f"{owner}.{key}", **values)
        text, _ = visibility.texts_of(full_name, own, "")
        follows = visibility.follows(full_name, self._previous_beat())
        seen = (self._caption_text if follows else None, text, visibility.captions, follows)
        is_transition = self._change_caption(text, follows=follows)
        self._is_read = (first_frame + self.frame) // 2 + frames_of(self, reading_time(text))
        if not is_transition:  # an empty stage would be looked at for too long
            self.wait(self.timing.lead - self.timing.swap / 2)
        yield
        if settling := self.settle_title():
            self.play(*settling, run_time=self.timing.fade)
        self._rests_since = self.frame
        rest_until(self, max(self._is_read, self.frame + frames_of(self, self.timing.pause)))
        self._stage_key = self._key_of_stage(full_name, is_transition=is_transition)
        told = self._description(name, caption, values)
        _, description = visibility.texts_of(full_name, own, told)
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

    def _description(self, beat: str, caption: str | None, values: Mapping[str, object]) -> str:
        """Return what is seen in a beat, with the numbers that were not there before it."""
        known = self.beats[-1].numbers if self.beats else ()
        new = [each for each in self._seen.own(tuple(self._numbers)) if each not in known]
        keys = description_keys(self.name, beat, caption)
        return beat_description(self._captions, keys, values, new, self._seen)

    def describe(self, key: str, when: Literal["before", "after"], **values: object) -> None:
        """Say what is seen in the running beat before, or after, what is the scene's own.

        Parameters
        ----------
        key
            Of the text among those that scenes share, in ``description.toml``.
        when
            On which side of the scene's own words it stands.
        **values
            What it is filled with.
        """
        text = self._captions(f"description.{key}", **values)
        self._seen.add(text, when, len(self._numbers))

    def listed(self, texts: Iterable[str]) -> str:
        """Return texts one after the other, as descriptions say them."""
        return self._captions("description.comma").join(texts)

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

    def _key_of_stage(self, beat: str, *, is_transition: bool) -> str:
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
        has_title = self.setting.visibility.title
        told = (self.name, self.parameters, self.setting.pace, self._code, has_title)
        unseen = [f"{self.name}.{table}" for table in ("captions", "beats", "descriptions")]
        words = self.words.but(*unseen, "common.captions", "common.beats", "description")
        return digest([told, self.chapter, beat, before, words, self.words.looked_up])

    def tear_down(self) -> None:
        """Hold the last picture, as part of the last beat; in a lecture only at its end."""
        if not self.beats:
            return
        with suppress(EndSceneEarlyException):  # whoever draws wants no more frames
            # The first frame of a rest still shows the last change.
            rest_until(self, self._rests_since + 1 + frames_of(self, self.timing.hold))
        last = self.beats[-1]
        self.beats[-1] = replace(last, frame_count=self.frame - last.first_frame)

    def play(self, *args: Any, **kwargs: Any) -> None:
        """Play animations, and note every number that is on screen after them."""
        super().play(*args, **kwargs)
        self._note_numbers()

    def _note_numbers(self) -> None:
        for mobject in mobjects_to_draw(self):
            if isinstance(mobject, Number) and mobject.is_visible:
                self._numbers[mobject.quantity] = None

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

    def class_name(self, index: int) -> str:
        """Return what a class is called in the film's language."""
        return self.trace.class_name(index, self.words.language)

    @property
    def caption_lines(self) -> list[Label]:
        """The lines of the caption that is shown; a scene that looks at them depends on them."""
        self.words.looked_up[f"caption after {len(self.beats)} beats"] = self._caption_text
        return [line for line in self._caption.submobjects if isinstance(line, Label)]
