import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.mobjects.viewport import Box
from cnnviz.rendering.boxes import PIXELS_PER_BOX, area, clip, difference, merge, overlap

WIDTH, HEIGHT = 120, 90
edges = st.integers(-30, 150)
boxes = st.tuples(edges, edges, edges, edges).map(
    lambda e: Box(min(e[0], e[2]), min(e[1], e[3]), max(e[0], e[2]), max(e[1], e[3]))
)


def covered(some):
    pixels = np.zeros((HEIGHT, WIDTH), bool)
    for box in some:
        clipped = clip(box, WIDTH, HEIGHT)
        if clipped:
            pixels[clipped.top : clipped.bottom, clipped.left : clipped.right] = True
    return pixels


@given(st.lists(boxes, max_size=12))
def test_merged_boxes_cover_the_given_ones_and_lie_on_the_frame(some):
    merged = merge(some, WIDTH, HEIGHT)
    assert not (covered(some) & ~covered(merged)).any()
    assert all(box == clip(box, WIDTH, HEIGHT) for box in merged)
    assert len(merged) <= len(some)


def test_near_boxes_become_one_and_far_ones_stay_apart():
    near = [Box(0, 0, 20, 20), Box(25, 0, 45, 20)]
    far = [Box(0, 0, 20, 20), Box(1800, 1000, 1820, 1020)]
    assert merge(near, 1920, 1080) == [Box(0, 0, 45, 20)]
    assert sorted(merge(far, 1920, 1080)) == far


def test_very_many_boxes_become_one_around_all():
    many = [Box(x, y, x + 2, y + 3) for x in range(100, 1900, 40) for y in range(50, 1000, 40)]
    assert merge(many, 1920, 1080) == [Box(100, 50, 1862, 973)]


def test_merging_wastes_little():
    merged = merge([Box(0, 0, 10, 1000), Box(0, 0, 1000, 10)], 1920, 1080)
    assert sum(map(area, merged)) <= 20_000 + PIXELS_PER_BOX


@given(st.lists(boxes, max_size=4), st.lists(boxes, max_size=4))
def test_overlap_is_the_tightest_box_around_shared_pixels(some, others):
    whole = Box(0, 0, WIDTH, HEIGHT)
    some = [box.common(whole) for box in some if box.common(whole)]
    shared = np.zeros((HEIGHT, WIDTH), bool)
    for one in some:
        shared |= covered([one]) & covered(others)
    rows, columns = np.nonzero(shared)
    expected = (
        Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) if len(rows) else None
    )
    assert overlap(some, others) == expected


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 11), st.integers(0, 3)), max_size=5))
def test_difference_is_the_tightest_box(changes):
    before = np.zeros((9, 12, 4), np.uint8)
    after = before.copy()
    for row, column, channel in changes:
        after[row, column, channel] = 1
    rows, columns = np.nonzero((before != after).any(axis=2))
    expected = (
        [Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)] if changes else []
    )
    assert difference(before, after) == expected
