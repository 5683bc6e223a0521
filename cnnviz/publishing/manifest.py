"""The manifest: what a film shows and how it was made, for people and programs.

It is JSON: the scene and its parameters, the network and the picture, the beats with their
times and captions, every number that was on screen
(see :class:`cnnviz.explain.quantity.Quantity`), and a digest of each of the clip's other files,
by which cnnviz knows its own. It says names of files, never where they lay.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from cnnviz.rendering.settings import FilmSettings

if TYPE_CHECKING:
    from cnnviz.staging.beats import Beat
    from cnnviz.staging.scene import SceneSetting

FORMAT_VERSION = 1
"""Goes up when a reader of older manifests would misread a new one."""


@dataclass(frozen=True)
class Source:
    """Where a film comes from: names without their folders, and digests of the files' contents.

    What was in memory has no digest.
    """

    image: str
    weights: str
    crop: tuple[int, int, int, int] | None
    background: tuple[int, int, int]
    image_sha256: str | None
    weights_sha256: str | None


def film_facts(
    scene: str, title: str, setting: SceneSetting, film: FilmSettings, beats: Sequence[Beat]
) -> dict[str, Any]:
    """Return what the manifest says of the film itself, whoever made it from what file."""
    trace = setting.trace
    names = trace.architecture.class_names(setting.words.language)
    prediction = zip(trace.classes, names, trace.logits, trace.probabilities, strict=True)
    frame_count = sum(beat.frame_count for beat in beats)
    return {
        "format": FORMAT_VERSION,
        "scene": scene,
        "title": title,
        "parameters": asdict(setting.parameters),
        "theme": setting.theme.name,
        "aspect": setting.theme.layout.aspect,
        "language": setting.words.language,
        "pace": setting.pace,
        "network": {
            "name": trace.architecture.name,
            "parameters": trace.architecture.parameter_count,
            "layers": [layer.name for layer in trace.layers],
        },
        "prediction": [
            {"class": each, "name": name, "logit": float(logit), "probability": float(probability)}
            for each, name, logit, probability in prediction
        ],
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
    recipe: Mapping[str, Any],
    files: Mapping[str, str],
    frames: Sequence[str],
) -> str:
    """Return the manifest as JSON text.

    Parameters
    ----------
    facts
        What :func:`film_facts` says.
    source
        Where the film comes from.
    recipe
        What else decides it: see :mod:`cnnviz.pipeline.recipe`.
    files
        Digests of the clip's other files, by the endings of their names.
    frames
        Digests of each beat's frames.
    """
    beats = [
        {**beat, "frames_sha256": each} for beat, each in zip(facts["beats"], frames, strict=True)
    ]
    made_from = {"source": asdict(source), "recipe": recipe, "files": files}
    content = {**facts, "beats": beats, **made_from}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _beat(beat: Beat, frame_rate: int) -> dict[str, Any]:
    return {
        "name": beat.name,
        "title": beat.title,
        "chapter": beat.chapter,
        "caption": beat.caption,
        "first_frame": beat.first_frame,
        "frames": beat.frame_count,
        "start": beat.first_frame / frame_rate,
        "end": (beat.first_frame + beat.frame_count) / frame_rate,
    }
