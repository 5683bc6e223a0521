"""What the small network of all tests does with the bundled photo."""

from __future__ import annotations

import pytest

from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.photos import bundled_photo


@pytest.fixture(scope="session")
def small_trace(small_network: Network) -> Trace:
    return trace(bundled_photo(), small_network)
