"""The network at work in a process of its own, so that whoever draws never loads torch.

Started by :mod:`cnnviz.cache.traces`. What a user can cause is printed as one line with exit
code 2, as everywhere. A first file that is no picture is refused before torch is imported, which
takes ten times as long.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cnnviz.cache.traces import FAILED, TRACED
from cnnviz.errors import UserError
from cnnviz.model.picture_use import Colour, Crop
from cnnviz.model.trace_file import trace_bytes
from cnnviz.network.picture_files import check_picture_file
from cnnviz.system.disk import writing
from cnnviz.system.processes import collect_garbage_rarely


def main(
    pairs: Sequence[tuple[str, str]], weights: str | None, crop: Crop | None, background: Colour
) -> None:
    """Write the traces of pictures to files, and say after each whether that went well.

    Parameters
    ----------
    pairs
        For each picture its file, and that for its trace.
    weights, crop, background
        As for :func:`cnnviz.cache.traces.tracing_files`.
    """
    collect_garbage_rarely()
    try:
        if len(pairs) == 1:
            check_picture_file(pairs[0][0])
        from cnnviz.network import load_network, trace  # torch

        network = load_network(weights)
    except UserError as error:
        print(error, flush=True)
        sys.exit(2)
    for image, output in pairs:
        try:
            content = trace_bytes(trace(image, network, crop, background))
            with writing(Path(output).parent):
                Path(output).write_bytes(content)
        except UserError as error:
            print(f"{FAILED}{error}", flush=True)
        else:
            print(TRACED, flush=True)
