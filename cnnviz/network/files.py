"""Files that are whole or not there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from cnnviz.system.atomic_write import make_folder_of
from cnnviz.system.disk import writing
from cnnviz.system.scratch import scratch_folder


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write files that belong together, none of them ever half.

    All are written and flushed in scratch folders beside their places, in folders that are made
    where missing; only then do they take their names, one after the other, replacing what was
    there. A failure before that leaves everything as it was.

    Raises
    ------
    UserError
        If a file cannot be written; names it and the reason.
    """
    written: dict[Path, Path] = {}
    with ExitStack() as scratch:
        for path, content in contents.items():
            make_folder_of(path)
            written[path] = scratch.enter_context(scratch_folder(beside=path)) / path.name
            with writing(path), written[path].open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, unfinished in written.items():
            with writing(path):
                os.replace(unfinished, path)
