"""The memory that frames go through: reserved in full before anything is written there."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.errors import UserError
from cnnviz.mobjects.viewport import Box
from cnnviz.rendering import ring
from cnnviz.rendering.ring import (
    Ring,
    Space,
    areas_to_convert,
    byte_count,
    ring_size,
    shared_descriptor,
)

WIDTH, HEIGHT = 64, 32
SIZE = ring_size(WIDTH, HEIGHT)


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
        areas = areas_to_convert([Box(0, 0, WIDTH, HEIGHT)], WIDTH, HEIGHT)
        last = SIZE - byte_count(areas)
        mine.write(last, pixels, areas)
        (seen,) = other.views(last, areas)
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


@given(st.lists(st.one_of(st.integers(1, 40), st.none()), max_size=60))
def test_what_is_taken_never_overlaps_and_all_of_it_can_be_taken_again(steps: list[int | None]):
    size = 64
    space, taken = Space(size), list[range]()
    for count in steps:
        if count is None:
            if taken:
                space.give_back()
                taken.pop(0)
            continue
        start = space.take(count)
        if start is None:  # only for want of room: there is always some once all is given back
            assert taken
            continue
        wanted = range(start, start + count)
        assert wanted.start >= 0
        assert wanted.stop <= size
        assert all(wanted.stop <= one.start or one.stop <= wanted.start for one in taken)
        taken.append(wanted)
    for _ in taken:
        space.give_back()
    assert space.take(size) == 0


def test_small_changes_find_room_in_any_order_of_taking_and_giving_back():
    space = Space(64)
    starts = [space.take(20) for _ in range(4)]
    assert starts == [0, 20, 40, None]
    space.give_back()
    assert space.take(21) is None
    assert space.take(20) == 0
    assert space.take(1) is None
