"""Render one film in this process and say what it took; started by ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt

from cnnviz.rendering.settings import FilmSettings
from cnnviz.system.processes import collect_garbage_rarely

CASES = {
    "conv-squares": ("benchmarks.convolution_ways", "Squares", "manim"),
    "conv-images": ("benchmarks.convolution_ways", "Images", "manim"),
    "conv-images-same-encoder": ("benchmarks.convolution_ways", "Images", "manim-same-encoder"),
    "conv-cnnviz": ("benchmarks.convolution_ways", "Bitmaps", "cnnviz"),
    "overview-images": ("benchmarks.overview", "Images", "manim"),
    "overview-cnnviz": ("benchmarks.overview", "Bitmaps", "cnnviz"),
    "softmax-decimals": ("benchmarks.softmax", "Decimals", "manim"),
    "softmax-cnnviz": ("benchmarks.softmax", "Sprites", "cnnviz"),
}
"""Module, class and renderer of each case."""


def render_with_manim(scene: type[Any], film: FilmSettings, folder: Path, *, same: bool) -> int:
    """Render with Manim's own renderer, caching off; return the number of frames."""
    from manim import tempconfig

    from cnnviz.rendering.codecs import CODECS

    settings = {
        "pixel_width": film.pixel_width,
        "pixel_height": film.pixel_height,
        "frame_rate": film.frame_rate,
        "media_dir": str(folder),
        "disable_caching": True,
        "progress_bar": "none",
        "verbosity": "ERROR",
    }
    if same:
        settings["video_encoder_options"] = CODECS[film.encode].options
    with tempconfig(settings):
        made = scene()
        made.render()
    frames: int = round(made.time * film.frame_rate)
    return frames


def render_with_cnnviz(scene: type[Any], film: FilmSettings, folder: Path) -> dict[str, Any]:
    """Render with cnnviz's renderer; return frames, seconds, and stages in CPU seconds."""
    from cnnviz.rendering.film import RecordOptions, record_film
    from cnnviz.rendering.profile import Profile

    started = time.perf_counter()
    profile = Profile(time.process_time)
    timing = record_film(
        lambda renderer: scene(renderer=renderer),
        film,
        folder / "film.mp4",
        RecordOptions(profile=profile),
    )
    seconds = time.perf_counter() - started
    return {"frames": timing.frame_count, "seconds": seconds, "stages": profile.seconds}


def encode_only(film: FilmSettings, source: Path, folder: Path) -> dict[str, Any]:
    """Encode a film's frames again with our settings on one core; return what that took.

    The frames come from decoding the film; the clocks stand still meanwhile.
    """
    from cnnviz.rendering.repeats import RepeatedFrames
    from cnnviz.rendering.segment import Segment
    from cnnviz.rendering.segment_encoding import SegmentEncoding

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    size = film.pixel_width, film.pixel_height
    encoding = SegmentEncoding(*size, film.frame_rate, film.codec)
    segment = Segment(str(folder / "again.mp4"), encoding, RepeatedFrames(encoding))
    seconds = cpu = 0.0

    def timed(work: Callable[[], None]) -> None:
        nonlocal seconds, cpu
        seconds_before, cpu_before = time.perf_counter(), time.process_time()
        work()
        seconds += time.perf_counter() - seconds_before
        cpu += time.process_time() - cpu_before

    count = 0
    for planes in _decoded(source):
        timed(partial(segment.encode, planes, 1))
        count += 1
    timed(segment.close)
    return {"frames": count, "seconds": seconds, "cpu": cpu}


def _decoded(source: Path) -> Iterator[npt.NDArray[np.uint8]]:
    with av.open(str(source)) as container:
        for frame in container.decode(video=0):
            yield cast("npt.NDArray[np.uint8]", frame.to_ndarray(format="yuv420p"))


def main() -> None:
    """Run one case and print what it took as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=[*CASES, "encode-only"])
    parser.add_argument("--quality", default="h", choices=list("lmhpk"))
    parser.add_argument("--source", type=Path, help="the film to encode again")
    parser.add_argument("--output", type=Path, help="where to keep the film")
    arguments = parser.parse_args()
    film = FilmSettings.of_quality(arguments.quality)
    with TemporaryDirectory() as name:
        folder = Path(name)
        result = _run(arguments, film, folder)
        if arguments.output:
            next(folder.rglob("film.mp4")).rename(arguments.output)
    print(json.dumps(result))


def _run(arguments: argparse.Namespace, film: FilmSettings, folder: Path) -> dict[str, Any]:
    if arguments.case == "encode-only":
        return encode_only(film, arguments.source, folder)
    module, name, renderer = CASES[arguments.case]
    if renderer == "cnnviz":
        collect_garbage_rarely()  # as the command does
    scene: type[Any] = getattr(import_module(module), name)
    render: Callable[[], dict[str, Any]] = {
        "cnnviz": lambda: render_with_cnnviz(scene, film, folder),
        "manim": lambda: {"frames": render_with_manim(scene, film, folder, same=False)},
        "manim-same-encoder": lambda: {"frames": render_with_manim(scene, film, folder, same=True)},
    }[renderer]
    return render()


if __name__ == "__main__":
    main()
