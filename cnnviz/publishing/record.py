"""How a film was made, as its own file says it: enough to make another one like it.

It is JSON in one line: the command, the versions and digests of what made it, and its beats with
their times. The numbers that were on screen are many; they stand in the manifest. It holds names
of files, never where they lay.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
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
    image = [] if source.is_usual_image else [source.image]
    weights = [] if source.is_usual_network else ["--weights", source.weights]
    return shlex.join([*PROGRAM, *arguments[:1], *image, *arguments[1:], *weights])


def how_it_was_made(
    facts: Mapping[str, Any], source: Source, arguments: Sequence[str]
) -> dict[str, Any]:
    """Return what manifest and record say alike.

    Parameters
    ----------
    facts
        What :func:`cnnviz.publishing.manifest.film_facts` says.
    source, arguments
        As for :func:`command_of`.
    """
    return {
        "command": command_of(arguments, source),
        "arguments": list(arguments),
        "source": {
            "image": source.image,
            "weights": source.weights,
            "crop": source.crop,
            "is_usual_image": source.is_usual_image,
            "is_usual_network": source.is_usual_network,
        },
        "digests": {
            "image": source.image_digest,
            "weights": source.weights_digest,
            "trace": facts["trace"],
            "code": facts["code"],
        },
    }


def record_text(facts: Mapping[str, Any], source: Source, arguments: Sequence[str]) -> str:
    """Return what goes into a film's file: JSON in one line, ASCII alone."""
    shown = ("scene", "versions", "film", "beats")
    content = {**how_it_was_made(facts, source, arguments), **{key: facts[key] for key in shown}}
    return json.dumps(content, separators=(",", ":"))
