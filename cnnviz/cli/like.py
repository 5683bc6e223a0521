"""``cnnviz render --like FILM``: the arguments that made a film, for another picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cnnviz.errors import UserError

OPTION = "--like"

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
    from cnnviz.publishing.made_films import MadeFilm
    from cnnviz.staging.registry import scene_names

    made = MadeFilm.at(film)
    scene, *options = made.arguments
    claimed = [each for each in options if each.partition("=")[0] in NEVER_RECORDED]
    if claimed or scene.startswith("-"):
        raise UserError(f'"{film}" does not say how it was made: it is no film of cnnviz')
    if rest and rest[0] in scene_names():
        raise UserError(
            f'"{film}" is a film of the scene "{scene}": leave out "{rest[0]}", or {OPTION}'
        )
    context.meta[SOURCE] = film, made.content["source"]
    return [scene, *options, *rest]


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
    if not has_picture and not source.get("is_usual_image"):
        raise UserError(
            f'"{film}" is about the picture "{source.get("image")}": give it, or another one, '
            "with --image"
        )
    if not has_weights and not source.get("is_usual_network"):
        raise UserError(
            f'"{film}" is about the network "{source.get("weights")}": give it, or another one, '
            "with --weights"
        )
