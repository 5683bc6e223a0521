"""``cnnviz render --like FILM``: the arguments that made a film, for another picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cnnviz.errors import UserError

OPTION = "--like"

WEIGHTS = "--weights"

NEVER_RECORDED = ("-o", "--output", "--force", "--image", "-p", "--preview", OPTION)
"""What says where files lie or what may be replaced: a film that claims it is none of ours."""

SOURCE = "cnnviz.like"
"""In the context's ``meta``: the film, and what it says of its picture and network."""


def without_like(arguments: list[str]) -> tuple[Path | None, list[str]]:
    """Return the film that ``--like`` names, if it is there, and the other arguments."""
    film, rest, waiting = None, [], iter(arguments)
    for argument in waiting:
        if argument == OPTION:
            film = next(waiting, None)
            if film is None:
                raise UserError(f"{OPTION} takes a film: {OPTION} FILM")
        elif argument.startswith(f"{OPTION}="):
            film = argument.removeprefix(f"{OPTION}=")
        else:
            rest.append(argument)
    return (None if film is None else Path(film)), rest


def arguments_like(context: click.Context, film: Path, rest: list[str]) -> list[str]:
    """Return the arguments that made a film, and then those that are given.

    Raises
    ------
    UserError
        If the film does not say how it was made, or a scene is named as well.
    """
    from cnnviz.publishing.film_file import FilmFile
    from cnnviz.staging.registry import scene_names

    made = FilmFile.at(film)
    scene, *options = made.arguments
    claimed = [each for each in options if each.partition("=")[0] in NEVER_RECORDED]
    if claimed or scene.startswith("-"):
        raise UserError(f'"{film}" does not say how it was made: it is no film of cnnviz')
    if rest and rest[0] in scene_names():
        raise UserError(
            f'"{film}" is a film of the scene "{scene}": leave out "{rest[0]}", or {OPTION}'
        )
    context.meta[SOURCE] = film, made.content["source"]
    return [scene, *(_without_weights(options) if _names_weights(rest) else options), *rest]


def _names_weights(arguments: list[str]) -> bool:
    return any(each.partition("=")[0] == WEIGHTS for each in arguments)


def _without_weights(options: list[str]) -> list[str]:
    """Return the options without ``--weights NAME``: where two can be given, they would add up."""
    before = [None, *options]
    return [
        each
        for each, last in zip(options, before, strict=False)
        if WEIGHTS not in (each, last) or (each.startswith("--") and each != WEIGHTS)
    ]


def require_source(context: click.Context, *, has_picture: bool, has_weights: bool) -> None:
    """Raise a UserError if a film is to be made like one whose picture or network is not at hand.

    Parameters
    ----------
    context
        That of the command.
    has_picture, has_weights
        Whether a picture and a network are given.
    """
    if SOURCE not in context.meta:
        return
    found: tuple[Path, dict[str, Any]] = context.meta[SOURCE]
    film, source = found
    other = source.get("other")
    sources = [source, *([other] if isinstance(other, dict) else [])]
    for has_it, key, what, option in (
        (has_picture, "is_usual_image", "image", "picture"),
        (has_weights, "is_usual_network", "weights", "network"),
    ):
        if not has_it and not all(each.get(key) for each in sources):
            names = " and ".join(dict.fromkeys(f'"{each.get(what)}"' for each in sources))
            raise UserError(
                f'"{film}" is about the {option} {names}: give it, or another one, with --{what}'
            )
