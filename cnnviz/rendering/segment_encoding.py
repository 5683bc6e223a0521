"""How the segments of one film are encoded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from av import VideoCodecContext

from cnnviz.rendering.codecs import Codec
from cnnviz.rendering.x264 import with_fastest_instructions

BT709 = 1
LIMITED_RANGE = 1


@dataclass(frozen=True)
class SegmentEncoding:
    """The same for all segments of a film.

    Attributes
    ----------
    width, height
        Of the film in pixels.
    frame_rate
        Frames per second.
    codec
        How it is encoded.
    """

    width: int
    height: int
    frame_rate: int
    codec: Codec

    @property
    def options(self) -> dict[str, str]:
        """Return the options of libav's encoder."""
        if self.codec.any_instructions:
            return with_fastest_instructions(self.codec.options)
        return dict(self.codec.options)

    @property
    def time_base(self) -> Fraction:
        """The seconds that a frame takes."""
        return Fraction(1, self.frame_rate)

    def prepare(self, context: VideoCodecContext) -> None:
        """Tell an encoder, before its first frame, all but its options."""
        codec = self.codec
        context.width, context.height, context.pix_fmt = self.width, self.height, codec.pixel_format
        context.thread_count, context.thread_type = codec.threads, codec.sharing
        if codec.pixel_format.startswith("yuv"):
            context.color_primaries = context.color_trc = context.colorspace = BT709
            context.color_range = LIMITED_RANGE
