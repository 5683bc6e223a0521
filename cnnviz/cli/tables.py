"""Tables on a terminal, or as plain text anywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 1000
"""Columns where there is no terminal to be filled: no table is cut or wrapped."""


def plain_console() -> Console:
    """Return where text goes: styled for a terminal, plain for anything else."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = PLAIN_WIDTH
    return console


def print_table(
    console: Console, titles: Sequence[str], rows: Sequence[Sequence[str]], left: int
) -> None:
    """Print a table and an empty line; all columns but the first `left` are right-aligned."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for position, title in enumerate(titles):
        table.add_column(title, justify="left" if position < left else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print()
