"""The network at work in a process of its own, so that whoever draws never loads torch.

Started by :mod:`cnnviz.cache.traces`. What a user can cause is printed as one line with exit
code 2, as everywhere. A first file that is no picture is refused before torch is imported, which
takes ten times as long.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cnnviz.cache.traces import TRACED, Colour, Crop
from cnnviz.errors import UserError
from cnnviz.model.trace_file import trace_bytes
from cnnviz.network.pixels import check_picture_file
from cnnviz.system.processes import collect_garbage_rarely


def main(
    pairs: Sequence[tuple[str, str]], weights: str | None, crop: Crop | None, background: Colour
) -> None:
    """Write the traces of pictures to files, and say so after each.

    Parameters
    ----------
    pairs
        For each picture its file, and that for its trace.
    weights, crop, background
        As for :func:`cnnviz.cache.traces.tracing_files`.
    """
    collect_garbage_rarely()
    try:
        check_picture_file(pairs[0][0])
        from cnnviz.network import load_network, trace  # torch

        network = load_network(weights)
        for image, output in pairs:
            Path(output).write_bytes(trace_bytes(trace(image, network, crop, background)))
            print(TRACED, end="", flush=True)
    except UserError as error:
        print(error, end="")
        sys.exit(2)
