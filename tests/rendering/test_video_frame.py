"""Every size of a film keeps its colours in their places."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.rendering.video_frames import video_frame


@pytest.mark.parametrize(("height", "width"), [(854, 480), (480, 854), (480, 480), (1920, 1080)])
def test_planes_stay_whole(height: int, width: int) -> None:
    planes = np.zeros((height * 3 // 2, width), np.uint8)
    flat, luma, chroma = planes.reshape(-1), height * width, (height // 2) * (width // 2)
    flat[:luma], flat[luma : luma + chroma], flat[luma + chroma :] = 200, 50, 90
    frame = video_frame(planes)
    assert (frame.height, frame.width) == (height, width)
    for plane, value in zip(frame.planes, (200, 50, 90), strict=True):
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
        assert (rows[:, : plane.width] == value).all()
