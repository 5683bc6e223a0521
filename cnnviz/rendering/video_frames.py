"""Pixels and planes as libav's frames."""

from __future__ import annotations

import av
from av.video.reformatter import ColorRange, Colorspace

from cnnviz.arrays import ByteArray


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
