"""The process that encodes: pixels in from the ring, one file and a still out per section.

It imports neither Manim nor torch. It ends when told to, when its parent is gone, or with an
error that it sends to the parent.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import NamedTuple, Self

from cnnviz.arrays import ByteArray
from cnnviz.rendering.codecs import CODECS
from cnnviz.rendering.conversion import ConvertedArea, PixelsConverter, PlanesConverter
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.repeats import RepeatedFrames
from cnnviz.rendering.ring import Ring
from cnnviz.rendering.segment import Segment
from cnnviz.rendering.segment_encoding import SegmentEncoding
from cnnviz.system.processes import give_memory_back


class StartSegment(NamedTuple):
    """From now on, encode to another file."""

    path: str


class EncodeFrame(NamedTuple):
    """Bring the frame up to date from a byte of the ring on, if any, and encode it repeatedly."""

    start: int | None
    areas: list[ConvertedArea]
    repeat: int


class Finish(NamedTuple):
    """No more frames: complete the last file, answer, and end."""


class PixelsRead(NamedTuple):
    """Answer: what has lain in the ring for longest has been read."""


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
    give_memory_back()
    connection = Connection(connection_descriptor)
    os.environ.setdefault("SVT_LOG", "1")  # SVT-AV1 else prints its settings
    try:
        ring, codec = Ring(ring_descriptor, width, height), CODECS[encode]
        kind = PlanesConverter if codec.source == "planes" else PixelsConverter
        converter = kind(width, height)
        encoding = SegmentEncoding(width, height, frame_rate, codec)
        repeats = RepeatedFrames(encoding)
        _serve(connection, ring, converter, lambda path: Segment(path, encoding, repeats))
    except EOFError:
        return  # the parent is gone, and with it the wish for a film
    except OSError as error:
        connection.send(Failed(error.strerror or str(error), is_disk=True))
    except Exception as error:
        connection.send(Failed(f"{type(error).__name__}: {error}", is_disk=False))


def _serve(
    connection: Connection,
    ring: Ring,
    converter: PlanesConverter | PixelsConverter,
    open_segment: Callable[[str], Segment],
) -> None:
    """Answer messages until there are no more; a frame is converted while the last is encoded."""
    converting = Profile(time.thread_time)
    started = time.process_time()
    with _Encoding(open_segment) as encoding:
        while True:
            match connection.recv():
                case StartSegment(path):
                    encoding.start(path)
                case EncodeFrame(start, areas, repeat):
                    if start is not None:
                        encoding.wait_for_all_but_the_last()
                        with converting.stage("convert"):
                            converter.swap()
                            for area, view in zip(areas, ring.views(start, areas), strict=True):
                                converter.update(area, view)
                        connection.send(PixelsRead())
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

    def encode(self, planes: ByteArray, repeat: int) -> None:
        """Encode a frame `repeat` times; its planes must stay as they are until it is done."""
        self._pending.append(self._thread.submit(self._encode, planes, repeat))

    def _encode(self, planes: ByteArray, repeat: int) -> None:
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
