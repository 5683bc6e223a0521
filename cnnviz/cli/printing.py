"""What commands print on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from cnnviz.errors import one_line


def print_paths(paths: Iterable[Path]) -> None:
    """Print the names of files, one a line.

    Programs get them byte for byte, for names need not be UTF-8. A terminal gets nothing that it
    would obey.
    """
    for path in paths:
        click.echo(one_line(str(path)) if sys.stdout.isatty() else os.fsencode(path))
