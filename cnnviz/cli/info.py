"""``cnnviz info FILM``: how a film was made, its beats, and the numbers in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import click


@click.command(short_help="Say how a film was made, and what is in it.")
@click.argument("film", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON object.")
def info(film: Path, *, as_json: bool) -> None:
    """Say how FILM was made: the command, versions and digests, its beats and their numbers.

    \b
    Example:
      cnnviz info conv_cat.mp4

    The file itself says all but the numbers; these stand in the manifest beside it.
    """  # noqa: D301
    from cnnviz.publishing.film_file import FilmFile

    content = FilmFile.at(film).content
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for line in (*_origin(content), "", *_beats(content)):
        click.echo(line)


def _origin(content: Mapping[str, Any]) -> Iterator[str]:
    from cnnviz.publishing.timed_text import plain

    source, film = content["source"], content["film"]
    yield f"command   {plain(content['command'])}"
    others = [source["other"]] if isinstance(source.get("other"), dict) else []
    for what, name, digest in (
        (what, each.get(key), each.get(f"{key}_sha256"))
        for each in (source, *others)
        for what, key in (("picture", "image"), ("network", "weights"))
    ):
        yield f"{what:9} {plain(str(name))}" + (f"  sha256 {plain(str(digest))}" if digest else "")
    versions = content["versions"].items()
    yield "made with " + ", ".join(plain(f"{name} {version}") for name, version in versions)
    size = f"{film.get('width')}x{film.get('height')} at {film.get('frame_rate')} per second"
    yield f"film      {plain(size)}, {plain(str(film.get('frames')))} frames"


def _beats(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each beat, and below it its numbers by what they are."""
    from cnnviz.publishing.script import clock
    from cnnviz.publishing.timed_text import plain

    numbers = content.get("numbers")
    for beat in content["beats"]:
        start, end = float(beat.get("start", 0)), float(beat.get("end", 0))
        name, title = plain(str(beat.get("name"))), plain(str(beat.get("title")))
        yield f"{clock(round(1000 * start)):>5}  {end - start:5.1f} s  {name}: {title}"
        of_beat = [each for each in numbers or () if each.get("beat") == beat.get("name")]
        ordered = sorted(of_beat, key=lambda each: str(each.get("quantity")))
        for quantity, some in groupby(ordered, key=lambda each: str(each.get("quantity"))):
            shown = ", ".join(plain(str(each.get("shown"))) for each in some)
            yield f"                {plain(quantity)}: {shown}"
    if numbers is None:
        yield ""
        yield "the numbers stand in the manifest, which is not beside the film"
