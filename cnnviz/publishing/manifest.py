"""The manifest: what a film shows and how it was made, for people and programs.

It is JSON: the scene and its parameters, the network and the picture, the beats with their
times and captions, and every number that was on screen
(see :class:`cnnviz.explain.quantity.Quantity`).
"""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnnviz.rendering.settings import FilmSettings

if TYPE_CHECKING:
    from cnnviz.beats import Beat
    from cnnviz.scene import SceneSetting
    from cnnviz.traces import Trace

FORMAT_VERSION = 1
"""Goes up when a reader of older manifests would misread a new one."""


@dataclass(frozen=True)
class Source:
    """Where a film comes from, as the user named it."""

    image: str
    weights: str
    crop: tuple[int, int, int, int] | None

    @classmethod
    def of(
        cls, image: object, network: object, crop: tuple[int, int, int, int] | None, trace: Trace
    ) -> Source:
        """Return what a user gave: paths as they are, the kind and name of what is in memory."""
        is_path, is_file = isinstance(image, str | Path), isinstance(network, str | Path)
        return cls(
            str(image) if is_path else f"<{type(image).__name__}>",
            str(network) if is_file else trace.architecture.name,
            crop,
        )


def manifest(
    scene: str,
    setting: SceneSetting,
    film: FilmSettings,
    beats: Sequence[Beat],
    source: Source,
) -> str:
    """Return the manifest as JSON text."""
    trace = setting.trace
    probabilities = zip(trace.classes, trace.logits, trace.probabilities, strict=True)
    frame_count = sum(beat.frame_count for beat in beats)
    content = {
        "format": FORMAT_VERSION,
        "scene": scene,
        "parameters": asdict(setting.parameters),
        "theme": setting.theme.name,
        "aspect": setting.theme.layout.aspect,
        "language": setting.words.language,
        "pace": setting.pace,
        "source": asdict(source),
        "network": {
            "name": trace.architecture.name,
            "parameters": trace.architecture.parameter_count,
            "layers": [layer.name for layer in trace.layers],
        },
        "prediction": [
            {"class": name, "logit": float(logit), "probability": float(probability)}
            for name, logit, probability in probabilities
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
    return _text(content)


def with_source(text: str, source: Source) -> str:
    """Return a manifest for the same film of the same pixels, named differently by the user."""
    return _text({**json.loads(text), "source": asdict(source)})


def _text(content: dict[str, Any]) -> str:
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
