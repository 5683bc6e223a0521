"""Several that begin in turn: the first is ahead on the way, and all arrive together at last."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cnnviz.animations.turns import in_turn, turns


@pytest.mark.parametrize("count", [1, 2, 10, 1000])
def test_all_begin_where_they_are_and_arrive(count: int) -> None:
    begins = turns(count)
    assert {in_turn(0.0, each, begins[-1]) for each in begins} == {0.0}
    assert [in_turn(1.0, each, begins[-1]) for each in begins] == pytest.approx([1.0] * count)


def test_on_the_way_each_is_behind_the_one_before() -> None:
    begins = turns(10)
    shares = [in_turn(0.5, each, begins[-1]) for each in begins]
    assert all(one > other for one, other in pairwise(shares))


def test_many_do_not_take_longer_than_few() -> None:
    assert turns(1000)[-1] == pytest.approx(turns(11)[-1])
