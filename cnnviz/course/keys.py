"""What a course file may say, key by key, as fragments of JSON Schema.

The same fragments are published (``cnnviz build --schema``) and enforced.
"""

from __future__ import annotations

from typing import Any

from cnnviz.locales import LANGUAGES
from cnnviz.publishing.format_names import ENCODINGS
from cnnviz.publishing.formats import FORMATS
from cnnviz.rendering.settings import QUALITIES
from cnnviz.staging.parameters import Parameter, option_name
from cnnviz.style.names import ASPECTS, CAPTIONS, THEMES

Schema = dict[str, Any]

AXES = {
    "pictures": "image",
    "networks": "weights",
    "languages": "language",
    "aspects": "aspect",
    "themes": "theme",
    "formats": "format",
}
"""Keys whose values are lists, and what each value is called in a request.

There is a film for every combination.
"""


def text(description: str, **more: Any) -> Schema:
    """Return the schema of a text that is not empty."""
    return {"type": "string", "minLength": 1, "description": description, **more}


def _whole(description: str, minimum: int, maximum: int | None = None) -> Schema:
    schema = {"type": "integer", "minimum": minimum, "description": description}
    return schema if maximum is None else {**schema, "maximum": maximum}


def _some(items: Schema, description: str) -> Schema:
    return {
        "type": "array",
        "items": items,
        "minItems": 1,
        "uniqueItems": True,
        "description": description,
    }


def _flag(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _one_of(choices: object, description: str) -> Schema:
    assert isinstance(choices, list | tuple | dict)
    return {"type": "string", "enum": list(choices), "description": description}


def in_languages(description: str) -> Schema:
    """Return the schema of a text for people: one for all languages, or one for each."""
    each = {language: text(f"In {language}.") for language in LANGUAGES}
    table = {"type": "object", "properties": each, "additionalProperties": False}
    return {
        "type": ["string", "object"],
        **{key: table[key] for key in ("properties", "additionalProperties")},
        "minLength": 1,
        "minProperties": 1,
        "description": f"{description} One text, or a table with one for each language.",
    }


AXIS_KEYS: dict[str, Schema] = {
    "pictures": _some(
        text("A picture, or a folder of them."),
        "Pictures and folders of pictures, seen from the course file. Without it: a cat. A film "
        "that compares takes two, or one picture and two networks.",
    ),
    "networks": _some(
        text("A weights file, or a name of 'cnnviz weights list'."),
        "Weights files, seen from the course file, or names of networks, such as tiny_vgg.",
    ),
    "languages": _some(_one_of(LANGUAGES, "A language."), "Of all words on screen."),
    "aspects": _some(_one_of(ASPECTS, "A proportion."), "Proportions of the frame."),
    "themes": _some(_one_of(THEMES, "A theme."), "Looks."),
    "formats": _some(
        _one_of([each.name for each in FORMATS], "A format."),
        "What films are written as. Without it: mp4, or mov where they are transparent.",
    ),
}

LOOK_KEYS: dict[str, Schema] = {
    "pace": {
        "type": "number",
        "minimum": 0.1,
        "maximum": 10,
        "description": "How many times longer than usual everything takes.",
    },
    "quality": _one_of(QUALITIES, "Manim's letters, from 480p to 2160p."),
    "fps": _whole("Frames per second, in place of the quality's.", 1, 240),
    "encode": _one_of(ENCODINGS, "small and av1 take longer and make smaller files."),
    "transparent": _flag("Whether there is nothing behind the film, in formats that carry that."),
    "resolution": {
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "minItems": 2,
        "maxItems": 2,
        "description": "Width and height in pixels, in place of the quality's.",
    },
    "max_mb": {
        "type": "number",
        "exclusiveMinimum": 0,
        "description": "What the file may take in millions of bytes, in formats that are fitted.",
    },
    "captions": _one_of(CAPTIONS, "burn draws captions; with none the stage takes their room."),
    "captions_language": _one_of(LANGUAGES, "Of captions, in place of the film's language."),
}
"""Attributes of a :class:`~cnnviz.pipeline.request.Look`."""

PART_KEYS: dict[str, Schema] = {
    "beats": _some(
        text("A beat's name."),
        'What is shown, in this order; "cnnviz scenes conv" lists beats.',
    ),
    "loop": _flag("Whether the last picture becomes the first again."),
    "draw_title": _flag("Whether the scene's title is drawn; else only in a whole scene."),
}
"""Attributes of a :class:`~cnnviz.pipeline.request.Part`."""

CALLED = {"draw_title": "title"}
"""What keys are called in a request, where that is another word."""

PICTURE_KEYS: dict[str, Schema] = {
    "crop": {
        "type": "array",
        "items": {"type": "integer", "minimum": 0},
        "minItems": 4,
        "maxItems": 4,
        "description": "Part of the picture to look at: x, y, width, height in its pixels.",
    },
    "background": text("Behind transparent places of a picture: #rrggbb, or a name."),
}

FILM_KEYS: dict[str, Schema] = {
    "title": in_languages("What page and slides call the film; else it is the scene's own title."),
    "name": text("What the film's file name begins with, in place of the scene's name."),
}

COMMON_KEYS = {**AXIS_KEYS, **LOOK_KEYS, **PART_KEYS, **PICTURE_KEYS}
"""Of a film, and of what all films have unless they say otherwise."""


def key_of(parameter: str) -> str:
    """Return what a scene's parameter is called here, as its option: ``class``."""
    return option_name(parameter).removeprefix("--").replace("-", "_")


def parameter_schema(parameter: Parameter) -> Schema:
    """Return the schema of a scene's own parameter."""
    by_kind: dict[str, Schema] = {
        "text": {"type": ["string", "integer"]},
        "number": {"type": "integer"},
        "pixel": {
            "type": "array",
            "items": {"type": "integer"},
            "minItems": 2,
            "maxItems": 2,
        },
        "choice": {"type": "string", "enum": list(parameter.choices)},
        "flag": {"type": "boolean"},
    }
    limits = {"minimum": parameter.minimum, "maximum": parameter.maximum}
    given = {name: value for name, value in limits.items() if value is not None}
    return {**by_kind[parameter.kind], **given, "description": parameter.help}
