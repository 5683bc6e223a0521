"""A request as the command line says it, so that a film can tell how to make another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cnnviz.model.picture_use import Colour, Crop
from cnnviz.pipeline.look import Look
from cnnviz.pipeline.request import FilmRequest, Part, PictureRequest
from cnnviz.staging.parameters import option_name
from cnnviz.staging.scene_files import SceneFile


def film_arguments(film: FilmRequest) -> tuple[str, ...]:
    """Return what follows ``cnnviz render``, without picture, network and output.

    A scene in a file is called by the file's name alone. Nothing is said that is usual.
    """
    return (_scene(film.scene), *_parameters(film), *_look(film.look), *_part(film.part))


def picture_arguments(pictures: Sequence[PictureRequest]) -> tuple[str, ...]:
    """Return the options that say how the picture, or the pair, is looked at, without its files.

    Networks are named where all have names that are known everywhere.
    """
    usual, picture = PictureRequest(), pictures[0]
    found: list[str] = []
    if picture.crop is not None:
        found += ["--crop", _numbers(picture.crop)]
    if picture.background != usual.background:
        found += ["--background", "#" + "".join(f"{each:02x}" for each in picture.background)]
    networks = [picture.weights]
    networks += [each.weights for each in pictures[1:] if each.image is picture.image]
    if all(each.has_named_weights for each in pictures):
        found += [word for network in networks for word in ("--weights", str(network))]
    return tuple(found)


def _scene(reference: str) -> str:
    if SceneFile.of(reference) is None:
        return reference
    file, colon, name = reference.partition(".py")
    return Path(file).name + colon + name


def _parameters(film: FilmRequest) -> Iterator[str]:
    for name, value in film.parameters.items():
        if value is True:
            yield option_name(name)
        elif value is not None and value is not False:
            yield option_name(name)
            yield _numbers(value) if isinstance(value, tuple | list) else str(value)


def _look(look: Look) -> Iterator[str]:
    usual = Look()
    for name in ("theme", "aspect", "language", "quality", "encode", "captions"):
        if getattr(look, name) != getattr(usual, name):
            yield from (f"--{name}", str(getattr(look, name)))
    if look.output_format != replace(look, format=None, max_mb=None).output_format:
        yield from ("--format", look.output_format.name)
    for name in ("pace", "fps", "max_mb"):
        if getattr(look, name) != getattr(usual, name):
            yield from (f"--{name.replace('_', '-')}", f"{getattr(look, name):g}")
    if look.captions_language not in (None, look.language):
        yield from ("--captions-language", str(look.captions_language))
    if look.resolution is not None:
        yield from ("--resolution", _numbers(look.resolution))
    if look.transparent:
        yield "--transparent"


def _part(part: Part) -> Iterator[str]:
    if part.beats is not None:
        yield from ("--beats", ",".join(part.beats))
    if part.loop:
        yield "--loop"
    if part.title is not None and part.title != (part.beats is None):
        yield "--title" if part.title else "--no-title"


def _numbers(values: Crop | Colour | tuple[int, ...] | list[int]) -> str:
    return ",".join(map(str, values))
