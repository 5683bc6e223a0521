"""The JSON schema of a course file, and what is wrong with a file in one line."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cnnviz.course.keys import (
    COMMON_KEYS,
    FILM_KEYS,
    Schema,
    in_languages,
    key_of,
    parameter_schema,
    text,
)
from cnnviz.course.lines import Path
from cnnviz.staging.registry import SceneDescription
from cnnviz.system.suggestions import choose, closest

DIALECT = "http://json-schema.org/draft-07/schema#"
"""What editors of TOML know, such as Even Better TOML with its taplo."""

SCENE_FILE = r"\.py(:\w+)?$"

WANTED = {
    "string": "a text in quotes",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list in brackets",
    "object": "a table",
}


class Mistake(NamedTuple):
    """What is wrong with a course file.

    Attributes
    ----------
    path
        Where.
    message
        What, without the place.
    """

    path: Path
    message: str


def course_schema(scenes: Sequence[SceneDescription]) -> Schema:
    """Return the JSON schema (draft 7) of course files.

    Parameters
    ----------
    scenes
        The scenes that a film may be of. One in a file that is not among them may have any
        parameters.
    """
    names = [scene.reference for scene in scenes]
    return {
        "$schema": DIALECT,
        "title": "A course of cnnviz",
        "type": "object",
        "properties": {
            "title": in_languages("What the course is called."),
            "output": text("The folder of the films, seen from the course file."),
            "defaults": _table(COMMON_KEYS, "What every film has unless it says otherwise."),
            "films": {
                "type": "array",
                "minItems": 1,
                "items": _film(names),
                "description": "The films, in the order of the course.",
            },
            "page": _table(PAGE_KEYS, "Write a page that plays the films, in a folder."),
            "slides": _table(SLIDES_KEYS, "Write slides, one for each beat."),
        },
        "required": ["films"],
        "additionalProperties": False,
        "definitions": {
            scene.reference: _table(
                {
                    "scene": {},
                    **FILM_KEYS,
                    **COMMON_KEYS,
                    **{
                        key_of(name): parameter_schema(each)
                        for name, each in scene.parameters.items()
                    },
                },
                scene.summary,
            )
            for scene in scenes
        },
    }


PAGE_KEYS: dict[str, Schema] = {
    "folder": text('The page\'s folder, seen from the course file. Without it: "page".'),
}

SLIDES_KEYS: dict[str, Schema] = {
    "folder": text('The slides\' folder, seen from the course file. Without it: "slides".'),
    "play": {
        "type": "string",
        "enum": ["by-itself", "on-click"],
        "description": "When a slide plays its beat; by itself unless this says otherwise.",
    },
}


def _table(keys: Mapping[str, Schema], description: str) -> Schema:
    return {
        "type": "object",
        "properties": dict(keys),
        "additionalProperties": False,
        "description": description,
    }


def _film(names: Sequence[str]) -> Schema:
    """Return the schema of a film: which keys it may have depends on its scene."""
    return {
        "type": "object",
        "properties": {
            "scene": {
                "type": "string",
                "anyOf": [{"enum": list(names)}, {"pattern": SCENE_FILE}],
                "description": "The scene: a name, or a Python file seen from the course file.",
            }
        },
        "required": ["scene"],
        "allOf": [
            {
                "if": {"properties": {"scene": {"const": name}}},
                "then": {"$ref": f"#/definitions/{_pointer(name)}"},
            }
            for name in names
        ],
    }


def _pointer(name: str) -> str:
    """Return a name as it stands in a JSON pointer within a URI."""
    return name.replace("~", "~0").replace("/", "~1").replace("%", "%25").replace(" ", "%20")


def mistakes(content: Mapping[str, Any], schema: Schema) -> list[Mistake]:
    """Return all that is wrong with a course file's content, in no particular order."""
    from jsonschema import Draft7Validator  # only where there is a course

    found = Draft7Validator(schema).iter_errors(content)
    at_top = schema["properties"]
    return [mistake for error in found for mistake in _of_error(error, at_top)]


def _of_error(error: Any, at_top: Collection[str]) -> Iterator[Mistake]:
    path, schema, value = tuple(error.absolute_path), error.schema, error.instance
    if error.validator == "additionalProperties":
        for key in _unknown_keys(error):
            yield Mistake((*path, key), _unknown((*path, key), schema["properties"], at_top))
        return
    if error.validator == "required":
        if not _unknown_keys(error):  # else the missing one may be there, misspelt
            missing = [key for key in error.validator_value if key not in value]
            yield Mistake(path, f"{_place(path)}: {missing[0]} is missing")
        return
    yield Mistake(path, f"{_dotted(path)} = {_written(value)}: {_wanted(error)}")


def _wanted(error: Any) -> str:
    """Return what a value should have been."""
    limit, value = error.validator_value, error.instance
    if error.validator == "type":
        kinds = [limit] if isinstance(limit, str) else limit
        return f"give {' or '.join(WANTED[kind] for kind in kinds)}"
    if error.validator == "enum":
        return choose(str(value), map(str, limit))
    if error.validator == "anyOf":  # a scene
        return choose(str(value), error.validator_value[0]["enum"])
    if error.validator == "exclusiveMinimum":
        return f"give more than {limit}"
    if error.validator in ("minimum", "maximum"):
        low, high = error.schema.get("minimum"), error.schema.get("maximum")
        return (
            f"give {low} to {high}"
            if high is not None and low is not None
            else (f"give {limit} or {'more' if error.validator == 'minimum' else 'less'}")
        )
    if error.validator == "uniqueItems":
        return "each only once"
    counts = {"minItems": "at least", "maxItems": "at most", "minProperties": "at least"}
    if error.validator in counts:
        exact = error.schema.get("minItems") == error.schema.get("maxItems")
        return f"give {'' if exact else counts[error.validator] + ' '}{limit}"
    assert error.validator == "minLength", error.validator
    return "this is empty"


def _unknown_keys(error: Any) -> list[str]:
    """Return the keys of a table that it may not have."""
    if error.schema.get("additionalProperties", True):
        return []
    return sorted(set(error.instance) - set(error.schema["properties"]))


def _unknown(path: Path, known: Iterable[str], at_top: Collection[str]) -> str:
    key = str(path[-1])
    if len(path) > 1 and key in at_top:
        return f"{_dotted(path)} is unknown: {key} stands at the top of the file, before all tables"
    meant = closest(key, known)
    hint = f'did you mean "{meant}"?' if meant else f"choose {', '.join(sorted(known))}"
    return f"{_dotted(path)} is unknown: {hint}"


def _place(path: Path) -> str:
    return _dotted(path) or "the course"


def _dotted(path: Path) -> str:
    """Return a path as people write it, with items counted from 1: ``films[2].layer``."""
    text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
