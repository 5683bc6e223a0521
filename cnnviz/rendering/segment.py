"""One file of a film: a section's frames encoded, and the last of them as a picture."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import av
from av.video.reformatter import Colorspace, Interpolation

from cnnviz.arrays import ByteArray
from cnnviz.rendering.media_files import libav_name
from cnnviz.rendering.repeats import RepeatedFrames
from cnnviz.rendering.segment_encoding import SegmentEncoding
from cnnviz.rendering.video_frames import converted, video_frame

if TYPE_CHECKING:
    from av.video.stream import VideoStream

STILL_WIDTH = 1280
"""Pixels: a section's still is no wider."""

PNG_LEVEL = "3"
"""Of a still's compression: libav's own 6 takes twice as long to save a twelfth of the bytes."""


class Segment:
    """One file that starts with a key frame and refers to no other, and its last frame as PNG.

    They have their names only once they are complete.

    Parameters
    ----------
    path
        Of the file; that of the picture is :func:`still_path`.
    encoding
        That of all segments of the film.
    repeats
        What is written for frames that are as the one before.
    """

    def __init__(self, path: str, encoding: SegmentEncoding, repeats: RepeatedFrames) -> None:
        self._path, self._encoding, self._repeats = path, encoding, repeats
        codec = encoding.codec
        self._container = av.open(libav_name(Path(f"{path}.part")), "w", format=codec.container)
        self._stream = cast(
            "VideoStream",
            self._container.add_stream(
                codec.encoder, rate=encoding.frame_rate, options=encoding.options
            ),
        )
        encoding.prepare(self._stream.codec_context)
        self._frame_count = 0
        self._since_key_frame = 0
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
        codec = self._encoding.codec
        is_converted = codec.source == "planes"
        whole = None if is_converted else converted(planes, codec.pixel_format)
        left_out = self._repeats.left_out(repeat)
        for _ in range(repeat - left_out):
            frame = video_frame(planes) if whole is None else whole
            frame.pts, frame.time_base = self._frame_count, self._encoding.time_base
            self._write(self._stream.encode(frame))
            self._frame_count += 1
        for _ in range(left_out):
            packet = av.Packet(self._repeats.packet(self._since_key_frame + 1))
            packet.stream = self._stream
            packet.pts = packet.dts = self._frame_count
            packet.time_base = self._encoding.time_base
            self._write([packet])
            self._frame_count += 1

    def _write(self, packets: Iterable[av.Packet[Any]]) -> None:
        for packet in packets:
            self._since_key_frame = 0 if packet.is_keyframe else self._since_key_frame + 1
            self._container.mux(packet)

    def close(self) -> None:
        """Complete both files."""
        self._write(self._stream.encode(None))
        self._container.close()
        if self._last is not None:
            Path(still_path(self._path)).write_bytes(self._still(self._last))
        os.replace(f"{self._path}.part", self._path)

    def _still(self, planes: ByteArray) -> bytes:
        """Return a frame as PNG."""
        if self._encoding.codec.source == "planes":
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
        png.time_base = self._encoding.time_base
        png.options = {"compression_level": PNG_LEVEL}
        return b"".join(bytes(packet) for packet in [*png.encode(picture), *png.encode(None)])


def still_path(segment: str) -> str:
    """Return where the last frame of a section lies, from where its file does."""
    return f"{os.path.splitext(segment)[0]}.png"
