"""The quickest film there is, for tests of what happens around a film.

A scene of cnnviz's own takes seconds to make; most of what the command line, courses and caches do
with films is the same for any scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cnnviz.authoring import LectureScene, Photo, parameter

SHORT_SCENE = str(Path(__file__))
"""What ``cnnviz render`` takes in place of a scene's name."""


@dataclass(frozen=True)
class ShortParameters:
    side: int = parameter("number", "Side of the photo.", 5, minimum=1, maximum=5)


class ShortScene(LectureScene):
    """The photo, and what the network takes it for."""

    name, Parameters, poster_beat = "short", ShortParameters, "answer"
    texts = {"en": {"title": "In short", "captions": {"photo": "?", "answer": "{answer}!"}}}  # noqa: RUF012

    @classmethod
    def resolve(cls, trace, parameters):
        return parameters

    def construct(self):
        photo = Photo(self.trace.photo, self.parameters.side, self.parameters.side)
        self.set_stage(*self.make_title(self.word("title"), self.trace.architecture.name))
        with self.beat("photo"):
            self.fade_in(photo, run_time=self.timing.move)
        with self.beat("answer", answer=self.trace.predicted_class):
            self.play(photo.animate.scale(1.2), run_time=self.timing.move)
