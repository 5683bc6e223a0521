"""The memory that frames go through: reserved in full before anything is written there."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest

from cnnviz.errors import UserError
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering import ring
from cnnviz.rendering.ring import Ring, shared_descriptor, slot_count

WIDTH, HEIGHT = 64, 32
SIZE = slot_count(WIDTH, HEIGHT) * WIDTH * HEIGHT * 4


@pytest.mark.parametrize("can_reserve", [True, False])
def test_all_of_it_is_there_before_it_is_used(
    can_reserve: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_reserve:  # as on macOS
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
        monkeypatch.delattr(os, "memfd_create", raising=False)
    descriptor = shared_descriptor(WIDTH, HEIGHT)
    try:
        status = os.fstat(descriptor)
        assert status.st_size >= SIZE
        assert status.st_blocks * 512 >= SIZE  # no hole, in which a write may find no room
        mine, other = (Ring(descriptor, WIDTH, HEIGHT) for _ in range(2))
        pixels = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 4), np.uint8)
        patches = mine.write(1, pixels, [Box(0, 0, WIDTH, HEIGHT)])
        (seen,) = other.views(1, patches)
        assert np.array_equal(seen, pixels)
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ENOMEM])
def test_no_room_is_one_line_and_leaves_no_descriptor(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, size: int) -> None:
        opened.append(descriptor)
        raise OSError(number, os.strerror(number))

    opened: list[int] = []
    monkeypatch.setattr(ring, "_reserve", full)
    with pytest.raises(UserError, match=rf"frames of 64 x 32 \({os.strerror(number)}\): free some"):
        shared_descriptor(WIDTH, HEIGHT)
    (descriptor,) = opened
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
