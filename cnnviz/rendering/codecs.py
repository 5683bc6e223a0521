"""How the sections of a film are encoded: each way is one `Codec` here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Source = Literal["planes", "pixels"]
Sharing = Literal["FRAME", "SLICE"]


@dataclass(frozen=True)
class Codec:
    """One way to encode a section of a film.

    Attributes
    ----------
    name
        What the settings' `encode` says.
    encoder
        Its name in libav.
    pixel_format
        What it takes, in libav's words.
    options
        For libav's encoder.
    container
        Of a section's file, in libav's words: one that keeps what the film needs, and frame
        times as they are.
    source
        ``"planes"``: 4:2:0 planes, converted where the picture changed. ``"pixels"``: RGBA,
        converted whole.
    any_instructions
        Whether what is written does not depend on which of the processor's instructions are used,
        so that the fastest may be.
    threads
        How many encode. As many on every machine, because what is written depends on it.
    sharing
        What each of them encodes, in libav's words: ``"FRAME"``, every so manieth frame, or
        ``"SLICE"``, its part of each.
    repeat_period
        After how many frames in which nothing changes the same bytes are written again, where
        nothing else decides them and none are held back: see :mod:`.repeats`. None where that is
        not so.
    """

    name: str
    encoder: str
    pixel_format: str
    options: Mapping[str, str] = field(default_factory=dict)
    container: str = "mp4"
    source: Source = "planes"
    any_instructions: bool = False
    threads: int = 3
    sharing: Sharing = "FRAME"
    repeat_period: int | None = None


REAL_TIME_VP9 = {"deadline": "realtime", "cpu-used": "7", "row-mt": "1", "b": "0"}
"""Constant quality, and several times as fast as libvpx's own choice at nearly the same size."""

H264_PARAMETERS = "force-cfr=1:keyint=1200"
"""Every beat begins with a keyframe; no other falls into one of less than 1,200 frames, 20 s at 60
frames/s: it would draw all anew, and a picture that rests would be seen to flicker."""

CODECS = {
    codec.name: codec
    for codec in (
        Codec(
            "default",
            "libx264",
            "yuv420p",
            {"preset": "ultrafast", "qp": "20", "x264-params": f"8x8dct=1:{H264_PARAMETERS}"},
            any_instructions=True,
            # Where little changes, slices cost a sixth less than frames: what one thread has just
            # read is still in its core's cache, and none waits for the frame before. They add one
            # byte in a hundred.
            threads=2,
            sharing="SLICE",
            # Neither B-frames nor a rate to keep to, and x264 counts frames from 0 to 15.
            repeat_period=16,
        ),
        Codec(
            "small",
            "libx264",
            "yuv420p",
            {"preset": "medium", "crf": "23", "x264-params": H264_PARAMETERS},
        ),
        Codec("av1", "libsvtav1", "yuv420p", {"preset": "8", "crf": "32"}),
        Codec("vp9", "libvpx-vp9", "yuv420p", {**REAL_TIME_VP9, "crf": "24"}, "matroska"),
        Codec(
            "vp9-small",
            "libvpx-vp9",
            "yuv420p",
            {"deadline": "good", "cpu-used": "4", "row-mt": "1", "b": "0", "crf": "34"},
            "matroska",
        ),
        Codec(
            "vp9-alpha",
            "libvpx-vp9",
            "yuva420p",
            {**REAL_TIME_VP9, "crf": "24"},
            "matroska",
            "pixels",
        ),
        # prores_ks, the better known one, takes six times as long.
        Codec("prores", "prores_aw", "yuva444p10le", {"profile": "4"}, "mov", "pixels"),
        Codec("lossless", "qtrle", "argb", {}, "mov", "pixels"),
    )
}
"""Every way by its name. The profile of H.264 is High."""
