"""Beats cut out of a finished film, without encoding anything again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
from PIL import Image


def cut_beat(film: Path, output: Path, first_frame: int, frame_count: int, frame_rate: int) -> None:
    """Write a beat of a film to an MP4 of its own.

    Each beat of a film of cnnviz is encoded by itself and begins with a key frame, so its
    packets can be taken as they are.

    Parameters
    ----------
    film, output
        The film, and the file to write.
    first_frame, frame_count
        Where the beat lies in the film.
    frame_rate
        Frames per second.
    """
    with (
        av.open(str(film)) as whole,
        av.open(str(output), "w", format="mp4", options={"movflags": "+faststart"}) as clip,
    ):
        source = whole.streams.video[0]
        stream = clip.add_stream_from_template(source)
        assert source.time_base is not None
        tick = Fraction(1, frame_rate) / source.time_base
        start, end = round(first_frame * tick), round((first_frame + frame_count) * tick)
        whole.seek(start, stream=source)
        for packet in whole.demux(source):
            if packet.pts is None or packet.dts is None or not start <= packet.pts < end:
                if packet.dts is not None and packet.dts >= end:
                    break
                continue
            packet.pts -= start
            packet.dts -= start
            packet.stream = stream
            clip.mux(packet)


def save_frame(clip: Path, output: Path, *, last: bool) -> None:
    """Write a clip's first or last frame as PNG."""
    with av.open(str(clip)) as film:
        frames = film.decode(video=0)
        frame = next(frames)
        if last:
            for each in frames:
                frame = each
        pixels = frame.to_ndarray(format="rgb24")
    Image.fromarray(pixels).save(output)
