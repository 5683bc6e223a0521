"""Damaged files of every kind: used, or refused in one line, without much time or memory."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from cnnviz.errors import UserError
from cnnviz.system.image_formats import picture_formats
from torture.attack import Attack
from torture.lab import promise
from torture.materials import COURSE, DEFAULTS, DESCRIPTION, NAMES, photos
from torture.mutation import mutated, mutated_text

if TYPE_CHECKING:
    from cnnviz.network import Network

MOST_MEMORY = 2 * 2**30
"""Bytes that a process may have taken at its peak, torch included."""

WRITTEN_AS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "JPEG2000", "PPM", "TGA", "ICO", "PCX")


def use_or_refuse(use: Callable[[], object]) -> None:
    """Call something; all that it may raise is a UserError of one printable line."""
    try:
        use()
    except UserError as error:
        promise(str(error).isprintable(), f"more than a line: {error!r}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )
    promise(peak < MOST_MEMORY, f"{peak / 2**30:.1f} GiB were taken")


@cache
def _pictures() -> dict[str, bytes]:
    pixels = np.random.default_rng(3).integers(0, 255, (40, 56, 3), np.uint8)
    image = Image.fromarray(pixels)
    known = [each for each in WRITTEN_AS if each in picture_formats() and each in Image.SAVE]
    written = {}
    for name in known:
        file = BytesIO()
        (image.convert("P") if name == "GIF" else image).save(file, name)
        written[name] = file.getvalue()
    return written


def picture(random: Random, folder: Path) -> None:
    """Show a network a damaged picture."""
    from cnnviz.network.picture import load_picture

    name = random.choice(sorted(_pictures()))
    path = folder / f"picture.{name.lower()}"
    path.write_bytes(mutated(_pictures()[name], random))
    use_or_refuse(partial(load_picture, path, small_network().input))


@cache
def small_network() -> Network:
    """Return the network of the materials' description."""
    import tomllib

    import torch

    from cnnviz.network import Network
    from cnnviz.network.descriptions import parse_architecture

    architecture = parse_architecture(tomllib.loads(DESCRIPTION), ["red", "blue sky"])
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return Network.build(architecture)


def weights(random: Random, folder: Path) -> None:
    """Load damaged weights, and let them look at something."""
    from cnnviz.network import load_network, trace
    from cnnviz.network.weights import weights_bytes

    content = weights_bytes(small_network())
    path = folder / "net.safetensors"
    if random.random() < 0.5:
        size = int.from_bytes(content[:8], "little")
        header = mutated_text(content[8 : 8 + size].decode(), random).encode()
        content = len(header).to_bytes(8, "little") + header + content[8 + size :]
    else:
        content = mutated(content, random)
    path.write_bytes(content)
    pixels = np.random.default_rng(0).integers(0, 255, (12, 12, 3), np.uint8)
    use_or_refuse(lambda: trace(pixels, load_network(path)))


def checkpoint(random: Random, folder: Path) -> None:
    """Go on with a damaged training."""
    from cnnviz.network.training.checkpoint import load_checkpoint, save_checkpoint
    from cnnviz.network.training.loop import new_state
    from cnnviz.network.training.settings import TrainingSettings

    state, path = (
        new_state(small_network().architecture, TrainingSettings()),
        folder / "net.checkpoint",
    )
    save_checkpoint(path, state, {"network": "small"})
    path.write_bytes(mutated(path.read_bytes(), random))
    use_or_refuse(partial(load_checkpoint, path, state, {"network": "small"}))


def description(random: Random, folder: Path) -> None:
    """Read a damaged description of a network."""
    from cnnviz.network.descriptions import read_description

    path = folder / "small.toml"
    _write_text(path, mutated_text(DESCRIPTION, random))
    use_or_refuse(partial(read_description, path, ["red", "blue sky"]))


def names(random: Random, folder: Path) -> None:
    """Read damaged names of classes."""
    from cnnviz.network.class_names import read_class_names

    path = folder / "names.toml"
    _write_text(path, mutated_text(NAMES, random))
    use_or_refuse(partial(read_class_names, {"zh": path}, ["red", "blue sky"]))


def defaults(random: Random, folder: Path) -> None:
    """Call a command in a folder with damaged defaults."""
    import contextlib
    import io

    from cnnviz.cli.main import main

    _write_text(folder / "cnnviz.toml", mutated_text(DEFAULTS, random))
    said = io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stderr(said),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        code = main(["cache", "show"])
    promise(code in (0, 2), f"exit code {code}: {said.getvalue()[-500:]}")
    promise(said.getvalue().count("\n") == (code == 2), f"not one line: {said.getvalue()[-500:]}")


def course(random: Random, folder: Path) -> None:
    """Read a damaged course."""
    from cnnviz.cache.store import Cache
    from cnnviz.course.course_file import read_course

    photos(folder / "photos")
    _write_text(folder / "course.toml", mutated_text(COURSE, random))
    use_or_refuse(partial(read_course, folder / "course.toml", Cache(folder / "cache")))


def manifest(random: Random, folder: Path) -> None:
    """Verify a film, which is none, with a damaged manifest."""
    from cnnviz.pipeline.verifying import verify_clip

    facts = {"scene": "conv", "files": {".mp4": "0"}, "film": {}, "beats": [], "recipe": {}}
    (folder / "film.mp4").write_bytes(b"no film")
    _write_text(folder / "film.json", mutated_text(json.dumps(facts), random))
    use_or_refuse(partial(verify_clip, folder / "film.mp4"))


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="surrogatepass")


ATTACKS = [
    Attack("pictures", "damaged pictures", picture, 50),
    Attack("weights", "damaged weights", weights, 50),
    Attack("checkpoints", "damaged checkpoints", checkpoint, 20),
    Attack("descriptions", "damaged network descriptions", description, 50),
    Attack("names", "damaged class names", names, 50),
    Attack("defaults", "damaged cnnviz.toml", defaults, 10),
    Attack("courses", "damaged course files", course, 10),
    Attack("manifests", "damaged manifests", manifest, 20),
]
