"""Two runs at once, on one output and one cache: all of it there, once and whole."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from cnnviz.publishing.clip_files import ClipFiles
from torture.attack import Attack
from torture.lab import Lab, Run, promise
from torture.materials import COURSE, SMALL, dataset, photo, photos, training

LATEST_START = 3.0
"""Seconds after the first at which the second begins, at the latest."""


def _both(lab: Lab, random: Random, one: Sequence[str], two: Sequence[str]) -> tuple[Run, Run]:
    """Run a command, and another one while it runs."""
    with lab.started(one) as first:
        time.sleep(random.uniform(0, LATEST_START))
        with lab.started(two) as second:
            ends = [(process.communicate(), process.returncode) for process in (first, second)]
    runs = [
        Run(tuple(arguments), code, out, err)
        for arguments, ((out, err), code) in zip((one, two), ends, strict=True)
    ]
    return runs[0], runs[1]


def two_renders(random: Random, folder: Path) -> None:
    """Render the same twice at once; both may succeed, and one film is there."""
    lab = Lab(folder / "lab")
    picture = photo(lab.folder / "photo.png")
    film = lab.out / "film.mp4"
    call = ["render", "softmax", str(picture), *SMALL, "--jobs", "1", "-o", str(film)]
    for run in _both(lab, random, call, call):
        run.check(0)
    lab.run(["verify", str(film)]).check(0)
    lab.check_nothing_left(*(path.name for path in lab.out.glob("film.*")))


def two_builds(random: Random, folder: Path) -> None:
    """Build a course twice at once; both succeed, and all films are there and fresh."""
    lab = Lab(folder / "lab")
    photos(lab.folder / "photos")
    course = lab.folder / "course.toml"
    course.write_text(f'output = "{lab.out}"\n{COURSE}')
    call = ["build", str(course), "--jobs", random.choice("12")]
    for run in _both(lab, random, call, call):
        run.check(0)
    films = sorted(lab.out.glob("*.mp4"))
    promise(len(films) == 2, f"the films are {films}")
    for film in films:
        lab.run(["verify", str(film)]).check(0)
    lab.check_nothing_left(*(path.name for film in films for path in ClipFiles.at(film).all))
    again = lab.run([*call, "--dry-run"])
    promise(again.out.count("up to date:") == 2, f"not up to date: {again.out}")


def two_trainings(random: Random, folder: Path) -> None:
    """Train two networks to one output at once: the second is refused, and nothing is lost."""
    lab = Lab(folder / "lab")
    given = dataset(lab.folder / "given")
    weights = lab.out / "net.safetensors"
    calls = [[*training(given), "-o", str(weights), "--seed", str(seed)] for seed in (1, 2)]
    runs = _both(lab, random, *calls)
    winners = [run for run in runs if run.code == 0]
    for run in runs:
        run.check(0, 2)
    promise(len(winners) == 1, f"{len(winners)} trainings have written one output")
    seed = winners[0].arguments[-1]
    alone = lab.folder / "alone.safetensors"
    lab.run([*training(given), "-o", str(alone), "--seed", seed]).check(0)
    same = weights.read_bytes() == alone.read_bytes()
    promise(same, f"not the network of the training that succeeded, with seed {seed}")
    lab.check_nothing_left("net.safetensors", "net.md")


ATTACKS = [
    Attack("two at once", "two runs on one output and one cache", two_renders),
    Attack("two builds", "two builds of one course at once", two_builds),
    Attack("two trainings", "two trainings of one output at once", two_trainings),
]
