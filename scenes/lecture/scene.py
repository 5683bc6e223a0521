"""The lecture: the whole story on one picture, the scenes one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

from manim import AnimationGroup, FadeIn, LaggedStart, linear

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.errors import UserError
from cnnviz.explain.relu import clearest_channel
from cnnviz.explain.rounding import format_number, format_percent
from cnnviz.layers import Conv2d, LeakyReLU
from cnnviz.layers.gate import Gate
from cnnviz.mobjects.heat_map import Photo
from cnnviz.mobjects.network_map.class_bars import PERCENT_DECIMALS
from cnnviz.mobjects.network_map.path_highlight import PathHighlight
from cnnviz.mobjects.text import Label, line_width
from cnnviz.model.trace import Trace
from cnnviz.scenes.lecture.cards import TableOfContents, lecture_photo
from cnnviz.staging.parameters import parameter
from cnnviz.staging.registry import load_scene, scene_names
from cnnviz.staging.scene import LectureScene
from cnnviz.staging.scene_setting import SceneSetting
from cnnviz.staging.scene_words import words_with
from cnnviz.staging.transition import NETWORK, PHOTO
from cnnviz.staging.whole_network import network_with, take_over
from cnnviz.style.geometry import Zone, point
from cnnviz.system.processes import free_memory

CARD_GAP = 0.5
"""Between the photo and what stands beside it, in Manim units."""

STORY = (
    *("overview", "conv", "relu", "pool", "skip", "average", "flatten"),
    *("softmax", "journey", "hyperparameters"),
)
"""The scenes of a whole lecture; each builds on those before it.

The photo's way to the answer, and back, is told without a break; what works on an example of
its own comes last.
"""

LOOK = 1.5
"""Seconds for which the whole network with its lit paths stays, whatever the pace, before all but
the paths slowly fades; and again before the last picture's rest, so that it stays four seconds."""

PATHS = 5.0
"""How long the light takes from the photo to the answer, in moves."""

FADE = 3.0
"""How long all but the paths takes to fade, in moves."""


@dataclass(frozen=True)
class LectureParameters:
    """Which scenes are told."""

    scenes: str | None = parameter(
        "text", "Scenes in their order, such as conv,relu,pool. Default: the whole story."
    )


@dataclass(frozen=True)
class Chapter:
    """One scene of a lecture, with its parameters filled in."""

    scene: type[LectureScene]
    parameters: Any


class WholeLecture(LectureScene):
    """A whole lecture: title, every scene on the same picture, and what it comes to."""

    name = "lecture"
    Parameters = LectureParameters
    poster_beat = "lecture.title"
    plays_other_scenes = True

    @classmethod
    def resolve(cls, trace: Trace, parameters: LectureParameters) -> LectureParameters:
        """Check the names of the scenes, and that each can be told about this network.

        By default those are left out that cannot, such as pooling where there is none.
        """
        chapters = chapters_of(trace, parameters)
        return replace(parameters, scenes=",".join(chapter.scene.name for chapter in chapters))

    def construct(self) -> None:
        """Tell title, scenes and end."""
        chapters = chapters_of(self.trace, self.parameters)
        titles = [self.title_of(chapter) for chapter in chapters]
        self.chapter = self.word("title")
        photo, beside = self._photo_and_room()
        self.set_stage(*self.make_title(self.word("title"), self._subtitle()), photo)
        listed = self.listed(titles)
        with self.beat("title", count=len(self.trace.classes), titles=listed):
            self.show_contents(titles, beside)
        self.leave(PHOTO, photo)
        transition = self.make_transition()
        for chapter, title in zip(chapters, titles, strict=True):
            scene = chapter.scene(self._setting_of(chapter), self.renderer)
            scene.chapter = title
            scene.inherit(transition)
            scene.construct()
            self.beats += scene.beats
            transition = scene.make_transition()
            del scene
            free_memory()  # a chapter's mobjects would lie beside those of the next
        self.inherit(transition)
        self.chapter = self.word("end")
        self.set_stage(*self.make_title(self.word("end"), self._subtitle()))
        self.expects(NETWORK)
        with self.beat("end", **self._end_facts()):
            self.show_end()

    def _setting_of(self, chapter: Chapter) -> SceneSetting:
        return replace(self.setting, parameters=chapter.parameters)

    def title_of(self, chapter: Chapter) -> str:
        """Return a scene's title in the language of the lecture."""
        words = words_with(self.words, chapter.scene)
        return words(f"{chapter.scene.name}.title")

    def show_contents(self, titles: Sequence[str], zone: Zone) -> None:
        """Show, line by line, what will be told."""
        contents = TableOfContents(titles, zone, self.theme)
        lines = [AnimationGroup(*map(FadeIn, line)) for line in contents.lines]
        run_time = self.while_read(self.timing.step * len(lines))
        self.play(LaggedStart(*lines, lag_ratio=0.4), run_time=run_time)

    def show_end(self) -> None:
        """Show the whole network, light the strongest paths to the answer, and let them stay."""
        timing = self.timing
        answer = self.trace.layers[-1].name, self.trace.predicted_index
        network = take_over(self, network_with(self, *answer))
        self.play(
            Drive([network], network.calming(), 0, 1),
            FadeTo([network.light_frame], 0.0),
            *self.settle_title(),
            run_time=timing.fade,
        )
        paths = PathHighlight.of_answer(self.trace, network)
        self.play(
            Drive(paths.parts, paths.light, 0, 1), run_time=PATHS * timing.move, rate_func=linear
        )
        winner = [self.trace.predicted_index]
        self.play(
            Drive([network.bars], lambda share: network.bars.light(winner, share), 0, 1),
            FadeIn(self._make_count()),
            run_time=timing.move,
        )
        self.wait(LOOK)
        lit = [network.photo, *network.bars.of(network.bars.classes.index(winner[0]))]
        stays = {id(part) for part in [*lit, *network.bundles, *paths.tiles]}
        fading = [part for part in network.submobjects if id(part) not in stays]
        fading.remove(network.bars)
        fading += [part for part in network.bars if id(part) not in stays]
        self.play(FadeTo(fading, self.theme.dimmed), run_time=FADE * timing.move)
        self.wait(LOOK)

    def _make_count(self) -> Label:
        """Return how many numbers the network has learned, for the room beside the title."""
        room, sizes, palette = self.corner, self.theme.sizes, self.theme.palette
        text = self.word("learned", parameters=self._parameters())
        size = min(sizes.number, sizes.number * room.width / line_width(text, sizes.number, 600))
        label = Label(text, size, palette.text, weight=600)
        return label.move_to(point(room.right - label.width / 2, room.y))

    def _parameters(self) -> str:
        return format_number(self.trace.architecture.parameter_count, 0)

    def _end_facts(self) -> dict[str, Any]:
        trace = self.trace
        probability = float(trace.probabilities[trace.predicted_index])
        return {
            "parameters": self._parameters(),
            "winner": self.class_name(trace.predicted_index),
            "probability": format_percent(probability, PERCENT_DECIMALS),
        }

    def _photo_and_room(self) -> tuple[Photo, Zone]:
        """Return the photo, and the zone beside or below it."""
        first, second = self.theme.layout.stage.parts(1, 1, gap=CARD_GAP)
        photo = lecture_photo(self.trace, first, self.theme)
        if second.top < first.bottom:  # below it, what stands there begins where it does
            second = replace(second, left=float(photo.get_left()[0]))
        return photo, second

    def _subtitle(self) -> str:
        architecture = self.trace.architecture
        return self.word(
            "subtitle",
            network=architecture.name,
            layers=len(architecture.layers),
            parameters=self._parameters(),
            count=len(self.trace.classes),
        )


def chapters_of(trace: Trace, parameters: LectureParameters) -> list[Chapter]:
    """Return the scenes of a lecture, each about the same channel where that is natural.

    Raises
    ------
    UserError
        If a scene that was asked for has nothing to tell about this network.
    """
    chapters: list[Chapter] = []
    for name in _names_of(parameters.scenes):
        scene = load_scene(name)
        known = {field.name for field in fields(scene.Parameters)}
        wanted = _continuation(trace, chapters[-1]) if chapters else {}
        if name == "conv" and not wanted:
            wanted = _interesting_place(trace)
        given = {key: value for key, value in wanted.items() if key in known}
        with suppress(UserError) if parameters.scenes is None else nullcontext():
            chapters.append(Chapter(scene, _resolve(scene, trace, given)))
    return chapters


def _resolve(scene: type[LectureScene], trace: Trace, given: dict[str, Any]) -> Any:
    """Fill in a scene's parameters; what the scene before suggests gives way if it must."""
    if given:
        with suppress(UserError):
            return scene.resolve(trace, scene.Parameters(**given))
    return scene.resolve(trace, scene.Parameters())


def _continuation(trace: Trace, before: Chapter) -> dict[str, Any]:
    """Return the layer after the one that the scene before was about, and its channel."""
    layer = getattr(before.parameters, "layer", None)
    channel = getattr(before.parameters, "channel", None)
    names = [each.name for each in trace.layers]
    # A join of branches lies anywhere in a deep network: its channel means nothing to what comes
    # next; nor does any to what begins another branch.
    if layer not in names[:-1] or channel is None or len(trace[layer].inputs) > 1:
        return {}
    following = names[names.index(layer) + 1]
    if trace.architecture.sources_of(following) != (layer,):
        return {}
    return {"layer": following, "channel": channel}


def _interesting_place(trace: Trace) -> dict[str, Any]:
    """Return the first convolution before a ReLU that has much to clip, or scale, and to keep."""
    for conv, relu in pairwise(trace.layers):
        if conv.kind == Conv2d.kind and isinstance(relu.layer, Gate | LeakyReLU):
            return {"layer": conv.name, "channel": clearest_channel(relu)}
    return {}


def _names_of(text: str | None) -> list[str]:
    """Return the names in ``conv,relu,pool``; all scenes of the story if there is no text."""
    if text is None:
        return list(STORY)
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = [name for name in scene_names() if name != WholeLecture.name]
    for name in names:
        if name not in known:
            raise UserError(f'the lecture has no scene "{name}": choose {_choices(known)}')
    if not names:
        raise UserError(f'"{text}" names no scene: choose {_choices(known)}')
    return names


def _choices(names: Sequence[str]) -> str:
    """Return those of one picture and one network that can be imported: a lecture has no other."""
    choices = []
    for name in names:
        with suppress(UserError):  # a broken scene of another package hides no other mistake
            if not load_scene(name).compares:
                choices.append(name)
    return ", ".join(choices)
