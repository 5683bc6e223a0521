from typing import Literal

import pysubs2
import pytest

from cnnviz.publishing.captions import captions
from cnnviz.staging.beats import Beat

BEATS = [
    Beat("one", "One", "One", "Under the window: 3×3 values, {braces} and <b>tags</b>", 0, 45, ()),
    Beat("two", "Two", "Two", "Second beat", 45, 60, ()),
]


@pytest.mark.parametrize("caption_format", ["vtt", "srt"])
def test_cues_follow_the_beats(caption_format: str) -> None:
    text = captions(BEATS, 30, caption_format)
    first, second = pysubs2.SSAFile.from_string(text, caption_format)
    assert (first.start, first.end) == (0, 1500)
    assert (second.start, second.end) == (1500, 3500)
    assert "3×3 values" in first.text
    assert second.text == "Second beat"


def test_text_is_not_taken_for_markup() -> None:
    vtt = captions(BEATS, 30, "vtt")
    assert "(braces)" in vtt
    assert vtt.startswith("WEBVTT")
    assert "00:00:01.500 --> 00:00:03.500" in vtt


@pytest.mark.parametrize(
    ("caption_format", "shown"),
    [
        ("vtt", "a &lt;script&gt; &amp; b --&gt; (c) / d"),
        ("srt", "a ‹script› & b → (c) / d"),
    ],
)
def test_no_name_is_taken_for_markup_or_a_time(
    caption_format: Literal["vtt", "srt"], shown: str
) -> None:
    beat = Beat("one", "", "one", "a <script> & b -->\n\n{c} \\ d", 0, 30, ())
    lines = captions([beat], 30, caption_format).splitlines()
    assert lines[-1] == shown or lines[-2] == shown
    assert sum("-->" in line for line in lines) == 1
