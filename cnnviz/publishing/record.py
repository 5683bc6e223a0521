"""How a film was made, as its own file says it: enough to make another one like it.

It is JSON in one line: the command, the versions and digests of what made it, and its beats with
their times. The numbers that were on screen are many; they stand in the manifest. It holds names
of files, never where they lay.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cnnviz.publishing.source import Source

PROGRAM = ("cnnviz", "render")


def command_of(arguments: Sequence[str], source: Source) -> str:
    """Return the command that makes a film, as it is typed.

    Parameters
    ----------
    arguments
        What follows ``cnnviz render``, without picture and network.
    source
        Where the film comes from.
    """
    is_known = all(each.is_usual_image for each in source.all)
    images = [] if source.other is None and is_known else source.image_names
    named = source.all[:1] if source.compares_pictures else source.all
    weights = [
        word
        for each in named
        for word in ("--weights", each.weights)
        if not all(each.is_usual_network for each in named)
    ]
    return shlex.join([*PROGRAM, *arguments[:1], *images, *arguments[1:], *weights])


def how_it_was_made(
    source: Source, arguments: Sequence[str], recipe: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what manifest and record say alike.

    Parameters
    ----------
    source, arguments
        As for :func:`command_of`.
    recipe
        What else decides the film: see :mod:`cnnviz.pipeline.recipe`.
    """
    return {
        "command": command_of(arguments, source),
        "arguments": list(arguments),
        "source": asdict(source),
        "recipe": recipe,
    }


def record_text(
    facts: Mapping[str, Any], source: Source, arguments: Sequence[str], recipe: Mapping[str, Any]
) -> str:
    """Return what goes into a film's file: JSON in one line, ASCII alone."""
    told = {key: facts[key] for key in ("scene", "title", "trace", "versions", "film", "beats")}
    content = {**how_it_was_made(source, arguments, recipe), **told}
    return json.dumps(content, separators=(",", ":"))
