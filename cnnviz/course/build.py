"""From a course file to its films, page and slides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cnnviz.cache.store import Cache
from cnnviz.course.course_file import Course, CourseFilm, read_course
from cnnviz.course.engine import Engine, OnProgress, Outcome, Workers
from cnnviz.course.finished_films import finished_films
from cnnviz.course.page.page import write_page
from cnnviz.course.plan import Plan, plan_course
from cnnviz.course.slides.slides import write_slides
from cnnviz.errors import UserError
from cnnviz.pipeline.clip import Clip
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.rendering.worker_pool import default_jobs
from cnnviz.system.local_executor import LocalExecutor
from cnnviz.system.scratch import scratch_folder

FILMS_AT_ONCE = 64
"""How many films an executor has at a time if nobody says: enough for most, and no flood."""


@dataclass(frozen=True)
class BuildOptions:
    """How a course is built; nothing here changes a frame.

    Attributes
    ----------
    cache
        Where what was made is kept and found again; None for nowhere.
    jobs
        How many processes draw on this machine, or how many films an executor has at a time.
    executor
        Where films are made: by default in fresh processes on this machine.
    dask
        In place of an executor, the address of a Dask scheduler.
    everything
        Whether films that are up to date are made anew as well.
    force
        Whether files in the way that cnnviz did not make are replaced. Never an input.
    """

    cache: Cache | None = None
    jobs: int | None = None
    executor: Executor | None = None
    dask: str | None = None
    everything: bool = False
    force: bool = False


@dataclass(frozen=True)
class Build:
    """What a build has done.

    Attributes
    ----------
    made
        The films that were made, in the course's order.
    fresh
        Those that were there already.
    failed
        Those that could not be made, with the reason of each.
    written
        The files of page and slides that people open, where something about them has changed.
    unwritten
        Why page or slides could not be written.
    """

    made: tuple[Clip, ...]
    fresh: tuple[Path, ...]
    failed: tuple[Outcome, ...]
    written: tuple[Path, ...]
    unwritten: tuple[str, ...] = ()


def build_course(
    course: Course, plan: Plan, options: BuildOptions, on_progress: OnProgress
) -> Build:
    """Make the films that a plan wants, then page and slides.

    Parameters
    ----------
    course, plan
        The course, and what is to be done about its films.
    options
        How it is carried out.
    on_progress
        Called with the number of a film among the wanted ones, and how far it is.

    Raises
    ------
    UserError
        If the workers cannot be reached.
    """
    wanted = [each.film for each in plan.wanted]
    outcomes = _make(wanted, options, on_progress) if wanted else []
    made = tuple(each.clip for each in outcomes if each.clip is not None)
    failed = tuple(each for each in outcomes if each.clip is None)
    fresh = tuple(each.film.output for each in plan.films if each.film not in wanted)
    written, unwritten = _write_besides(course, force=options.force)
    return Build(made, fresh, failed, tuple(written), tuple(unwritten))


def _write_besides(course: Course, *, force: bool) -> tuple[list[Path], list[str]]:
    """Write page and slides about the films that are there.

    Returns
    -------
    list of Path
        What was written.
    list of str
        Why what was not written was not.
    """
    asked = (write_page if course.page else None, write_slides if course.slides else None)
    written: list[Path] = []
    unwritten: list[str] = []
    films = finished_films(course.films) if any(asked) else []
    for write in filter(None, asked if films else ()):
        try:
            written += write(course, films, force=force)
        except UserError as error:
            unwritten.append(str(error))
    return written, unwritten


def _make(
    films: Sequence[CourseFilm], options: BuildOptions, on_progress: OnProgress
) -> list[Outcome]:
    book = RecipeBook(options.cache)
    codes = [book.recipe(film.request.film)["code"] for film in films]
    with _workers(len(films), options) as workers:
        engine = Engine(
            films,
            codes,
            workers,
            cache=options.cache,
            force=options.force,
            on_progress=on_progress,
        )
        return engine.run()


@contextmanager
def _workers(count: int, options: BuildOptions) -> Iterator[Workers]:
    """Give those who make the films; local processes end with the block."""
    uses_cache = options.cache is not None
    if options.dask is not None:
        from cnnviz.course.dask import dask_workers  # of an extra

        with dask_workers(options.dask, options.jobs, use_cache=uses_cache) as workers:
            yield workers
    elif options.executor is not None:
        at_once = options.jobs or FILMS_AT_ONCE
        yield Workers(options.executor, lambda: at_once, use_cache=uses_cache)
    else:
        jobs = options.jobs or default_jobs()
        size = min(jobs, count)
        with (
            scratch_folder() as folder,
            LocalExecutor(size, folder) as executor,
        ):
            yield Workers(executor, lambda: size, jobs // size, uses_cache, folder)


def prepare_course(path: str | Path, options: BuildOptions) -> tuple[Course, Plan]:
    """Return a course and what is to be done about its films; UserError if it cannot be used."""
    course = read_course(path, options.cache)
    return course, plan_course(course, options.cache, everything=options.everything)
