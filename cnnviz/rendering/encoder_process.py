"""The process that encodes: pixels in from the ring, one MP4 file out per section.

It imports neither Manim nor torch. It ends when told to, when its parent is gone, or with an
error that it sends to the parent.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, Self

import av
import numpy as np
import numpy.typing as npt

from cnnviz.rendering.conversion import Patch, PlanesConverter
from cnnviz.rendering.media_files import local
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.ring import Ring

ENCODER_THREADS = 2
"""The same on every machine, because x264's output depends on it."""

THREAD_TYPES = {"default": "SLICE", "small": "FRAME"}
"""Half a frame for each thread is faster where a frame takes little, whole frames where much."""

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
    """Answer: every file is complete, and what took how much processor time.

    Both happen at the same time and on the same cores as other things: by the clock they
    would seem to take longer the busier the machine is.
    """

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
    """Answer messages until there are no more; a frame is converted while the last is encoded."""
    converter = PlanesConverter(ring.width, ring.height)
    converting = Profile(time.thread_time)
    started = time.process_time()
    with _Encoding(open_segment) as encoding:
        while True:
            match connection.recv():
                case StartSegment(path):
                    encoding.start(path)
                case EncodeFrame(slot, patches, repeat):
                    if slot is not None:
                        encoding.wait_for_all_but_the_last()
                        with converting.stage("convert"):
                            converter.swap()
                            for patch, view in zip(patches, ring.views(slot, patches), strict=True):
                                converter.update(patch, view)
                        connection.send(SlotIsFree(slot))
                    encoding.encode(converter.planes, repeat)
                case Finish():
                    encoding.finish()
                    convert_seconds = converting.seconds["convert"]
                    encode_seconds = time.process_time() - started - convert_seconds
                    connection.send(Finished(convert_seconds, encode_seconds))
                    return


class _Encoding:
    """A thread that encodes frames in the order in which they are given."""

    def __init__(self, open_segment: Callable[[str], Segment]) -> None:
        self._open_segment = open_segment
        self._segment: Segment | None = None
        self._thread = ThreadPoolExecutor(1)
        self._pending: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def start(self, path: str) -> None:
        """Complete the file so far, and begin another one."""
        self.finish()
        self._segment = self._open_segment(path)

    def encode(self, planes: npt.NDArray[np.uint8], repeat: int) -> None:
        """Encode a frame `repeat` times; its planes must stay as they are until it is done."""
        self._pending.append(self._thread.submit(self._encode, planes, repeat))

    def _encode(self, planes: npt.NDArray[np.uint8], repeat: int) -> None:
        assert self._segment is not None
        self._segment.encode(planes, repeat)

    def wait_for_all_but_the_last(self) -> None:
        """Return when at most one frame is still being encoded."""
        while len(self._pending) > 1:
            self._pending.popleft().result()

    def finish(self) -> None:
        """Complete the file."""
        while self._pending:
            self._pending.popleft().result()
        if self._segment is not None:
            self._segment.close()
        self._segment = None


class Segment:
    """One MP4 file that starts with a key frame and refers to no other file.

    It has its name only once it is complete.
    """

    def __init__(self, path: str, width: int, height: int, frame_rate: int, encode: str) -> None:
        self._path = path
        self._container = av.open(local(Path(f"{path}.part")), "w", format="mp4")
        stream = self._container.add_stream(
            "libx264", rate=frame_rate, options=X264_OPTIONS[encode]
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        context = stream.codec_context
        context.thread_count, context.thread_type = ENCODER_THREADS, THREAD_TYPES[encode]
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = LIMITED_RANGE
        self._stream = stream
        self._time_base = Fraction(1, frame_rate)
        self._frame_count = 0

    def encode(self, planes: npt.NDArray[np.uint8], repeat: int) -> None:
        """Encode a frame `repeat` times, see :attr:`.conversion.PlanesConverter.planes`."""
        for _ in range(repeat):
            frame = video_frame(planes)
            frame.pts, frame.time_base = self._frame_count, self._time_base
            self._container.mux(self._stream.encode(frame))
            self._frame_count += 1

    def close(self) -> None:
        """Complete the file."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        os.replace(f"{self._path}.part", self._path)


def video_frame(planes: npt.NDArray[np.uint8]) -> av.VideoFrame:
    """Return planes as a frame, without a copy where PyAV can do that.

    Parameters
    ----------
    planes
        uint8 of shape (height * 3 / 2, width): see :attr:`.conversion.PlanesConverter.planes`.
    """
    height = len(planes) * 2 // 3
    if height % 4:  # PyAV 18 takes such a frame for one of two rows less, and shifts its colours
        return av.VideoFrame.from_ndarray(planes, format="yuv420p")
    return av.VideoFrame.from_numpy_buffer(planes, format="yuv420p")
