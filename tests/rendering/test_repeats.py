"""Frames that need not be encoded: in their place is written what the encoder would write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from cnnviz.arrays import ByteArray
from cnnviz.rendering.codecs import CODECS
from cnnviz.rendering.repeats import RepeatedFrames
from cnnviz.rendering.segment import Segment
from cnnviz.rendering.segment_encoding import SegmentEncoding

WIDTH, HEIGHT = 192, 128
DEFAULT = SegmentEncoding(WIDTH, HEIGHT, 60, CODECS["default"])
ENCODING_ALL = replace(DEFAULT, codec=replace(DEFAULT.codec, repeat_period=None))

RUNS = (1, 18, 1, 2, 19, 20, 1, 35, 36, 1, 1, 78, 1, 400, 1)
"""How often each picture is shown; together fewer than lie between two key frames."""


def pictures(smoothness: int, count: int = len(RUNS)) -> list[ByteArray]:
    """Return planes of pictures: noise of blocks, of which a part changes each time."""
    random = np.random.default_rng(0)
    shape = (HEIGHT * 3 // 2, WIDTH)
    small = (-(-shape[0] // smoothness), -(-shape[1] // smoothness))
    noise = random.integers(16, 235, small).repeat(smoothness, 0).repeat(smoothness, 1)
    picture = noise[: shape[0], : shape[1]].astype(np.uint8)
    found = []
    for _ in range(count):
        picture = picture.copy()
        picture[20:60, 30:90] = np.roll(picture[20:60, 30:90], 7, axis=1)
        found.append(picture)
    return found


def written(
    path: Path, encoding: SegmentEncoding, planes: list[ByteArray], runs: Sequence[int] = RUNS
) -> bytes:
    segment = Segment(str(path), encoding, RepeatedFrames(encoding))
    for each, count in zip(planes, runs, strict=True):
        segment.encode(each, count)
    segment.close()
    return path.read_bytes()


@pytest.mark.parametrize("smoothness", [1, 4, 32])
def test_a_film_with_rests_is_byte_for_byte_the_one_that_is_encoded_whole(
    tmp_path: Path, smoothness: int
) -> None:
    planes = pictures(smoothness)
    short = written(tmp_path / "short.mp4", DEFAULT, planes)
    assert short == written(tmp_path / "whole.mp4", ENCODING_ALL, planes)
    with av.open(str(tmp_path / "short.mp4")) as film:
        frames = list(film.decode(video=0))
    assert [frame.pts * frame.time_base for frame in frames] == [
        number * DEFAULT.time_base for number in range(sum(RUNS))
    ]


def test_rests_before_and_after_a_key_frame_in_a_segment_show_what_they_should(tmp_path: Path):
    runs = [1, 19] * 350  # 1,400 frames are encoded, and 5,600 left out
    planes = pictures(32, len(runs))
    written(tmp_path / "film.mp4", DEFAULT, planes, runs)
    wanted = (picture for picture, count in zip(planes, runs, strict=True) for _ in range(count))
    key_frames = 0
    with av.open(str(tmp_path / "film.mp4")) as film:
        for frame, picture in zip(film.decode(video=0), wanted, strict=True):
            key_frames += frame.key_frame
            assert np.abs(frame.to_ndarray().astype(int) - picture)[:HEIGHT].mean() < 3
    assert key_frames == 2


def test_most_of_a_rest_is_left_out_but_not_its_first_frames():
    repeats = RepeatedFrames(DEFAULT)
    assert [repeats.left_out(count) for count in (1, 18, 19, 34, 35, 600)] == [
        0,
        0,
        16,
        16,
        32,
        592,
    ]


@pytest.mark.parametrize("name", [name for name in CODECS if name != "default"])
def test_nothing_is_left_out_of_what_other_encoders_write(name: str) -> None:
    encoding = SegmentEncoding(WIDTH, HEIGHT, 60, CODECS[name])
    assert RepeatedFrames(encoding).left_out(600) == 0
