"""How scratch folders are called, and what users are told in place of such a name."""

from __future__ import annotations

import os
import re
from pathlib import Path

MARK = "cnnviz-"
"""In the name of every scratch folder, before what is random in it."""

NAME = re.compile(rf"\.?(?:.+\.)?{MARK}[a-z0-9_]{{8}}")
"""The whole name: ``cnnviz-x3k9q2ab`` or, beside a film, ``.conv_cat.cnnviz-x3k9q2ab``."""


def outside_scratch(path: Path) -> Path:
    """Return a path, or the folder that its scratch folder lies in, which users know."""
    for number, part in enumerate(path.parts):
        if NAME.fullmatch(part):
            return Path(*path.parts[:number])
    return path


def shortened(name: str) -> str:
    """Return a name that leaves room for what is added to it: disks allow 255 bytes."""
    return os.fsdecode(os.fsencode(name)[:150])
