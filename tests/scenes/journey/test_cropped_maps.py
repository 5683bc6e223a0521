"""Maps that are kept without what is zero around them."""

from __future__ import annotations

import numpy as np
import pytest

from cnnviz.scenes.journey.cropped_maps import CroppedMaps


def maps(shape: tuple[int, ...], *places: tuple[int, ...]) -> np.ndarray:
    whole = np.zeros(shape)
    for number, place in enumerate(places, 1):
        whole[place] = -number
    return whole


@pytest.mark.parametrize(
    ("whole", "kept"),
    [
        (maps((2, 50, 40), (0, 7, 3), (1, 9, 5)), (2, 3, 3)),
        (maps((2, 50, 40), (1, 49, 0)), (2, 1, 1)),
        (maps((2, 50, 40)), (2, 0, 0)),
        (np.ones((2, 5, 4)), (2, 5, 4)),
        (maps((9,), (3,)), (9,)),
    ],
)
def test_all_is_there_and_little_is_kept(whole: np.ndarray, kept: tuple[int, ...]) -> None:
    cropped = CroppedMaps.of(whole)
    assert cropped.values.shape == kept
    np.testing.assert_array_equal(cropped.whole, whole)


def test_what_it_is_made_of_may_go() -> None:
    whole = maps((1, 4, 4), (0, 1, 1))
    assert not np.shares_memory(CroppedMaps.of(whole).values, whole)
