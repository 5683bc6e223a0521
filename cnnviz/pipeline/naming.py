"""Names of results: they say what was chosen, so that one choice does not replace another.

``conv_cat_conv_1_2_ch3_zh``: the scene, the picture, and everything that differs from what
is usual. The same request always has the same name.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cnnviz.cache.store import Cache
from cnnviz.pipeline.look import Look
from cnnviz.pipeline.request import Part, PictureRequest, RenderRequest
from cnnviz.rendering.settings import QUALITIES
from cnnviz.staging.parameters import Parameter
from cnnviz.staging.registry import describe_scene, output_stem

FOLDER = Path("media")
"""Where results go if nobody says."""

LONGEST = 180
"""Bytes of a name without its ending; file systems take 255 with it."""

DIGEST_LENGTH = 6

NOT_IN_NAMES = r"[^\w.,+-]+"
"""What becomes a hyphen: blanks, and what is special to shells and file systems."""


def result_name(
    request: RenderRequest, parameters: Mapping[str, Parameter], stem: str | None = None
) -> str:
    """Return the name, without an ending, of what a request makes.

    Parameters
    ----------
    request
        The request.
    parameters
        The scene's parameters by name, in their order.
    stem
        What the name begins with, in place of the scene's.
    """
    film, (picture, *others) = request.film, request.pictures
    images = [picture.image_name]
    images += [each.image_name for each in others if each.image is not picture.image]
    networks = [each for each in others if each.image is picture.image]
    choices = (
        *_of_picture(picture),
        *(text for each in networks for text in _of_weights(each)),
        *_of_parameters(film.parameters, parameters),
        *_of_part(film.part),
        *_of_look(film.look),
    )
    begin = output_stem(film.scene) if stem is None else stem
    name = "_".join([begin, *images, *map(_as_in_names, choices)])
    if len(os.fsencode(name)) > LONGEST:
        cut = os.fsencode(name)[: LONGEST - DIGEST_LENGTH - 1].decode(errors="ignore")
        name = f"{cut}-{_digest(name)}"
    return name


def default_output(
    request: RenderRequest, cache: Cache | None, folder: Path = FOLDER, stem: str | None = None
) -> Path:
    """Return where a film goes if nobody says: ``media/NAME.mp4`` in the working directory.

    A film in another format has its ending.

    Parameters
    ----------
    request
        The request.
    cache
        Where scenes' descriptions may be kept.
    folder
        Another folder.
    stem
        What the name begins with, in place of the scene's.
    """
    scene = request.film.scene
    known = describe_scene(scene, cache)
    name = result_name(request, known.parameters, stem)
    return folder / f"{name}{request.film.look.output_format.suffix}"


def _of_picture(picture: PictureRequest) -> Iterator[str]:
    usual = PictureRequest()
    yield from _of_weights(picture)
    if picture.crop is not None:
        yield "crop" + _numbers(picture.crop)
    if picture.background != usual.background:
        yield "on" + _numbers(picture.background)


def _of_weights(picture: PictureRequest) -> Iterator[str]:
    if isinstance(picture.weights, str | Path):
        yield Path(picture.weights).stem
    elif picture.weights is not None:
        yield picture.weights.name


def _of_parameters(given: Mapping[str, Any], known: Mapping[str, Parameter]) -> Iterator[str]:
    """Give what was chosen, in the scene's order; what is unknown is refused elsewhere."""
    for name, parameter in known.items():
        value = given.get(name)
        if value is None or value == parameter.default:
            continue
        if name in ("layer", "class_name"):
            yield str(value)
        elif name == "channel":
            yield f"ch{value}"
        elif parameter.kind == "pixel":
            yield f"{'px' if name == 'pixel' else name}{_numbers(value)}"
        elif parameter.kind == "flag":
            yield name if value else f"no-{name}"
        else:
            yield f"{name.replace('_', '-')}-{value}"


def _of_part(part: Part) -> Iterator[str]:
    if part.beats is not None:
        yield "+".join(part.beats)
    if part.loop:
        yield "loop"
    if part.title is not None and part.title != (part.beats is None):
        yield "title" if part.title else "no-title"


def _of_look(look: Look) -> Iterator[str]:
    said = {
        "theme": look.theme,
        "aspect": look.aspect.replace(":", "x"),
        "language": look.language,
        "pace": f"pace{look.pace:g}",
        "quality": f"{QUALITIES[look.quality][1]}p",
        "fps": f"{look.fps}fps",
        "encode": look.encode,
        "resolution": "x".join(map(str, look.resolution or ())),
        "max_mb": f"{look.max_mb or 0:g}mb",
        "transparent": "transparent",
        "captions": "no-captions",
        "captions_language": f"captions-{look.captions_language}",
    }
    usual = Look()
    for name, text in said.items():
        if getattr(look, name) != getattr(usual, name):
            yield text


def _numbers(values: object) -> str:
    return "-".join(re.findall(r"[\d.]+", str(values)))


def _as_in_names(part: str) -> str:
    """Return a part as it can stand in a file's name; what that changes gets a digest."""
    plain = re.sub(NOT_IN_NAMES, "-", part)
    return plain if plain == part.replace(" ", "-") else f"{plain}-{_digest(part)}"


def _digest(text: str) -> str:
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:DIGEST_LENGTH]
