"""The same frames whatever the locale, time zone, hash seed, folder, terminal and Python."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from torture.attack import Attack
from torture.lab import Lab, promise
from torture.materials import SMALL, photo

LOCALES = ("C", "C.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8", "POSIX")
ZONES = ("UTC", "Asia/Kathmandu", "America/St_Johns", "no such zone")


def _call(lab: Lab, film: Path) -> list[str]:
    picture = photo(lab.folder / "photo.png")
    return ["render", "relu", str(picture), *SMALL, "--no-cache", "-o", str(film)]


@cache
def _usual() -> bytes:
    with TemporaryDirectory(prefix="torture-") as folder:
        lab = Lab(Path(folder) / "lab")
        lab.run([*_call(lab, lab.out / "film.mp4"), "--jobs", "1"]).check(0)
        return (lab.out / "film.mp4").read_bytes()


def elsewhere(random: Random, folder: Path) -> None:
    """Render in another environment, and compare the film byte for byte."""
    lab = Lab(folder / "lab")
    film = lab.out / random.choice(("film.mp4", "Week1:film.mp4", "week 1.mp4", "影片.mp4"))
    run = lab.run(
        [*_call(lab, film), "--jobs", random.choice("12")],
        LC_ALL=random.choice(LOCALES),
        TZ=random.choice(ZONES),
        PYTHONHASHSEED=str(random.randrange(1000)),
        COLUMNS=str(random.choice((1, 20, 500))),
        PYTHONWARNINGS=random.choice(("", "error")),
        OMP_NUM_THREADS=str(random.choice((1, 2, 7))),
    )
    run.check(0)
    promise(film.read_bytes() == _usual(), f"another film: {film.name}")


ATTACKS = [Attack("environments", "the same frames in other environments", elsewhere)]
