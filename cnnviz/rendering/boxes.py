"""Sets of pixel rectangles: what changed between two frames."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cnnviz.arrays import ByteArray
from cnnviz.mobjects.viewport import Box

PIXELS_PER_BOX = 16_000
"""What one more rectangle costs, in pixels: below that, two are better handled as one."""

MANY_BOXES = 500
"""From so many on, to find out which to join takes longer than to handle all as one."""


def area(box: Box) -> int:
    """Return the number of pixels in a box."""
    return (box.right - box.left) * (box.bottom - box.top)


def clip(box: Box, width: int, height: int) -> Box | None:
    """Return the part of a box that lies on a frame of that size, None if there is none."""
    return box.common(Box(0, 0, width, height))


def overlap(boxes: Iterable[Box], others: Iterable[Box]) -> Box | None:
    """Return a box around what `boxes` share with `others`, None if they share no pixel."""
    left = top = right = bottom = 0
    is_empty = True
    for box_left, box_top, box_right, box_bottom in boxes:
        for other_left, other_top, other_right, other_bottom in others:
            common_left = box_left if box_left > other_left else other_left
            common_top = box_top if box_top > other_top else other_top
            common_right = box_right if box_right < other_right else other_right
            common_bottom = box_bottom if box_bottom < other_bottom else other_bottom
            if common_left >= common_right or common_top >= common_bottom:
                continue
            if is_empty or common_left < left:
                left = common_left
            if is_empty or common_top < top:
                top = common_top
            if is_empty or common_right > right:
                right = common_right
            if is_empty or common_bottom > bottom:
                bottom = common_bottom
            is_empty = False
    return None if is_empty else Box(left, top, right, bottom)


def merge(boxes: Iterable[Box], width: int, height: int) -> list[Box]:
    """Return few boxes that cover all of the given ones on a frame of that size.

    Boxes are joined where that adds less than `PIXELS_PER_BOX` pixels; the result may still
    overlap.
    """
    clipped = [box for box in (clip(each, width, height) for each in boxes) if box is not None]
    if len(clipped) > MANY_BOXES:
        lefts, tops, rights, bottoms = zip(*clipped, strict=True)
        return [Box(min(lefts), min(tops), max(rights), max(bottoms))]
    merged: list[Box] = []
    for box in clipped:
        _merge_into(merged, box)
    return merged


def _merge_into(merged: list[Box], box: Box) -> None:
    # The renderer's innermost loop over boxes: plain numbers, no calls.
    left, top, right, bottom = box
    index = 0
    while index < len(merged):
        other_left, other_top, other_right, other_bottom = merged[index]
        union_left = left if left < other_left else other_left
        union_top = top if top < other_top else other_top
        union_right = right if right > other_right else other_right
        union_bottom = bottom if bottom > other_bottom else other_bottom
        apart = (right - left) * (bottom - top)
        apart += (other_right - other_left) * (other_bottom - other_top)
        together = (union_right - union_left) * (union_bottom - union_top)
        if together <= apart + PIXELS_PER_BOX:
            del merged[index]
            left, top, right, bottom = union_left, union_top, union_right, union_bottom
            index = 0  # larger now: look at all the others again
        else:
            index += 1
    merged.append(Box(left, top, right, bottom))


def difference(before: ByteArray, after: ByteArray) -> list[Box]:
    """Return a box around the pixels in which two RGBA pictures differ; none if they are equal."""
    different = before.view(np.uint32)[..., 0] != after.view(np.uint32)[..., 0]
    rows = np.flatnonzero(different.any(axis=1))
    if not len(rows):
        return []
    columns = np.flatnonzero(different[rows[0] : rows[-1] + 1].any(axis=0))
    return [Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)]
