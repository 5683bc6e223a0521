"""``cnnviz cache``: what is kept from earlier renders, and how to be rid of it."""

from __future__ import annotations

import click

from cnnviz.cache.store import FOLDER_VARIABLE, Cache
from cnnviz.cli.groups import CommandGroup


@click.group(cls=CommandGroup, short_help="Show or clear what is kept from earlier renders.")
def cache() -> None:
    """Show or clear what is kept from earlier renders.

    \b
    Example:
      cnnviz cache show

    Encoded films and traces are kept, so that what did not change is not made again; the
    oldest go when there is too much.
    """  # noqa: D301


@cache.command()
def show() -> None:
    """Print where the cache is and how much is in it.

    \b
    Example:
      cnnviz cache show
    """  # noqa: D301
    kept = Cache()
    click.echo(f"{kept.folder} (another folder: {FOLDER_VARIABLE})")
    for kind, entries in kept.kinds().items():
        click.echo(f"{len(entries):6} {kind}")
    click.echo(f"{_megabytes(kept.size())} of at most {_megabytes(kept.limit)}")


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
