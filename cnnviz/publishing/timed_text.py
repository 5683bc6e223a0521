"""Files of timed text: WebVTT and SubRip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import pysubs2

from cnnviz.rendering.joining import Cue

TextFormat = Literal["vtt", "srt"]

DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of text around it; a name that brings one must not turn a line."""


def plain(text: str) -> str:
    """Return a text in one line, without characters that control how others are shown."""
    text = DIRECTION_MARKS.sub("", text)
    kept = "".join(
        " " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text
    )
    return " ".join(kept.split())


def timed_text(cues: Iterable[Cue], text_format: TextFormat) -> str:
    """Return the text of a file.

    Parameters
    ----------
    cues
        In their order; a text may have several lines, each of them :func:`plain`.
    text_format
        ``"vtt"`` (WebVTT) or ``"srt"`` (SubRip).
    """
    escape = _escaped_in_vtt if text_format == "vtt" else _escaped_in_srt
    subtitles = pysubs2.SSAFile()
    for cue in cues:
        subtitles.append(
            pysubs2.SSAEvent(start=cue.start, end=cue.end, text=_escaped(escape(cue.text)))
        )
    return subtitles.to_string(text_format)


def _escaped_in_vtt(text: str) -> str:
    """Return text without marks of WebVTT's: its section 4.2.2."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped_in_srt(text: str) -> str:
    """Return text without marks that players know, for which SubRip has no escapes."""
    return re.sub(r"<(?=[A-Za-z/])", "‹", text.replace("-->", "→"))


def _escaped(text: str) -> str:
    """Return text that pysubs2 does not take for formatting: its own marks are braces."""
    text = text.replace("{", "(").replace("}", ")").replace("\\", "/")
    return text.replace("\n", "\\N")
