"""Make the README's pictures anew from real renders: python scripts/gallery.py.

The moving picture goes through several films on one photo, beats of them, faster than they are; the
others are the last frames of beats. All show the bundled photo of a cat.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
from PIL import Image

import cnnviz

GALLERY = Path(__file__).parents[1] / "media" / "gallery"

MOVING = "tour.webp"

FRAME_RATE, SIZE, QUALITY = 20, (800, 450), 60

LAST_FRAME_MS = 1500


@dataclass(frozen=True)
class Excerpt:
    """A part of a film: from one beat to another, so many times as fast as there."""

    scene: str
    first: str
    last: str
    speed: float


TOUR = (
    Excerpt("overview", "photo", "photo", 6.5),
    Excerpt("overview", "first", "deeper", 13.0),
    Excerpt("conv", "multiply", "add", 19.5),
    Excerpt("conv", "sweep", "sweep", 13.0),
    Excerpt("relu", "wave", "wave", 10.4),
    Excerpt("pool", "sweep", "sweep", 10.4),
    Excerpt("flatten", "evidence", "evidence_rival", 13.0),
    Excerpt("softmax", "exp", "bars", 26.0),
    Excerpt("overview", "paths", "paths", 6.5),
)
"""What the moving picture shows, one after the other."""

STILLS = {
    "overview_paths.png": ("overview", "paths"),
    "conv_add.png": ("conv", "add"),
    "journey_products.png": ("journey", "products"),
}
"""Each picture's scene and beat."""


def main() -> None:
    """Render everything, then put it into the gallery."""
    with tempfile.TemporaryDirectory() as folder:
        made = [make_tour(Path(folder))]
        for name, (scene, beat) in STILLS.items():
            made.append(
                cnnviz.render_still(scene, beat=beat, quality="m", output=Path(folder, name))
            )
        GALLERY.mkdir(parents=True, exist_ok=True)
        for path in made:
            place = shutil.copy(path, GALLERY / path.name)
            print(f"{place}: {path.stat().st_size / 1e6:.1f} MB")


def make_tour(folder: Path) -> Path:
    """Render the films and write the excerpts as one animated WebP."""
    clips = {
        scene: cnnviz.render(scene, quality="m", fps=30, output=folder / f"{scene}.mp4")
        for scene in dict.fromkeys(excerpt.scene for excerpt in TOUR)
    }
    first, *others = (frame for excerpt in TOUR for frame in frames(clips[excerpt.scene], excerpt))
    durations = [round(1000 / FRAME_RATE)] * len(others) + [LAST_FRAME_MS]
    path = folder / MOVING
    first.save(
        path,
        save_all=True,
        append_images=others,
        duration=durations,
        loop=0,
        quality=QUALITY,
        method=6,
    )
    return path


def frames(clip: cnnviz.Clip, excerpt: Excerpt) -> Iterator[Image.Image]:
    """Decode the frames of an excerpt that are shown, at its speed."""
    beats = {beat["name"]: beat for beat in json.loads(clip.manifest.read_text("utf-8"))["beats"]}
    if not {excerpt.first, excerpt.last} <= beats.keys():
        raise SystemExit(f"{excerpt} is no longer there: the beats are {', '.join(beats)}")
    due, end = beats[excerpt.first]["start"], beats[excerpt.last]["end"]
    with av.open(str(clip.video)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and due <= frame.time < end:
                due += excerpt.speed / FRAME_RATE
                yield frame.to_image().resize(SIZE, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
