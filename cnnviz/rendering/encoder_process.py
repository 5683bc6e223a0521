"""The process that encodes: pixels in from the ring, one MP4 file out per section.

It imports neither Manim nor torch. It ends when told to, when its parent is gone, or with an
error that it sends to the parent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from multiprocessing.connection import Connection
from typing import NamedTuple

import av

from cnnviz.rendering.conversion import Patch, PlanesConverter
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.ring import Ring

ENCODER_THREADS = 2
"""The same on every machine, because x264's output depends on it."""

BT709 = 1
LIMITED_RANGE = 1

X264_OPTIONS = {
    "default": {"preset": "ultrafast", "qp": "20", "x264-params": "8x8dct=1:force-cfr=1"},
    "small": {"preset": "medium", "crf": "23", "x264-params": "force-cfr=1"},
}
"""What the settings' `encode` means. The profile is High with both."""


class StartSegment(NamedTuple):
    """From now on, encode to another file."""

    path: str


class EncodeFrame(NamedTuple):
    """Bring the frame up to date from a slot of the ring, if any, and encode it repeatedly."""

    slot: int | None
    patches: list[Patch]
    repeat: int


class Finish(NamedTuple):
    """No more frames: complete the last file, answer, and end."""


class SlotIsFree(NamedTuple):
    """Answer: a slot has been read."""

    slot: int


class Finished(NamedTuple):
    """Answer: every file is complete, and what took how long."""

    convert_seconds: float
    encode_seconds: float


class Failed(NamedTuple):
    """Answer: encoding failed, and why; if the disk is to blame, in the system's words."""

    reason: str
    is_disk: bool


def main(
    ring_descriptor: int,
    connection_descriptor: int,
    width: int,
    height: int,
    frame_rate: int,
    encode: str,
) -> None:
    """Serve one parent process until it is done."""
    connection = Connection(connection_descriptor)
    try:
        ring = Ring(ring_descriptor, width, height)
        _serve(connection, ring, lambda path: Segment(path, width, height, frame_rate, encode))
    except EOFError:
        return  # the parent is gone, and with it the wish for a film
    except OSError as error:
        connection.send(Failed(error.strerror or str(error), is_disk=True))
    except Exception as error:
        connection.send(Failed(f"{type(error).__name__}: {error}", is_disk=False))


def _serve(connection: Connection, ring: Ring, open_segment: Callable[[str], Segment]) -> None:
    converter = PlanesConverter(ring.width, ring.height)
    segment: Segment | None = None
    profile = Profile()
    while True:
        match connection.recv():
            case StartSegment(path):
                if segment is not None:
                    segment.close()
                segment = open_segment(path)
            case EncodeFrame(slot, patches, repeat):
                if slot is not None:
                    with profile.stage("convert"):
                        for patch, pixels in zip(patches, ring.views(slot, patches), strict=True):
                            converter.update(patch, pixels)
                    connection.send(SlotIsFree(slot))
                assert segment is not None
                with profile.stage("encode"):
                    segment.encode(converter, repeat)
            case Finish():
                with profile.stage("encode"):
                    if segment is not None:
                        segment.close()
                seconds = profile.seconds
                connection.send(Finished(seconds["convert"], seconds["encode"]))
                return


class Segment:
    """One MP4 file that starts with a key frame and refers to no other file.

    It has its name only once it is complete.
    """

    def __init__(self, path: str, width: int, height: int, frame_rate: int, encode: str) -> None:
        self._path = path
        self._container = av.open(f"{path}.part", "w", format="mp4")
        stream = self._container.add_stream(
            "libx264", rate=frame_rate, options=X264_OPTIONS[encode]
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.thread_count, context.thread_type = ENCODER_THREADS, "FRAME"
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = LIMITED_RANGE
        self._stream = stream
        self._time_base = Fraction(1, frame_rate)
        self._frame_count = 0

    def encode(self, converter: PlanesConverter, repeat: int) -> None:
        """Encode the frame as it now is, `repeat` times."""
        for _ in range(repeat):
            frame = av.VideoFrame.from_numpy_buffer(converter.planes, format="yuv420p")
            frame.pts, frame.time_base = self._frame_count, self._time_base
            self._container.mux(self._stream.encode(frame))
            self._frame_count += 1

    def close(self) -> None:
        """Complete the file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        os.replace(f"{self._path}.part", self._path)
