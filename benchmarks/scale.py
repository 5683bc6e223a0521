"""How fast courses are made, and would be on a cluster: ``python -m benchmarks.scale``.

Writes docs/scale.md. Films are made by the engine's own tasks, in a process as workers are, without
a cache: each costs what it costs where nothing is known yet.
"""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.cluster import Cluster, simulate
from benchmarks.film_cost import Measured, measured
from cnnviz.cache.code import shared_code
from cnnviz.course.build import BuildOptions, prepare_course
from cnnviz.course.course_file import CourseFilm
from cnnviz.course.engine import Engine, FilmProgress, Workers
from cnnviz.course.film_task import FilmResult, FilmTask
from cnnviz.photos import bundled_photo
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.rendering.settings import QUALITIES
from cnnviz.system.local_executor import LocalExecutor

REPORT = Path(__file__).parents[1] / "docs" / "scale.md"

PHOTOS, WORKERS = 1000, 100
"""Of the estimate."""

SCENES = (
    "conv",
    "flatten",
    "hyperparameters",
    "journey",
    "lecture",
    "overview",
    "pool",
    "relu",
    "softmax",
)
"""The scenes that are about one picture in a network without branches."""

DAY = 24 * 3600.0


class Replayed(Executor):
    """Hands back films that were made before, so that only the engine's own work takes time."""

    def __init__(self, results: dict[str, FilmResult]) -> None:
        self._results = results

    def submit(self, work: Any, /, *arguments: Any, **keywords: Any) -> Future[Any]:
        """Return the film of the task, pickled and back as on its way to a worker."""
        task: FilmTask = pickle.loads(pickle.dumps(arguments[0]))
        shared_code()  # a worker looks whether its code fits
        future: Future[Any] = Future()
        future.set_result(pickle.loads(pickle.dumps(self._results[task.name])))
        return future


def course(folder: Path, quality: str, scenes: Sequence[str]) -> Path:
    """Write a course about the bundled photo."""
    shutil.copy(bundled_photo(), folder / "cat.jpg")
    films = "".join(f'[[films]]\nscene = "{scene}"\n' for scene in scenes)
    path = folder / "course.toml"
    path.write_text(f'[defaults]\npictures = ["cat.jpg"]\nquality = "{quality}"\n{films}')
    return path


def main() -> None:
    """Measure, simulate, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quality", choices=QUALITIES, default="h")
    parser.add_argument("--scenes", default=",".join(SCENES))
    given = parser.parse_args()
    loads = [os.getloadavg()[0]]
    with TemporaryDirectory(prefix="cnnviz-scale-") as name:
        folder = Path(name)
        _, plan = prepare_course(
            course(folder, given.quality, given.scenes.split(",")), BuildOptions()
        )
        films = [each.film for each in plan.films]
        one = make_all(films, folder, 1)
        two = make_all(films, folder, 2)
        results = {film.output.name: each.result for film, each in zip(films, one[0], strict=True)}
        engine = engine_seconds(films, results)
    loads.append(os.getloadavg()[0])
    REPORT.write_text(report(given.quality, films, one, two, engine, loads), encoding="utf-8")
    print(REPORT)


def tasks_of(films: Sequence[CourseFilm]) -> list[FilmTask]:
    """Return the tasks of films, without a cache."""
    book = RecipeBook(None)
    return [
        FilmTask.of(
            film.request,
            film.output.name,
            book.recipe(film.request.film)["code"],
            use_cache=False,
        )
        for film in films
    ]


def make_all(
    films: Sequence[CourseFilm], folder: Path, workers: int
) -> tuple[list[Measured], float]:
    """Make films with some workers; return what each took, and the seconds for all of them."""
    with LocalExecutor(workers, folder) as executor:
        first = tasks_of(films[:1])[0]
        for future in [executor.submit(measured, first) for _ in range(workers)]:
            future.result()  # imports are paid once in a worker's life
        start = time.monotonic()
        futures = [executor.submit(measured, task) for task in tasks_of(films)]
        made = []
        for film, future in zip(films, futures, strict=True):
            made.append(future.result())
            print(f"{film.output.name}: {made[-1].cpu:.1f} CPU s", file=sys.stderr, flush=True)
        return made, time.monotonic() - start


def engine_seconds(films: Sequence[CourseFilm], results: dict[str, FilmResult]) -> float:
    """Return the processor time that the engine takes for a film, with nothing drawn."""

    def ignore(number: int, progress: FilmProgress) -> None:
        """Tell nobody."""

    rounds = 3
    start = time.process_time()
    for _ in range(rounds):
        book = RecipeBook(None)
        codes = [book.recipe(film.request.film)["code"] for film in films]
        Engine(
            films, codes, Workers(Replayed(results), lambda: 2), force=True, on_progress=ignore
        ).run()
    return (time.process_time() - start) / (rounds * len(films))


def bytes_of(film: Measured) -> int:
    """Return what the client receives of a film."""
    return sum(len(file.data or b"") for file in film.result.files)


def films_table(films: Sequence[CourseFilm], made: Sequence[Measured]) -> str:
    """Return a line for each film: what it takes, and what it gives."""
    return table(
        ["scene", "film, s", "CPU s", "films an hour a core", "MB"],
        [
            [
                film.request.film.scene,
                f"{each.result.seconds:.0f}",
                f"{each.cpu:.1f}",
                f"{3600 / each.cpu:.0f}",
                f"{bytes_of(each) / 1e6:.1f}",
            ]
            for film, each in zip(films, made, strict=True)
        ],
    )


def report(
    quality: str,
    films: Sequence[CourseFilm],
    one: tuple[list[Measured], float],
    two: tuple[list[Measured], float],
    engine: float,
    loads: Sequence[float],
) -> str:
    """Return the report's text."""
    made, seconds = one
    total, total_of_two = (sum(each.cpu for each in some) for some in (made, two[0]))
    count, cpu = len(films), total / len(films)
    size = mean(map(bytes_of, made))
    width, height, rate = QUALITIES[quality]  # type: ignore[index]
    speed = (seconds / total) / (two[1] / total_of_two)
    queue = [each.cpu for _ in range(PHOTOS) for each in made]
    in_a_second = WORKERS / cpu
    return f"""# Scale

Written by `python -m benchmarks.scale --quality {quality}`: films of {width}x{height} at {rate}
frames per second about the bundled photo, made by the tasks that `cnnviz build` gives to workers,
each in one process with its encoder beside it, and without a cache. Load of the machine's
{os.cpu_count()} cores in the minutes before and at the end: {loads[0]:.1f}, {loads[1]:.1f}.
While other programs are running, seconds say little, CPU seconds much.

## Films an hour

{films_table(films, made)}

On average a film takes {cpu:.1f} CPU seconds: {3600 / cpu:.0f} an hour a core. Two workers made
the same films in {two[1] / seconds:.2f} of the seconds that one took and in
{total_of_two / total:.2f} of its CPU time: {speed:.2f} times the films for each CPU second that
there was. A worker's drawing and encoding run side by side, so that one fills more than a core.

## What the engine takes

For each film the client reads the picture, sends it, receives {size / 1e6:.1f} MB, checks all
digests, and lets the files appear: {1000 * engine:.0f} ms of CPU time, {engine / cpu:.2%} of what
the film takes (goal: under 2 %). One client can do that for {1 / engine:.0f} films a second;
{WORKERS} workers with a core each send {in_a_second:.1f}.

## {PHOTOS:,} photos, {count} scenes, {WORKERS} workers

{PHOTOS * count:,} films, simulated with the times above (`benchmarks/cluster.py`): each worker has
a core, films are handed out one by one, a dead worker's film begins anew on another one, and 30
seconds later there is a worker in its place.

{estimates_table(queue, engine)}

On one core all of it would take {sum(queue) / 3600:.0f} hours. The films together are
{size * len(queue) / 1e9:.0f} GB; the workers send {in_a_second * size * 8 / 1e6:.0f} Mbit a
second, which the client writes. Not in it: the start of workers (some seconds each), a network or
a disk that is slower than that, and pictures that take longer than this one. What a death costs is
an upper bound: with `--dask` each beat is sent home as soon as it is finished, and whoever gets a
dead worker's film is sent what there is of it; with other executors the next worker draws only what
is missing if it has the dead one's cache, on the same machine or on a disk that they share
(`CNNVIZ_CACHE_DIR`).
"""


def estimates_table(queue: Sequence[float], engine: float) -> str:
    """Return what would become of films that take these seconds each."""
    rows = []
    for what, cluster in (
        ("no worker dies", Cluster(WORKERS, engine)),
        ("each worker dies once a day", Cluster(WORKERS, engine, DAY)),
        ("each worker dies once an hour", Cluster(WORKERS, engine, 3600.0)),
        ("the client takes ten times as long for each film", Cluster(WORKERS, 10 * engine)),
    ):
        found = simulate(queue, cluster)
        hours, lost = f"{found.seconds / 3600:.2f}", f"{found.lost / 3600:.1f}"
        rows.append([what, hours, f"{found.busy:.1%}", str(found.deaths), lost])
    return table(["if", "hours", "busy", "deaths", "hours of work lost"], rows)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
