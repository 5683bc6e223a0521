"""Files of timed text: WebVTT and SubRip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import pysubs2

from cnnviz.rendering.joining import Cue

TextFormat = Literal["vtt", "srt"]

MARKS, STAND_INS = "{}\\", "\ufdd0\ufdd1\ufdd2"
"""What pysubs2 takes for formatting, and what stands for it meanwhile: characters of Unicode that
no text has (its section 23.7)."""

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
    return _restored(subtitles.to_string(text_format))


def _escaped_in_vtt(text: str) -> str:
    """Return text without marks of WebVTT's: its section 4.2.2."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escaped_in_srt(text: str) -> str:
    """Return text without marks that players know, for which SubRip has no escapes."""
    text = text.replace("-->", "→").replace("{\\", "{/")  # {\an8} moves a cue
    return re.sub(r"<(?=[A-Za-z/])", "‹", text)


def _escaped(text: str) -> str:
    """Return text that pysubs2 does not take for formatting, until :func:`_restored`."""
    return text.translate(dict(zip(map(ord, MARKS), STAND_INS, strict=True))).replace("\n", "\\N")


def _restored(text: str) -> str:
    return text.translate(dict(zip(map(ord, STAND_INS), MARKS, strict=True)))
