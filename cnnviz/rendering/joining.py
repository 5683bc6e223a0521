"""Sections joined to one film, without encoding anything again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.container import OutputContainer
from av.stream import Disposition

from cnnviz.rendering.media_files import libav_name
from cnnviz.rendering.timing import FilmTiming
from cnnviz.system.disk import cannot_write

if TYPE_CHECKING:
    from av.container.core import Chapter


@dataclass(frozen=True)
class Cue:
    """A text and when it is shown, in milliseconds from the start."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class CaptionTrack:
    """Captions inside a film.

    Attributes
    ----------
    language
        ISO 639-2, such as ``"eng"``.
    cues
        In their order, none of them over another.
    is_shown
        Whether players show it unless told otherwise.
    """

    language: str
    cues: Sequence[Cue]
    is_shown: bool


@dataclass(frozen=True)
class Container:
    """A file that holds a film, and what goes into it beside the pictures.

    Attributes
    ----------
    name
        In libav's words.
    options
        For libav.
    metadata
        Tags by name.
    has_chapters
        Whether each section, or run of sections that share a chapter, is one.
    caption_codec
        How captions are written in it: one of `CAPTION_CODECS`.
    captions
        A caption track, if there is to be one.
    """

    name: str
    options: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    has_chapters: bool = True
    caption_codec: str = "mov_text"
    captions: CaptionTrack | None = None


def _timed_text(text: str) -> bytes:
    """Return a sample of MPEG-4 Timed Text: its length in two bytes, and UTF-8."""
    content = text.encode()
    return len(content).to_bytes(2, "big") + content


def _web_vtt(text: str) -> bytes:
    """Return the text of a cue of WebVTT, without its marks: its section 4.2.2."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


CAPTION_CODECS: Mapping[str, Callable[[str], bytes]] = {
    "mov_text": _timed_text,
    "webvtt": _web_vtt,
}
"""How the text of a cue is written, by what libav calls it: in MP4, and in WebM."""


MP4 = Container("mp4", {"movflags": "+faststart", "brand": "mp42"})
"""The index stands at the front, so that a browser can start before all of it has arrived."""


def join(
    segments: Sequence[Path], output: Path, timing: FilmTiming, container: Container = MP4
) -> None:
    """Write one film that plays the sections one after the other.

    Parameters
    ----------
    segments
        One file for each section of `timing`, all encoded alike.
    output
        File to write.
    timing
        The sections.
    container
        What is written.

    Raises
    ------
    UserError
        If the disk is full, for example.
    """
    try:
        with av.open(
            libav_name(output), "w", format=container.name, options=dict(container.options)
        ) as film:
            film.metadata.update(container.metadata)
            if container.has_chapters:
                film.set_chapters(_chapters(timing))
            _copy(segments, film, timing, container)
    except OSError as error:
        raise cannot_write(output, error) from None


def _chapters(timing: FilmTiming) -> list[Chapter]:
    """Return a chapter for each section, or for each run of sections that share one."""
    chapters: list[Chapter] = []
    runs = groupby(timing.sections, key=lambda section: section.chapter or section)
    for number, (_, run) in enumerate(runs):
        sections = list(run)
        chapters.append(
            {
                "id": number,
                "start": sections[0].first_frame,
                "end": sections[-1].end_frame,
                "time_base": Fraction(1, timing.frame_rate),
                "metadata": {"title": sections[0].chapter or sections[0].name},
            }
        )
    return chapters


def _copy(
    segments: Sequence[Path],
    film: OutputContainer,
    timing: FilmTiming,
    container: Container,
) -> None:
    stream = captions = None
    tick = Fraction(1, timing.frame_rate)
    for path, section in zip(segments, timing.sections, strict=True):
        with av.open(libav_name(path)) as segment:
            source = segment.streams.video[0]
            if stream is None:
                stream = film.add_stream_from_template(source, opaque=True)
                stream.metadata.update(source.metadata)  # that there is alpha stands there
                if container.captions is not None:
                    captions = _CaptionWriter(film, container.captions, container.caption_codec)
            assert source.time_base is not None
            to_frames = source.time_base * timing.frame_rate  # some containers count in ms
            for packet in segment.demux(source):
                if packet.pts is None or packet.dts is None:
                    continue  # the demuxer's mark for the end
                packet.pts = section.first_frame + round(packet.pts * to_frames)
                packet.dts = section.first_frame + round(packet.dts * to_frames)
                packet.duration = 1
                packet.time_base = tick
                packet.stream = stream
                if captions is not None:
                    captions.write_until(packet.pts / timing.frame_rate)
                film.mux(packet)
    if captions is not None:
        captions.write_until(float("inf"))


class _CaptionWriter:
    """Writes captions into a film, each where its time has come: players read a file in order."""

    def __init__(self, film: OutputContainer, captions: CaptionTrack, codec: str) -> None:
        self._film, self._encode = film, CAPTION_CODECS[codec]
        self._stream = film.add_mux_stream(codec)
        self._stream.metadata["language"] = captions.language
        self._stream.disposition = Disposition.default if captions.is_shown else Disposition(0)
        self._cues = list(captions.cues)

    def write_until(self, seconds: float) -> None:
        """Write the captions that begin before a time."""
        while self._cues and self._cues[0].start <= 1000 * seconds:
            cue = self._cues.pop(0)
            packet = av.Packet(self._encode(cue.text))
            packet.pts = packet.dts = cue.start
            packet.duration = cue.end - cue.start
            packet.time_base = Fraction(1, 1000)
            packet.stream = self._stream
            self._film.mux(packet)
