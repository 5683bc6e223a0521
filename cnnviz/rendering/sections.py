"""The stand-in for Manim's file writer: it counts the frames of each section."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from manim.scene.section import DefaultSectionType

from cnnviz.rendering.timing import FilmTiming, SectionTiming


@dataclass
class Section:
    """One section while it is being played.

    Attributes
    ----------
    name
        What the scene called it.
    skip_animations
        Whether its plays take no time and show nothing, as Manim has it.
    frame_count
        Frames so far.
    chapter
        What the scene called its type, unless that is one of Manim's own.
    """

    name: str
    skip_animations: bool = False
    frame_count: int = 0
    chapter: str = ""


class SectionRecorder:
    """What a scene's calls reach where Manim expects its file writer.

    Attributes
    ----------
    sections
        All sections so far. As in Manim there is one from the start, and a section that is
        still empty when the next one begins is dropped.
    subcaptions
        Manim's own captions, which nothing here reads.
    """

    def __init__(self) -> None:
        self.sections = [Section("film")]
        self.subcaptions: list[Any] = []

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:  # noqa: FBT001
        """Begin a section; called by ``Scene.next_section``."""
        if not self.sections[-1].frame_count:
            self.sections.pop()
        is_ours = type_ not in list(DefaultSectionType)
        self.sections.append(Section(name, skip_animations, chapter=type_ if is_ours else ""))

    def count(self, frames: int) -> None:
        """Add frames to the current section."""
        self.sections[-1].frame_count += frames

    def add_sound(self, *args: Any, **kwargs: Any) -> None:
        """Ignore a sound: films are silent."""

    def abort_encode_jobs(self, **kwargs: Any) -> None:
        """Do nothing: who owns the encoder ends it."""

    def timing(self, frame_rate: int) -> FilmTiming:
        """Return the sections that have frames."""
        sections, first = [], 0
        for section in self.sections:
            if section.frame_count:
                sections.append(
                    SectionTiming(section.name, first, section.frame_count, section.chapter)
                )
                first += section.frame_count
        return FilmTiming(frame_rate, tuple(sections))
