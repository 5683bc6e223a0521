"""The manifest: what a film shows and how it was made, for people and programs.

It is JSON: the scene and its parameters, the network and the picture, the beats with their
times and captions, every number that was on screen
(see :class:`cnnviz.explain.quantity.Quantity`), and a digest of each of the clip's other files,
by which cnnviz knows its own. It says names of files, never where they lay, and the command
that makes the film: see :mod:`cnnviz.publishing.record`.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from cnnviz.cache.keys import digest
from cnnviz.model.trace import Trace
from cnnviz.publishing.record import how_it_was_made
from cnnviz.publishing.source import Source
from cnnviz.rendering.settings import FilmSettings

if TYPE_CHECKING:
    from cnnviz.staging.beats import Beat
    from cnnviz.staging.scene_setting import SceneSetting

FORMAT_VERSION = 1
"""Goes up when a reader of older manifests would misread a new one."""


def film_facts(
    scene: str,
    title: str,
    setting: SceneSetting,
    film: FilmSettings,
    beats: Sequence[Beat],
    frame_count: int,
) -> dict[str, Any]:
    """Return what the manifest says of the film itself, whoever made it from what file."""
    language = setting.words.language
    other = {} if setting.other is None else {"other": _seen(setting.other, language)}
    return {
        "format": FORMAT_VERSION,
        "scene": scene,
        "title": title,
        "parameters": asdict(setting.parameters),
        "theme": setting.theme.name,
        "aspect": setting.theme.layout.aspect,
        "language": setting.words.language,
        "pace": setting.pace,
        **_seen(setting.trace, language),
        **other,
        "film": {
            "width": film.pixel_width,
            "height": film.pixel_height,
            "frame_rate": film.frame_rate,
            "frames": frame_count,
            "seconds": frame_count / film.frame_rate,
        },
        "beats": [_beat(beat, film.frame_rate) for beat in beats],
        "numbers": [
            {"beat": beat.name, **number.to_json()} for beat in beats for number in beat.numbers
        ],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("cnnviz", "manim", "numpy", "torch")},
        },
    }


def manifest_text(
    facts: Mapping[str, Any],
    source: Source,
    arguments: Sequence[str],
    recipe: Mapping[str, Any],
    files: Mapping[str, str],
    frames: Sequence[str] | None,
) -> str:
    """Return the manifest as JSON text.

    Parameters
    ----------
    facts
        What :func:`film_facts` says.
    source, arguments, recipe
        As for :func:`cnnviz.publishing.record.how_it_was_made`.
    files
        Digests of the clip's other files, by the endings of their names.
    frames
        Digests of each beat's frames; None where the film's format has none to compare.
    """
    beats = facts["beats"]
    if frames is not None:
        pairs = zip(beats, frames, strict=True)
        beats = [{**beat, "frames_sha256": each} for beat, each in pairs]
    made = how_it_was_made(source, arguments, recipe)
    content = {**facts, "beats": beats, **made, "files": files}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _seen(trace: Trace, language: str) -> dict[str, Any]:
    """Return what a network made of a picture."""
    names = trace.architecture.class_names(language)
    prediction = zip(trace.classes, names, trace.logits, trace.probabilities, strict=True)
    return {
        "trace": digest(trace),
        "network": {
            "name": trace.architecture.name,
            "parameters": trace.architecture.parameter_count,
            "layers": [layer.name for layer in trace.layers],
        },
        "prediction": [
            {"class": each, "name": name, "logit": float(logit), "probability": float(probability)}
            for each, name, logit, probability in prediction
        ],
    }


def _beat(beat: Beat, frame_rate: int) -> dict[str, Any]:
    return {
        "name": beat.name,
        "title": beat.title,
        "chapter": beat.chapter,
        "caption": beat.caption,
        "description": beat.description,
        "first_frame": beat.first_frame,
        "frames": beat.frame_count,
        "start": beat.first_frame / frame_rate,
        "end": (beat.first_frame + beat.frame_count) / frame_rate,
    }
