"""Courses: what the command ``build`` does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from cnnviz.cache.store import Cache
from cnnviz.course.build import Build, BuildOptions, build_course, prepare_course
from cnnviz.course.engine import FilmProgress


def build(
    course: str | Path = "course.toml",
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    dask: str | None = None,
    cache: bool = True,
    everything: bool = False,
    force: bool = False,
    on_progress: Callable[[int, FilmProgress], None] | None = None,
) -> Build:
    """Make the films that a course file lists and that are missing or stale, page and slides.

    Parameters
    ----------
    course
        The file; ``cnnviz build --init`` writes an example, ``--schema`` prints what may stand
        in it.
    jobs
        How many films are made at a time. By default half the cores; with an executor 64, with
        Dask two for each thread of a worker.
    executor
        Where films are made, in place of fresh processes on this machine: its workers need
        cnnviz, and none of this machine's files. A film whose worker dies is given to it again.
    dask
        In place of an executor the address of a Dask scheduler, with the extra ``cnnviz[dask]``.
    cache
        Whether what was made before is taken from the cache, and what is made is kept there;
        workers elsewhere have caches of their own.
    everything
        Whether films that are up to date are made anew as well.
    force
        Whether files in the way that cnnviz did not make are replaced. What is read is never
        written to.
    on_progress
        Called with a film's number, among those that are to be made, and how far it is.

    Returns
    -------
    Build
        What was made, what was there already, and what failed: look at `failed`, since a film
        that cannot be made does not stop the others and raises nothing.

    Raises
    ------
    UserError
        If the course file cannot be used, or no scheduler answers.
    """
    options = BuildOptions(Cache() if cache else None, jobs, executor, dask, everything, force)
    read, plan = prepare_course(course, options)
    return build_course(read, plan, options, on_progress or _ignored)


def _ignored(number: int, progress: FilmProgress) -> None:
    """Tell nobody."""
