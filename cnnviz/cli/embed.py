"""``cnnviz embed FILM``: what puts a film into another document."""

from __future__ import annotations

from pathlib import Path

import click

FORMS = ("html", "quarto", "myst", "markdown", "latex", "moodle")
"""Keys of :data:`cnnviz.publishing.embedding.FORMS`: help stays quick."""


@click.command(short_help="Print what puts a film into a page, a slide or a notebook.")
@click.argument("film", type=click.Path(path_type=Path))
@click.option(
    "--for",
    "form",
    type=click.Choice(FORMS),
    default="html",
    show_default=True,
    help="The kind of document.",
)
@click.option(
    "--folder",
    default="",
    metavar="PATH",
    help="Where the film's files lie, as seen from the document. [default: beside it]",
)
def embed(film: Path, form: str, folder: str) -> None:
    """Print what puts FILM into another document, with captions, chapters and poster.

    \b
    Example:
      cnnviz embed media/conv_cat.mp4 --for quarto --folder media >> lesson.qmd

    Markdown and LaTeX get the poster as a link to the film: they play nothing.
    """  # noqa: D301
    from cnnviz.publishing.embedding import snippet

    click.echo(snippet(film, form, folder), nl=False)
