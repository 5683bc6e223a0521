"""Texts of a film, read by other programs."""

from __future__ import annotations

import json
from html import unescape

import pysubs2
import pytest
import webvtt

from cnnviz.publishing.script import Script
from cnnviz.publishing.timed_text import plain
from cnnviz.staging.beats import Beat

NASTY = "a\n\n--> <script>alert('x')</script> & \u202egnp.tac\u2066 {b} \\N [x](y) *z*"
TAMED = "a --> <script>alert('x')</script> & gnp.tac {b} \\N [x](y) *z*"

BEATS = [
    Beat("one", "One", "Start", "Under the window: 3×3 values.", 0, 45, (), "", "A cat."),
    Beat("two", "Two", "Start", "Second beat", 45, 60, (), "", "A window moves."),
    Beat("x/../y", NASTY, NASTY, NASTY, 105, 90, (), "", NASTY),
]


@pytest.fixture
def script() -> Script:
    return Script.of("en", "Convolution", "Transcript of {film}", BEATS, 30)


def test_captions_follow_the_beats(script: Script) -> None:
    for ending, kind in ((".vtt", "vtt"), (".srt", "srt")):
        cues = list(pysubs2.SSAFile.from_string(script.texts()[ending], kind))
        assert [(cue.start, cue.end) for cue in cues[:2]] == [(0, 1500), (1500, 3500)]
        assert cues[0].text == "Under the window: 3×3 values."
        assert cues[-1].end == 6500


@pytest.mark.parametrize("ending", [".vtt", ".chapters.vtt", ".descriptions.vtt"])
def test_names_are_no_markup_for_a_webvtt_parser(script: Script, ending: str) -> None:
    text = script.texts()[ending]
    cues = webvtt.from_string(text).captions
    assert cues[-1].end == "00:00:06.500"
    said = unescape(
        " ".join(cue.raw_text.replace("\n", " ") for cue in cues if cue.start >= "00:00:03.5")
    )
    assert said == TAMED
    assert "<script" not in text
    assert text.count("-->") == len(cues)
    assert not set(text) & set("\u202e\u2066")


def test_subrip_has_no_tags(script: Script) -> None:
    text = script.texts()[".srt"]
    assert text.count("-->") == len(script.caption_cues())
    assert "<script" not in text


def test_beats_of_one_chapter_are_one(script: Script) -> None:
    cues = script.chapter_cues()
    assert [(cue.start, cue.end) for cue in cues] == [(0, 3500), (3500, 6500)]
    assert cues[0].text == "Start"


def test_a_transcript_has_all_that_is_said_and_a_still_of_each_beat(script: Script) -> None:
    text = script.transcript("my film.mp4", "my film.stills")
    assert text.startswith("# Convolution\n")
    assert "[my film.mp4](my%20film.mp4)" in text
    assert "## Two (0:01)" in text
    assert "![Two](my%20film.stills/02_two.png)" in text
    assert "Under the window: 3×3 values." in text
    assert "A window moves." in text
    assert r"\<script\>" in text
    assert "<script" not in text.replace(r"\<", "")
    assert script.still_names()[-1] == "03_x-..-y.png"


def test_a_script_survives_json(script: Script) -> None:
    assert Script.from_json(json.loads(json.dumps(script.to_json()))) == script


def test_a_caption_track_says_its_language(script: Script) -> None:
    assert script.caption_track(is_shown=False).language == "eng"
    chinese = Script.of("zh", "卷积", "文字稿", BEATS, 30)
    assert chinese.caption_track(is_shown=True).language == "zho"


def test_text_is_one_line_without_control_characters() -> None:
    assert plain("a\r\nb\u2028c\x00d \u202ee") == "a b c d e"
