"""Make the README's pictures anew from real renders: python scripts/gallery.py.

The moving picture is a film cut to a few of its beats and played faster; the others are the last
frames of beats. All show the bundled photo of a cat.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import av
from PIL import Image

import cnnviz

GALLERY = Path(__file__).parents[1] / "media" / "gallery"

MOVING = "conv.webp"

SCENE, BEATS = "conv", ("multiply", "add", "sweep", "map")
"""What the moving picture shows."""

PACE, FRAME_RATE, SIZE = 0.25, 12, (800, 450)

LAST_FRAME_MS = 800

STILLS = {
    "overview_answer.png": ("overview", "answer"),
    "conv_add.png": ("conv", "add"),
    "journey_products.png": ("journey", "products"),
}
"""Each picture's scene and beat."""


def main() -> None:
    """Render everything, then put it into the gallery."""
    with tempfile.TemporaryDirectory() as folder:
        made = [make_moving_picture(Path(folder))]
        for name, (scene, beat) in STILLS.items():
            made.append(
                cnnviz.render_still(scene, beat=beat, quality="m", output=Path(folder, name))
            )
        GALLERY.mkdir(parents=True, exist_ok=True)
        for path in made:
            place = shutil.copy(path, GALLERY / path.name)
            print(f"{place}: {path.stat().st_size / 1e6:.1f} MB")


def make_moving_picture(folder: Path) -> Path:
    """Render the film and write its chosen beats as an animated WebP."""
    clip = cnnviz.render(
        SCENE, quality="m", fps=FRAME_RATE, pace=PACE, output=folder / f"{SCENE}.mp4"
    )
    beats = json.loads(clip.manifest.read_text(encoding="utf-8"))["beats"]
    stretches = [(beat["start"], beat["end"]) for beat in beats if beat["name"] in BEATS]
    if len(stretches) != len(BEATS):
        raise SystemExit(f"the film has no longer the beats {', '.join(BEATS)}")
    first, *others = frames(clip.video, stretches)
    durations = [round(1000 / FRAME_RATE)] * len(others) + [LAST_FRAME_MS]
    path = folder / MOVING
    first.save(
        path,
        save_all=True,
        append_images=others,
        duration=durations,
        loop=0,
        quality=75,
        method=6,
    )
    return path


def frames(video: Path, stretches: list[tuple[float, float]]) -> Iterator[Image.Image]:
    """Decode the frames of a film within stretches of (start, end) in seconds."""
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            if any(start <= frame.time < end for start, end in stretches):
                yield frame.to_image().resize(SIZE, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
