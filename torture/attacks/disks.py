"""Full, small and read-only disks, no home, closed and full streams: a film or one line."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from torture.attack import Attack
from torture.lab import Lab, Run, promise
from torture.materials import SMALL, photo

STREAMS = ("<&-", ">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full", ">/dev/full")

NO_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
"""What makes of root somebody whom permissions bind."""


def _call(lab: Lab) -> list[str]:
    film = str(lab.out / "film.mp4")
    picture = photo(lab.folder / "photo.png")
    return ["render", "softmax", str(picture), *SMALL, "--jobs", "2", "-o", film]


def _film_or_line(lab: Lab, run: Run) -> None:
    run.check(0, 2)
    film = lab.out / "film.mp4"
    promise(film.exists() == (run.code == 0), f"exit code {run.code}, but the film: {run.err}")
    if film.exists():
        lab.run(["verify", str(film)]).check(0)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[bool]:
    """Put a disk of a size, in bytes, in a folder's place; give whether that is allowed here."""
    call = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = shutil.which("mount") and not subprocess.run(call, capture_output=True).returncode
    try:
        yield bool(mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def full_disk(random: Random, folder: Path) -> None:
    """Let one of the folders lie on a small disk; where that is not allowed, limit all files."""
    lab = Lab(folder / "lab")
    which: Callable[[], Path] = lambda: random.choice((lab.out, lab.temporary, lab.cache))  # noqa: E731
    place, size = which(), random.choice((0, 1, 4, 30, 100, 400, 1500)) * 4096 or 4096
    with small_disk(place, size) as mounted:
        shell = "" if mounted else f'ulimit -f {size // 512}; exec "$@"'
        run = lab.run(_call(lab), shell)
        if place == lab.cache and mounted:
            run.check(0)
        _film_or_line(lab, run)
        if mounted:
            names = [path.name for path in place.iterdir()]
            left = [each for each in names if "cnnviz-" in each and "error" not in each]
            promise(not left, f"left on a full disk: {left}")


def read_only(random: Random, folder: Path) -> None:
    """Take away the right to write to, or read, one of the folders."""
    lab = Lab(folder / "lab")
    call = _call(lab)
    place = random.choice((lab.out, lab.temporary, lab.cache, lab.home))
    place.chmod(random.choice((0o500, 0o000, 0o300)))
    shell = 'exec "$@"'
    if shutil.which(NO_RIGHTS[0]):
        shell = f'exec {" ".join(NO_RIGHTS)} "$@"'
    try:
        run = lab.run(call, shell)
    finally:
        place.chmod(0o700)
    if place in (lab.cache, lab.home):
        run.check(0)
    _film_or_line(lab, run)


def no_home(random: Random, folder: Path) -> None:
    """Render without a home folder and without a place for the cache."""
    lab = Lab(folder / "lab")
    home = random.choice((None, "/nonexistent", ""))
    run = lab.run(_call(lab), HOME=home, CNNVIZ_CACHE_DIR=None, XDG_CACHE_HOME="/proc/nowhere")
    run.check(0)
    _film_or_line(lab, run)


def working_folder(random: Random, folder: Path) -> None:
    """Work where one may do little, as somebody whose environment says nothing."""
    lab = Lab(folder / "lab")
    call, place = _call(lab), lab.folder / "working"
    place.mkdir(random.choice((0o000, 0o100, 0o300, 0o400, 0o500)))
    rights = " ".join(NO_RIGHTS) if shutil.which(NO_RIGHTS[0]) else ""
    path = random.choice(("-u PATH", "PATH=", "PATH=/nonexistent"))
    run = lab.run(call, f'cd "{place}" && exec {rights} env {path} "$@"')
    place.chmod(0o700)
    _film_or_line(lab, run)
    promise(run.code == 0 or str(place) in run.err, f"not which folder: {run.err}")
    promise(not list(place.iterdir()), f"left where one works: {list(place.iterdir())}")


def streams(random: Random, folder: Path) -> None:
    """Close some of the standard streams, or let them be full."""
    lab = Lab(folder / "lab")
    how = random.choice(STREAMS)
    run = lab.run(_call(lab), f'exec "$@" {how}')
    promise(run.code == (2 if how == ">/dev/full" else 0), f"{how}: exit code {run.code} {run.err}")
    promise((lab.out / "film.mp4").exists(), f"{how}: no film")
    lab.run(["verify", str(lab.out / "film.mp4")]).check(0)


ATTACKS = [
    Attack("full disks", "results, temporary files or cache on a full disk", full_disk),
    Attack("rights", "folders that may not be read or written", read_only),
    Attack("no home", "a user without a home folder", no_home),
    Attack("working folder", "a working folder without rights, no PATH", working_folder),
    Attack("streams", "closed and full standard streams", streams),
]
