"""What the small network of all tests does with the bundled photo."""

from __future__ import annotations

import pytest

from cnnviz.network import Network, trace
from cnnviz.photos import bundled_photo
from cnnviz.traces import Trace


@pytest.fixture(scope="session")
def small_trace(small_network: Network) -> Trace:
    return trace(bundled_photo(), small_network)
