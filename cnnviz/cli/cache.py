"""``cnnviz cache``: what is kept from earlier renders, and how to be rid of it."""

from __future__ import annotations

import click

from cnnviz.cache.folder import FOLDER_VARIABLE
from cnnviz.cache.store import Cache, Kind
from cnnviz.cli.groups import CommandGroup


@click.group(cls=CommandGroup, short_help="Show or clear what is kept from earlier renders.")
def cache() -> None:
    """Show or clear what is kept from earlier renders.

    \b
    Example:
      cnnviz cache show

    Encoded films and traces are kept, so that what did not change is not made again; the
    oldest go when there is too much. Only what cnnviz wrote is ever counted or removed.
    """  # noqa: D301


@cache.command()
def show() -> None:
    """Print where the cache is and how much is in it.

    \b
    Example:
      cnnviz cache show
    """  # noqa: D301
    kept = Cache()
    kept.check()
    entries = kept.entries()
    click.echo(f"{kept.folder} (another place: {FOLDER_VARIABLE})")
    for kind in Kind:
        sizes = [entry.size for entry in entries if entry.kind is kind]
        if sizes:
            click.echo(f"{len(sizes):6} {kind:10} {_megabytes(sum(sizes)):>12}")
    total = sum(entry.size for entry in entries)
    click.echo(f"{_megabytes(total)} of at most {_megabytes(kept.limit)}")


@cache.command()
def clear() -> None:
    """Remove all that is kept, and print how much that was.

    \b
    Example:
      cnnviz cache clear
    """  # noqa: D301
    click.echo(f"{_megabytes(Cache().clear())} freed")


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
