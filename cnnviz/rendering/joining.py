"""Segments joined to one film, without encoding anything again."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av

from cnnviz.rendering.timing import FilmTiming


def join(segments: Sequence[Path], output: Path, timing: FilmTiming, chapters: bool) -> None:
    """Write one MP4 that plays the segments one after the other.

    The index stands at the front, so that a browser can start before all of it has arrived.

    Parameters
    ----------
    segments
        One file per section of `timing`, in order, all encoded alike.
    output
        File to write.
    timing
        The sections.
    chapters
        Whether each section becomes a chapter.
    """
    time_base = Fraction(1, timing.frame_rate)
    options = {"movflags": "+faststart", "brand": "mp42"}
    with av.open(str(output), "w", format="mp4", options=options) as film:
        if chapters:
            film.set_chapters(
                [
                    {
                        "id": number,
                        "start": section.first_frame,
                        "end": section.end_frame,
                        "time_base": time_base,
                        "metadata": {"title": section.name},
                    }
                    for number, section in enumerate(timing.sections)
                ]
            )
        stream = None
        for path, section in zip(segments, timing.sections, strict=True):
            with av.open(str(path)) as segment:
                source = segment.streams.video[0]
                if stream is None:
                    stream = film.add_stream_from_template(source)
                assert source.time_base is not None
                offset = round(section.first_frame * time_base / source.time_base)
                for packet in segment.demux(source):
                    if packet.pts is None or packet.dts is None:
                        continue  # the demuxer's mark for the end
                    packet.pts += offset
                    packet.dts += offset
                    packet.stream = stream
                    film.mux(packet)
