"""Caches that are damaged, or go while they are used: the film is the same."""

from __future__ import annotations

import shutil
import time
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from torture.attack import Attack
from torture.lab import Lab, promise
from torture.materials import SMALL, photo
from torture.mutation import mutated


def _call(lab: Lab) -> list[str]:
    picture = photo(lab.folder / "photo.png")
    film = str(lab.out / "film.mp4")
    return ["render", "softmax", str(picture), *SMALL, "--jobs", "1", "-o", film]


@cache
def _filled() -> tuple[dict[str, bytes], bytes]:
    """Return what is in a cache after a film, by path, and the film."""
    with TemporaryDirectory(prefix="torture-") as folder:
        lab = Lab(Path(folder) / "lab")
        lab.run(_call(lab)).check(0)
        files = (path for path in lab.cache.rglob("*") if path.is_file())
        kept = {str(path.relative_to(lab.cache)): path.read_bytes() for path in files}
        return kept, (lab.out / "film.mp4").read_bytes()


def damage(random: Random, folder: Path) -> None:
    """Damage some of the entries, and render."""
    kept, film = _filled()
    lab = Lab(folder / "lab")
    for name, content in kept.items():
        path = lab.cache / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(mutated(content, random) if random.random() < 0.4 else content)
    lab.run(_call(lab)).check(0)
    promise((lab.out / "film.mp4").read_bytes() == film, "another film from a damaged cache")


def remove(random: Random, folder: Path) -> None:
    """Remove the cache while it is used."""
    _, film = _filled()
    lab = Lab(folder / "lab")
    with lab.started(_call(lab)) as process:
        time.sleep(random.uniform(0, 6))
        shutil.rmtree(lab.cache, ignore_errors=True)
        _, said = process.communicate()
        promise(process.returncode == 0, f"exit code {process.returncode}: {said[-500:]}")
    promise((lab.out / "film.mp4").read_bytes() == film, "another film without the cache")


ATTACKS = [
    Attack("damaged caches", "a film from a damaged cache", damage),
    Attack("removed caches", "a cache that is removed while it is used", remove),
]
