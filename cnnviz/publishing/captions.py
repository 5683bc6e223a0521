"""Captions as WebVTT and SubRip: one cue a beat, for players, editors and screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

import pysubs2

from cnnviz.staging.beats import Beat

CaptionFormat = Literal["vtt", "srt"]


def captions(beats: Sequence[Beat], frame_rate: int, caption_format: CaptionFormat) -> str:
    """Return the text of a caption file.

    Parameters
    ----------
    beats
        The film's beats; each caption stays from the beat's first frame to its last.
    frame_rate
        Frames per second.
    caption_format
        ``"vtt"`` (WebVTT) or ``"srt"`` (SubRip).
    """
    subtitles = pysubs2.SSAFile()
    for beat in beats:
        first, end = beat.first_frame, beat.first_frame + beat.frame_count
        subtitles.append(
            pysubs2.SSAEvent(
                start=round(1000 * first / frame_rate),
                end=round(1000 * end / frame_rate),
                text=_escape(beat.caption, caption_format),
            )
        )
    return subtitles.to_string(caption_format)


def _escape(text: str, caption_format: CaptionFormat) -> str:
    """Return text that neither pysubs2 nor a player takes for formatting, markup or a time.

    pysubs2's own marks are braces. WebVTT has HTML's escapes; SubRip has none, and players obey
    tags in it, so that there other characters stand for the brackets.
    """
    text = " ".join(text.split()).replace("{", "(").replace("}", ")").replace("\\", "/")
    if caption_format == "vtt":
        return escape(text, quote=False)
    return text.replace("-->", "→").replace("<", "‹").replace(">", "›")
