"""Frames in which nothing changes, written without encoding them.

An encoder needs more than half as long for a picture that rests as for one that moves, to find
that every block is as it was. What it writes then depends on neither the picture nor what was
before, only on the frame's number since the last key frame, which H.264 counts from 0 on again
after every so many. So as many frames of a rest may be left out, and what it would have written
for them, which it is asked once for a grey picture, be put in their place: byte for byte the same
film.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import av
import numpy as np
from av import VideoCodecContext

from cnnviz.rendering.segment_encoding import SegmentEncoding
from cnnviz.rendering.video_frames import video_frame

ENCODED = 3
"""So many frames of a rest are encoded at least: with the first few x264 may better the picture."""

GREY = 128


class RepeatedFrames:
    """What is written for frames that are as the one before.

    Parameters
    ----------
    encoding
        That of all segments.
    """

    def __init__(self, encoding: SegmentEncoding) -> None:
        self._encoding = encoding
        self._period = encoding.codec.repeat_period

    def left_out(self, count: int) -> int:
        """Return how many of so many equal frames in a row need not be encoded: the last ones."""
        if self._period is None:
            return 0
        return max(count - ENCODED, 0) // self._period * self._period

    def packet(self, number: int) -> bytes:
        """Return what is written for a frame, by its number since the last key frame."""
        assert self._period is not None
        return self._packets[number % self._period]

    @cached_property
    def _packets(self) -> list[bytes]:
        """What is written for each number; 0 is that of a key frame, and of one a period later."""
        encoding, period = self._encoding, self._period
        assert period is not None
        context = av.CodecContext.create(encoding.codec.encoder, "w")
        assert isinstance(context, VideoCodecContext)
        context.options, context.framerate = encoding.options, Fraction(encoding.frame_rate)
        encoding.prepare(context)
        grey = np.full((encoding.height * 3 // 2, encoding.width), GREY, np.uint8)
        frames = []
        for number in range(period + ENCODED):
            frame = video_frame(grey)
            frame.pts, frame.time_base = number, encoding.time_base
            frames.append(frame)
        packets = [bytes(packet) for frame in [*frames, None] for packet in context.encode(frame)]
        return [packets[number + period * (number < ENCODED)] for number in range(period)]
