"""The quickest film that compares two: see the film beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cnnviz.authoring import Photo
from cnnviz.staging.pair.scene import PairScene

SHORT_PAIR = str(Path(__file__))
"""What ``cnnviz render`` takes in place of a scene's name."""


@dataclass(frozen=True)
class ShortPairParameters:
    """It takes none."""


class ShortPairScene(PairScene):
    """Both photos, one after the other."""

    name, Parameters, poster_beat = "short_pair", ShortPairParameters, "other"
    texts = {"en": {"title": "A short pair", "captions": {"one": "This?", "other": "Or that?"}}}  # noqa: RUF012

    @classmethod
    def resolve_both(cls, trace, other, parameters):
        return parameters

    def construct(self):
        self.set_stage(*self.make_title(self.word("title"), self.trace.architecture.name))
        for beat, trace in (("one", self.trace), ("other", self.setting.other)):
            with self.beat(beat):
                self.fade_in(Photo(trace.photo, 2, 2), run_time=self.timing.move)
