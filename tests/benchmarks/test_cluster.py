"""The simulated cluster does what can be worked out by hand."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def cluster() -> Any:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    yield import_module("benchmarks.cluster")
    sys.path.pop(0)


def test_films_are_handed_out_one_by_one(cluster: Any) -> None:
    found = cluster.simulate([3, 3, 2, 1], cluster.Cluster(2, 0.0))
    assert (found.seconds, found.busy, found.deaths) == (5.0, 0.9, 0)
    assert cluster.simulate([4.0] * 6, cluster.Cluster(3, 0.0)).seconds == 8.0


def test_a_client_that_is_slower_than_its_workers_decides(cluster: Any) -> None:
    found = cluster.simulate([1.0] * 1000, cluster.Cluster(100, 0.5))
    assert 500 <= found.seconds < 502
    assert found.busy == pytest.approx(0.02, rel=0.01)


def test_deaths_cost_what_the_dead_were_at(cluster: Any) -> None:
    films = [60.0] * 2000
    calm = cluster.simulate(films, cluster.Cluster(20, 0.01))
    deadly = cluster.simulate(films, cluster.Cluster(20, 0.01, 600.0, 30.0))
    assert deadly.deaths == pytest.approx(
        2000 * 0.105, rel=0.2
    )  # 1 - exp(-60 / 600), again and again
    assert deadly.lost / deadly.deaths == pytest.approx(29, rel=0.1)  # about half a film each
    extra = (deadly.lost + 30 * deadly.deaths) / 20
    assert deadly.seconds - calm.seconds == pytest.approx(extra, rel=0.15)


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=40), st.integers(1, 8))
def test_it_lies_between_what_cannot_be_beaten(films: list[float], workers: int) -> None:
    cluster = import_module("benchmarks.cluster")
    found = cluster.simulate(films, cluster.Cluster(workers, 0.0))
    assert found.seconds >= max(sum(films) / workers, max(films)) - 1e-9
    assert found.seconds <= sum(films) / workers + max(films) + 1e-9  # Graham's bound
    assert 0 < found.busy <= 1 + 1e-9
