"""Segments joined to one film, without encoding anything again."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.container import OutputContainer

from cnnviz.rendering.encoder import segment_path
from cnnviz.rendering.media_files import local
from cnnviz.rendering.timing import FilmTiming
from cnnviz.system.disk import cannot_write

if TYPE_CHECKING:
    from av.container.core import Chapter


def join(folder: Path, output: Path, timing: FilmTiming) -> None:
    """Write one MP4 that plays the segments one after the other.

    The index stands at the front, so that a browser can start before all of it has arrived.

    Parameters
    ----------
    folder
        Holds one file per section of `timing`, all encoded alike.
    output
        File to write.
    timing
        The sections; each becomes a chapter.

    Raises
    ------
    UserError
        If the disk is full, for example.
    """
    options = {"movflags": "+faststart", "brand": "mp42"}
    try:
        with av.open(local(output), "w", format="mp4", options=options) as film:
            film.set_chapters(_chapters(timing))
            _copy_segments(folder, film, timing)
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


def _copy_segments(folder: Path, film: OutputContainer, timing: FilmTiming) -> None:
    stream = None
    for number, section in enumerate(timing.sections):
        with av.open(local(segment_path(folder, number))) as segment:
            source = segment.streams.video[0]
            if stream is None:
                stream = film.add_stream_from_template(source)
            assert source.time_base is not None
            start = round(Fraction(section.first_frame, timing.frame_rate) / source.time_base)
            for packet in segment.demux(source):
                if packet.pts is None or packet.dts is None:
                    continue  # the demuxer's mark for the end
                packet.pts += start
                packet.dts += start
                packet.stream = stream
                film.mux(packet)
