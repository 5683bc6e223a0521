"""All that is said in a film, and the texts that are made of it: captions, chapters, transcript."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from cnnviz.publishing.caption_cues import cues_of
from cnnviz.publishing.file_names import as_text, as_url
from cnnviz.publishing.timed_text import plain, timed_text
from cnnviz.rendering.joining import CaptionTrack, Cue

if TYPE_CHECKING:
    from cnnviz.staging.beats import Beat

ISO_639_2 = {"en": "eng", "zh": "zho"}
"""Languages as tracks name them."""

FILM = "{film}"
"""What stands for the film in the heading of a transcript."""

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|&])")
"""Characters that may mean something in Markdown."""


@dataclass(frozen=True)
class SpokenBeat:
    """What is said and seen in one beat.

    Attributes
    ----------
    name, title, chapter, caption, description
        As :class:`cnnviz.staging.beats.Beat` has them; the texts in one line.
    start, end
        In milliseconds.
    """

    name: str
    title: str
    chapter: str
    caption: str
    description: str
    start: int
    end: int


@dataclass(frozen=True)
class Script:
    """All that is said in a film.

    Attributes
    ----------
    language
        Of captions and descriptions.
    title
        What the scene is called.
    heading
        What a transcript is called in that language, with :data:`FILM` for the film.
    beats
        In their order.
    """

    language: str
    title: str
    heading: str
    beats: tuple[SpokenBeat, ...]

    @classmethod
    def of(
        cls, language: str, title: str, heading: str, beats: Sequence[Beat], frame_rate: int
    ) -> Self:
        """Return the script of a film with these beats."""

        def time(frame: int) -> int:
            return round(1000 * frame / frame_rate)

        spoken = (
            SpokenBeat(
                beat.name,
                plain(beat.title),
                plain(beat.chapter),
                plain(beat.caption),
                plain(beat.description),
                time(beat.first_frame),
                time(beat.last_frame + 1),
            )
            for beat in beats
        )
        return cls(language, plain(title), heading, tuple(spoken))

    def to_json(self) -> dict[str, Any]:
        """Return what JSON takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return what :meth:`to_json` gave."""
        beats = tuple(SpokenBeat(**beat) for beat in content["beats"])
        return cls(content["language"], content["title"], content["heading"], beats)

    # -- times and texts -------------------------------------------------------------------

    def caption_cues(self) -> list[Cue]:
        """Return the captions, as they are read: see :mod:`cnnviz.publishing.caption_cues`."""
        return [
            cue
            for beat in self.beats
            if beat.caption
            for cue in cues_of(beat.caption, beat.start, beat.end, self.language)
        ]

    def caption_track(self, *, is_shown: bool) -> CaptionTrack:
        """Return the captions as a track of a film."""
        return CaptionTrack(ISO_639_2[self.language], self.caption_cues(), is_shown)

    def chapter_cues(self) -> list[Cue]:
        """Return the chapters, one for each run of beats that share one."""
        runs = ([*run] for _, run in groupby(self.beats, key=lambda beat: beat.chapter))
        return [Cue(run[0].start, run[-1].end, run[0].chapter) for run in runs]

    def description_cues(self) -> list[Cue]:
        """Return what is seen, one cue a beat, to be spoken while it lasts; none of nothing."""
        return [
            Cue(beat.start, beat.end, beat.description) for beat in self.beats if beat.description
        ]

    # -- files -----------------------------------------------------------------------------

    def texts(self) -> dict[str, str]:
        """Return the content of the files of timed text, by their endings."""
        return {
            ".vtt": timed_text(self.caption_cues(), "vtt"),
            ".srt": timed_text(self.caption_cues(), "srt"),
            ".chapters.vtt": timed_text(self.chapter_cues(), "vtt"),
            ".descriptions.vtt": timed_text(self.description_cues(), "vtt"),
        }

    def still_names(self) -> list[str]:
        """Return the name of each beat's still: its place and the beat's name."""
        safe = (re.sub(r"[^\w.-]+", "-", beat.name) for beat in self.beats)
        return [f"{place:02}_{name}.png" for place, name in enumerate(safe, start=1)]

    def transcript(self, film: str, stills: str) -> str:
        """Return captions, descriptions and stills to be read in their order, Markdown.

        Parameters
        ----------
        film, stills
            Names of the film and of the folder with the stills, beside the transcript.
        """
        lines = [f"# {in_markdown(self.title)}", ""]
        lines += [self.heading.replace(FILM, f"[{in_markdown(as_text(film))}]({as_url(film)})")]
        for beat, still in zip(self.beats, self.still_names(), strict=True):
            lines += [
                "",
                f"## {in_markdown(beat.title)} ({clock(beat.start)})",
                "",
                f"![{in_markdown(beat.title)}]({as_url(stills)}/{quote(still)})",
                "",
                in_markdown(beat.caption),
            ]
            if beat.description:
                lines += ["", in_markdown(beat.description)]
        return "\n".join(lines) + "\n"


def in_markdown(text: str) -> str:
    """Return text that stands in Markdown as itself."""
    return MARKDOWN.sub(r"\\\1", text)


def clock(milliseconds: int) -> str:
    """Return a time as players show it: ``1:05``."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes}:{seconds:02}"
