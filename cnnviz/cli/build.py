"""``cnnviz build``: a course of films, a page and slides from one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnnviz.cache.store import Cache
from cnnviz.cli.options import cache_option, quiet_option, with_options
from cnnviz.cli.printing import print_paths
from cnnviz.cli.tracebacks import keep_text
from cnnviz.errors import UserError, one_line
from cnnviz.system.interrupts import exit_code_of

if TYPE_CHECKING:  # imported where there is a course
    from cnnviz.course.build import Build
    from cnnviz.course.engine import Outcome
    from cnnviz.course.plan import Plan

COURSE = Path("course.toml")


def _options(command: click.decorators.FC) -> click.decorators.FC:
    return with_options(
        command,
        click.option("-n", "--dry-run", is_flag=True, help="Say what would be made, and why."),
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(1),
            metavar="N",
            help="Films that are made at a time. [default: half the cores; with --dask, two for "
            "each thread of a worker]",
        ),
        click.option(
            "--dask",
            metavar="ADDRESS",
            help="Let the workers of a Dask cluster make the films: its scheduler's address, such "
            "as tcp://10.0.0.5:8786.",
        ),
        click.option("--all", "everything", is_flag=True, help="Make all films anew."),
        cache_option,
        click.option(
            "--force",
            is_flag=True,
            help="Replace files in the way that cnnviz did not make; never a picture.",
        ),
        click.option("--init", is_flag=True, help="Write an example of a course file, and stop."),
        click.option("--schema", is_flag=True, help="Print the JSON schema of course files."),
        quiet_option,
    )


@click.command(short_help="Make a course: all films of a file that are missing or stale.")
@click.argument("course", type=click.Path(path_type=Path), default=COURSE, metavar="[COURSE.toml]")
@_options
@click.pass_context
def build(
    context: click.Context,
    course: Path,
    *,
    dry_run: bool,
    jobs: int | None,
    dask: str | None,
    everything: bool,
    cache: bool,
    force: bool,
    init: bool,
    schema: bool,
    quiet: bool,
) -> None:
    """Make the films that a course file lists and that are missing or stale, and no others.

    \b
    Example:
      cnnviz build --init        # writes an example: course.toml
      cnnviz build --dry-run     # says what would be made, and why
      cnnviz build

    Films are made side by side. A film that cannot be made does not stop the others and is
    listed at the end; whatever was finished stays, and the same command goes on. The paths of
    the films that were made are printed on stdout, and those of page and slides.

    Exit code 0: all is there. 2: the course file cannot be used, or films cannot be made for
    reasons that you can put right. 1: a film failed for a fault of cnnviz. 130: interrupted.
    """  # noqa: D301
    from cnnviz.course.build import BuildOptions, build_course, prepare_course

    kept = Cache() if cache else None
    if schema:
        _print_schema(kept)
        return
    if init:
        _write_example(course)
        return
    options = BuildOptions(kept, jobs, None, dask, everything, force)
    read, plan = prepare_course(course, options)
    if dry_run:
        _print_plan(plan)
        return
    from cnnviz.cli.course_progress import course_progress

    try:
        with course_progress(plan, quiet=quiet) as report:
            done = build_course(read, plan, options, report)
    except KeyboardInterrupt as interrupt:
        click.echo("Error: interrupted; what was finished stays, call the command again", err=True)
        context.exit(exit_code_of(interrupt))
    _print_result(done)
    context.exit(_exit_code(done))


def _print_schema(cache: Cache | None) -> None:
    from cnnviz.course.schema import course_schema
    from cnnviz.staging.registry import describe_scenes

    click.echo(json.dumps(course_schema(describe_scenes(cache)), ensure_ascii=False, indent=1))


def _write_example(path: Path) -> None:
    """Write the example where nothing is."""
    from importlib.resources import files

    text = (files("cnnviz.course") / "example.toml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f'"{path}" is there already, and is left as it is') from None
    except OSError as error:
        raise UserError(f'cannot write "{path}": {error.strerror}') from None
    click.echo(path)


def _print_plan(plan: Plan) -> None:
    for each in plan.films:
        reasons = f" ({'; '.join(each.reasons)})" if each.reasons else ""
        click.echo(one_line(f"{each.state}: {each.film.output}{reasons}"))
    click.echo(f"{len(plan.wanted)} of {len(plan.films)} films would be made", err=True)


def _print_result(done: Build) -> None:
    print_paths(clip.video for clip in done.made)
    print_paths(done.written)
    for outcome in done.failed:
        click.echo(f"Error: {_failure(outcome)}", err=True)
    for reason in done.unwritten:
        click.echo(f"Error: {reason}", err=True)


def _failure(outcome: Outcome) -> str:
    failure = outcome.failure
    assert failure is not None
    said = f"{outcome.film.place}: {outcome.film.output}: {failure.message}"
    return f"{said} (traceback: {keep_text(failure.traceback)})" if failure.traceback else said


def _exit_code(done: Build) -> int:
    if not done.failed and not done.unwritten:
        return 0
    return 1 if any(each.failure and each.failure.is_ours for each in done.failed) else 2
