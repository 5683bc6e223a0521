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
from fractions import Fraction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, cast

import av
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from cnnviz.arrays import ByteArray
from cnnviz.rendering.codecs import CODECS, Codec
from cnnviz.rendering.conversion import ConvertedArea, PixelsConverter, PlanesConverter
from cnnviz.rendering.media_files import libav_name
from cnnviz.rendering.profile import Profile
from cnnviz.rendering.ring import Ring
from cnnviz.rendering.x264 import with_fastest_instructions
from cnnviz.system.processes import give_memory_back

if TYPE_CHECKING:
    from av.video.stream import VideoStream

ENCODER_THREADS = 3
"""Each encodes whole frames. As many on every machine, because x264's output depends on it."""

BT709 = 1
LIMITED_RANGE = 1

STILL_WIDTH = 1280
"""Pixels: a section's still is no wider."""

PNG_LEVEL = "3"
"""Of a still's compression: libav's own 6 takes twice as long to save a twelfth of the bytes."""


class StartSegment(NamedTuple):
    """From now on, encode to another file."""

    path: str


class EncodeFrame(NamedTuple):
    """Bring the frame up to date from a slot of the ring, if any, and encode it repeatedly."""

    slot: int | None
    areas: list[ConvertedArea]
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
    give_memory_back()
    connection = Connection(connection_descriptor)
    os.environ.setdefault("SVT_LOG", "1")  # SVT-AV1 else prints its settings
    try:
        ring, codec = Ring(ring_descriptor, width, height), CODECS[encode]
        kind = PlanesConverter if codec.source == "planes" else PixelsConverter
        converter = kind(width, height)
        _serve(
            connection,
            ring,
            converter,
            lambda path: Segment(path, width, height, frame_rate, codec),
        )
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
                case EncodeFrame(slot, areas, repeat):
                    if slot is not None:
                        encoding.wait_for_all_but_the_last()
                        with converting.stage("convert"):
                            converter.swap()
                            for area, view in zip(areas, ring.views(slot, areas), strict=True):
                                converter.update(area, view)
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


class Segment:
    """One file that starts with a key frame and refers to no other, and its last frame as PNG.

    They have their names only once they are complete.

    Parameters
    ----------
    path
        Of the file; that of the picture is :func:`still_path`.
    width, height, frame_rate
        Those of the film.
    codec
        How it is encoded.
    """

    def __init__(self, path: str, width: int, height: int, frame_rate: int, codec: Codec) -> None:
        self._path, self._codec = path, codec
        self._container = av.open(libav_name(Path(f"{path}.part")), "w", format=codec.container)
        options = dict(codec.options)
        if codec.any_instructions:
            options = with_fastest_instructions(options)
        stream = cast(
            "VideoStream",
            self._container.add_stream(codec.encoder, rate=frame_rate, options=options),
        )
        stream.width, stream.height, stream.pix_fmt = width, height, codec.pixel_format
        context = stream.codec_context
        context.thread_count, context.thread_type = ENCODER_THREADS, "FRAME"
        if codec.pixel_format.startswith("yuv"):
            context.color_primaries = context.color_trc = context.colorspace = BT709
            context.color_range = LIMITED_RANGE
        self._stream = stream
        self._time_base = Fraction(1, frame_rate)
        self._frame_count = 0
        self._last: ByteArray | None = None

    def encode(self, planes: ByteArray, repeat: int) -> None:
        """Encode a frame `repeat` times.

        Parameters
        ----------
        planes
            What the codec's source is: see :attr:`.conversion.PlanesConverter.planes` and
            :attr:`.conversion.PixelsConverter.planes`.
        repeat
            How many times.
        """
        self._last = planes
        is_converted = self._codec.source == "planes"
        whole = None if is_converted else converted(planes, self._codec.pixel_format)
        for _ in range(repeat):
            frame = video_frame(planes) if whole is None else whole
            frame.pts, frame.time_base = self._frame_count, self._time_base
            self._container.mux(self._stream.encode(frame))
            self._frame_count += 1

    def close(self) -> None:
        """Complete both files."""
        self._container.mux(self._stream.encode(None))
        self._container.close()
        if self._last is not None:
            Path(still_path(self._path)).write_bytes(self._still(self._last))
        os.replace(f"{self._path}.part", self._path)

    def _still(self, planes: ByteArray) -> bytes:
        """Return a frame as PNG."""
        if self._codec.source == "planes":
            frame, pixel_format = video_frame(planes), "rgb24"
        else:
            frame, pixel_format = av.VideoFrame.from_ndarray(planes, format="rgba"), "rgba"
        width = min(STILL_WIDTH, frame.width)
        picture = frame.reformat(
            width=width,
            height=round(frame.height * width / frame.width),
            format=pixel_format,
            src_colorspace=Colorspace.ITU709 if pixel_format == "rgb24" else None,
            interpolation=Interpolation.AREA,
        )
        png = av.CodecContext.create("png", "w")
        png.width, png.height, png.pix_fmt = picture.width, picture.height, pixel_format
        png.time_base = self._time_base
        png.options = {"compression_level": PNG_LEVEL}
        return b"".join(bytes(packet) for packet in [*png.encode(picture), *png.encode(None)])


def still_path(segment: str) -> str:
    """Return where the last frame of a section lies, from where its file does."""
    return f"{os.path.splitext(segment)[0]}.png"


def converted(pixels: ByteArray, pixel_format: str) -> av.VideoFrame:
    """Return RGBA pixels as a frame of another format, its colours those of BT.709 if YUV."""
    frame = av.VideoFrame.from_ndarray(pixels, format="rgba")
    if not pixel_format.startswith("yuv"):
        return frame.reformat(format=pixel_format)
    return frame.reformat(
        format=pixel_format,
        src_color_range=ColorRange.JPEG,
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
    )


def video_frame(planes: ByteArray) -> av.VideoFrame:
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
