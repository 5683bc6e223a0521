"""Commands that are killed at any moment: nothing lost, nothing left, and the next one as ever."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from cnnviz.system.interrupts import FIRST_EXIT_CODE
from torture.attack import Attack
from torture.attacks.models import onnx_model
from torture.lab import Lab, promise
from torture.materials import COURSE, SMALL, dataset, photos, training

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)

PYTHONS_START = 0.2
"""Seconds in which a signal may find Python itself, which then says what it says."""


@dataclass(frozen=True)
class Job:
    """A command that leaves files in a lab's folder `out`.

    Attributes
    ----------
    prepare
        Puts into a folder what the command reads.
    arguments
        The command, from the same folder and that for the results.
    goes_on
        What is added if it has left a file of that ending: how it goes on.
    """

    prepare: Callable[[Path], object]
    arguments: Callable[[Path, Path], list[str]]
    goes_on: tuple[str, str] | None = None


def _film(scene: str, name: str, *options: str) -> Job:
    """Return the job that renders a scene on one photo."""

    def arguments(folder: Path, out: Path) -> list[str]:
        photo, film = str(folder / "photo0.png"), str(out / name)
        return ["render", scene, photo, *SMALL, *options, "-o", film]

    return Job(photos, arguments)


def _batch(folder: Path, out: Path) -> list[str]:
    return ["render", "relu", str(folder), *SMALL, "--jobs", "2", "-o", str(out)]


def _build(folder: Path, out: Path) -> list[str]:
    return ["build", str(folder / "course.toml"), "--jobs", "2"]


def _prepare_course(folder: Path) -> None:
    photos(folder / "photos")
    (folder / "course.toml").write_text(f'output = "{folder.parent / "out"}"\n{COURSE}')


def _compare(folder: Path, out: Path) -> list[str]:
    pictures = [str(folder / f"photo{number}.png") for number in range(2)]
    return ["compare", *pictures, *SMALL, "-o", str(out / "film.mp4")]


def _prepare_model(folder: Path) -> None:
    (folder / "net.onnx").write_bytes(onnx_model())


def _import(folder: Path, out: Path) -> list[str]:
    model = str(folder / "net.onnx")
    return ["weights", "import", model, "-o", str(out / "net.safetensors"), "--force"]


def _train(folder: Path, out: Path) -> list[str]:
    return [*training(folder), "-o", str(out / "net.safetensors"), "--force"]


JOBS = {
    "render": _film("softmax", "film.mp4", "--jobs", "2"),
    "batch": Job(photos, _batch),
    "frames": _film("relu", "film.frames"),
    "gif": _film("softmax", "film.gif", "--beats", "exp,sum", "--loop"),
    "compare": Job(photos, _compare),
    "build": Job(_prepare_course, _build),
    "import": Job(_prepare_model, _import),
    "train": Job(dataset, _train, (".checkpoint", "--resume")),
}


@cache
def _undisturbed(name: str) -> tuple[dict[str, bytes], float]:
    """Return what a job leaves if nobody disturbs it, and how many seconds it takes."""
    with TemporaryDirectory(prefix="torture-") as folder:
        lab, arguments = _lab_of(name, Path(folder) / "lab")
        start = time.monotonic()
        lab.run(arguments).check(0)
        return _content(lab), time.monotonic() - start


def _lab_of(name: str, folder: Path) -> tuple[Lab, list[str]]:
    lab, job = Lab(folder), JOBS[name]
    given = folder / "given"
    given.mkdir()
    job.prepare(given)
    return lab, job.arguments(given, lab.out)


def _content(lab: Lab) -> dict[str, bytes]:
    """Return all results; a model card names the folders of its command."""
    files = (path for path in lab.out.rglob("*") if path.is_file() and path.name != "net.md")
    return {str(path.relative_to(lab.out)): path.read_bytes() for path in files}


def kill(name: str, random: Random, folder: Path) -> None:
    """Kill a job once or twice, then let it come to its end, and compare."""
    expected, seconds = _undisturbed(name)
    lab, arguments = _lab_of(name, folder / "lab")
    results = _results(name, expected)
    for _ in range(random.choice((1, 1, 2))):
        number, group = random.choice(SIGNALS), random.random() < 0.5
        delay = random.uniform(0, 1.1 * seconds)
        run = lab.killed_run(_going_on(name, lab, arguments), delay, number, group=group)
        how = f"{number.name} to {'all' if group else 'the main process'} after {delay:.2f} s"
        if number is signal.SIGKILL:
            promise(run.code in (-number, 0), f"{how}: exit code {run.code}: {run.err[-500:]}")
        elif delay > PYTHONS_START and run.code != 0:
            run.check(FIRST_EXIT_CODE + number)
            lab.check_nothing_left(*results)
        for result, content in _content(lab).items():
            if result in expected:
                whole = content == expected[result]
                promise(whole, f"{how}: half of it, or another one, under its name {result}")
    lab.run(_going_on(name, lab, arguments)).check(0)
    lab.check_nothing_left(*{Path(each).parts[0] for each in expected}, "net.md")
    found = _content(lab)
    differing = [each for each in expected if found.get(each) != expected[each]]
    promise(not differing, f"after a kill differ: {differing}")


def _results(name: str, expected: dict[str, bytes]) -> list[str]:
    job, top = JOBS[name], {Path(each).parts[0] for each in expected}
    kept = [f"{Path(each).stem}{job.goes_on[0]}" for each in top] if job.goes_on else []
    return [*top, *kept, "net.md"]


def _going_on(name: str, lab: Lab, arguments: list[str]) -> list[str]:
    job = JOBS[name]
    if job.goes_on is not None and list(lab.out.glob(f"*{job.goes_on[0]}")):
        return [*arguments, job.goes_on[1]]
    return arguments


ATTACKS = [
    Attack(f"kill {name}", f"{name}, killed at any moment", partial(kill, name)) for name in JOBS
]
