"""Two runs at once, on one output and one cache: one film, whole."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from torture.attack import Attack
from torture.lab import Lab, promise
from torture.materials import SMALL, photo


def two_renders(random: Random, folder: Path) -> None:
    """Render the same twice at once; both may succeed, and one film is there."""
    lab = Lab(folder / "lab")
    picture = photo(lab.folder / "photo.png")
    film = lab.out / "film.mp4"
    call = ["render", "softmax", str(picture), *SMALL, "--jobs", "1", "-o", str(film)]
    with lab.started(call) as one:
        time.sleep(random.uniform(0, 3))
        with lab.started(call) as two:
            for process in (one, two):
                _, said = process.communicate()
                promise(process.returncode == 0, f"exit code {process.returncode}: {said[-500:]}")
    lab.run(["verify", str(film)]).check(0)
    lab.check_nothing_left(*(path.name for path in lab.out.glob("film.*")))


ATTACKS = [Attack("two at once", "two runs on one output and one cache", two_renders)]
