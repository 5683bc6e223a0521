"""The network at work in a process of its own, so that whoever draws never loads torch.

Started by :mod:`cnnviz.cache.traces`. What a user can cause is printed as one line with exit
code 2, as everywhere.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.network.tracing import trace
from cnnviz.network.weights import load_network
from cnnviz.trace_file import save_trace


def main(
    image: str,
    weights: str | None,
    crop: tuple[int, int, int, int] | None,
    background: tuple[int, int, int],
    output: str,
) -> None:
    """Write the trace of a picture to a file."""
    try:
        save_trace(trace(image, load_network(weights), crop, background), Path(output))
    except UserError as error:
        print(error, end="")
        sys.exit(2)
