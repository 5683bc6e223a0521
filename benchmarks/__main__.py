"""Measure everything and write docs/performance.md: ``python -m benchmarks`` (or ``make bench``).

Each film is rendered by a fresh process, from the command to the finished MP4; the films that
are compared follow each other in every round, so that a busy machine slows all of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import cairo

from benchmarks.case import CASES
from benchmarks.chart import line_chart
from benchmarks.measuring import ROOT, Cost, film_seconds, measure, measure_case, render_command
from cnnviz.rendering.settings import FilmSettings
from cnnviz.rendering.worker_pool import default_jobs

PAIRS = {
    "convolution against squares": ("conv-squares", "conv-cnnviz", 25.0),
    "convolution against images": ("conv-images", "conv-cnnviz", 13.0),
    "the same, Manim with our encoder settings": ("conv-images-same-encoder", "conv-cnnviz", 9.0),
    "overview against images": ("overview-images", "overview-cnnviz", 20.0),
    "softmax against decimals": ("softmax-decimals", "softmax-cnnviz", 10.0),
}
"""What is compared: Manim's case, ours, and how many times faster we want to be."""


def compare(rounds: int, quality: str) -> tuple[str, str]:
    """Render all cases in turn; return the tables of ratios and of costs."""
    costs: dict[str, list[Cost]] = {case: [] for case in CASES}
    for number in range(rounds):
        for case in CASES:
            say(f"round {number + 1} of {rounds}: {case}")
            costs[case].append(measure_case(case, quality))
    ratios = ["| film | times faster | in CPU time | goal | |", "|---|---|---|---|---|"]
    for name, (theirs, ours, goal) in PAIRS.items():
        pairs = list(zip(costs[theirs], costs[ours], strict=True))
        seconds = median(their.seconds / our.seconds for their, our in pairs)
        cpu = median(their.cpu / our.cpu for their, our in pairs)
        verdict = "reached" if seconds >= goal else "missed"
        ratios.append(f"| {name} | {seconds:.1f} | {cpu:.1f} | {goal:g} | {verdict} |")
    table = ["| case | seconds | CPU s | ms per frame | peak MB |", "|---|---|---|---|---|"]
    for case, some in costs.items():
        seconds = median(cost.seconds for cost in some)
        cpu, memory = median(cost.cpu for cost in some), max(cost.memory for cost in some)
        frames = some[0].result["frames"]
        table.append(
            f"| {case} | {seconds:.1f} | {cpu:.1f} | {1000 * cpu / frames:.1f} | {memory:.0f} |"
        )
    return "\n".join(ratios), "\n".join(table)


def single_figures(rounds: int, quality: str) -> str:
    """Return the table of goals that are no comparison with Manim."""
    film_rows, stages = _render_figures(rounds, quality)
    rows = [*film_rows, *_command_figures(rounds, quality)]
    say("peak memory at 4K")
    rows.append(("peak MB of any process at 4K", measure_case("conv-cnnviz", "k").memory, 800.0))
    lines = ["| figure | measured | goal | |", "|---|---|---|---|"]
    for name, value, goal in rows:
        verdict = "" if goal is None else "reached" if value <= goal else "missed"
        lines.append(f"| {name} | {value:.2f} | {goal or ''} | {verdict} |")
    lines += ["", "| stage of the benchmark's convolution | CPU s |", "|---|---|"]
    lines += [f"| {stage} | {seconds:.2f} |" for stage, seconds in stages.items()]
    return "\n".join(lines)


Row = tuple[str, float, float | None]


def _command_figures(rounds: int, quality: str) -> list[Row]:
    """Return what the command ``cnnviz`` takes: new, again, for a still."""
    new, again, stills, first_frames = [], [], [], []
    seconds = 0.0
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: cnnviz render conv, new and again; a still")
        with TemporaryDirectory() as name:
            folder = Path(name)
            still = ["still", "conv", "-q", quality, "-o", str(folder / "still.png"), "--at", "10"]
            network = measure(still, cache=folder)
            stills.append(measure(still, cache=folder))
            film = folder / "film.mp4"
            new.append(measure(render_command(film, quality), cache=folder))
            again.append(measure(render_command(film, quality), cache=folder))
            first_frames.append(new[-1].first_line)
            seconds = film_seconds(film)
    wall = median(cost.seconds for cost in new)
    return [
        (f"`cnnviz render conv` ({seconds:.0f} s), seconds per film second", wall / seconds, 0.25),
        ("the same in CPU seconds", median(cost.cpu for cost in new) / seconds, None),
        ("first frame drawn, seconds after the command", median(first_frames), 1.0),
        ("the same film again, seconds", median(cost.seconds for cost in again), 1.5),
        ("the same in CPU seconds", median(cost.cpu for cost in again), None),
        ("a still at 10 s, seconds", median(cost.seconds for cost in stills), 1.3),
        ("the same in CPU seconds", median(cost.cpu for cost in stills), None),
        ("peak MB of the processes that draw and encode", max(c.memory for c in new), 300.0),
        ("peak MB of the process that runs the network", network.memory, None),
    ]


def _render_figures(rounds: int, quality: str) -> tuple[list[Row], dict[str, float]]:
    """Return drawing and encoding compared with encoding alone, and the stages."""
    walls, shares, sums = [], [], []
    stages: dict[str, float] = {}
    with TemporaryDirectory() as name:
        source = Path(name) / "source.mp4"
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}: rendering against encoding alone")
            whole = measure_case("conv-cnnviz", quality, "--output", str(source)).result
            alone = measure_case("encode-only", quality, "--source", str(source)).result
            stages = whole["stages"]
            walls.append(whole["seconds"] / alone["seconds"])
            shares.append((sum(stages.values()) - stages["encode"]) / alone["cpu"])
            sums.append(sum(stages.values()) / alone["cpu"])
    rows: list[Row] = [
        ("render part (all but encoding) / encoding alone, in CPU time", median(shares), 1.3),
        ("render part and encoding together / encoding alone, in CPU time", median(sums), None),
        ("the same in seconds, together on all cores, alone on one", median(walls), None),
    ]
    return rows, stages


def workers(rounds: int, quality: str) -> str:
    """Return the table of what the command takes with several numbers of jobs."""
    cores = os.cpu_count() or 1
    choices = sorted({1, max(1, cores // 2), cores, 2 * cores})
    costs: dict[int, list[Cost]] = {jobs: [] for jobs in choices}
    for number in range(rounds):
        for jobs in choices:
            say(f"round {number + 1} of {rounds}: --jobs {jobs}")
            with TemporaryDirectory() as name:
                folder = Path(name)
                measure(["still", "conv", "-o", str(folder / "a.png"), "--at", "0"], cache=folder)
                command = [*render_command(folder / "film.mp4", quality), "--jobs", str(jobs)]
                costs[jobs].append(measure(command, cache=folder))
    lines = ["| jobs | seconds | CPU s | first frame after |", "|---|---|---|---|"]
    for jobs, some in costs.items():
        seconds, cpu = median(cost.seconds for cost in some), median(cost.cpu for cost in some)
        first = median(cost.first_line for cost in some)
        lines.append(f"| {jobs} | {seconds:.2f} | {cpu:.2f} | {first:.2f} |")
    return "\n".join(lines)


def growth(folder: Path, qualities: str, paces: Sequence[float]) -> str:
    """Measure cost against pixels and against film length, draw both, and return the text."""
    pixels = []
    for quality in qualities:
        say(f"growth with pixels: {quality}")
        settings = FilmSettings.of_quality(quality)  # type: ignore[arg-type]
        cost = measure_case("conv-cnnviz", quality)
        frame = settings.pixel_width * settings.pixel_height / 1e6
        pixels.append((frame, 1000 * cost.cpu / cost.result["frames"]))
    line_chart(folder / "cost-by-pixels.svg", pixels, "megapixels a frame", "CPU ms a frame")
    lengths = []
    for pace in paces:
        say(f"growth with length: pace {pace}")
        with TemporaryDirectory() as name:
            film = Path(name) / "conv.mp4"
            command = [*render_command(film, "m"), "--pace", str(pace)]
            cost = measure(command, cache=Path(name))
            lengths.append((film_seconds(film), cost.cpu))
    line_chart(folder / "cost-by-length.svg", lengths, "film seconds (720p30)", "CPU seconds")
    return "![pixels](cost-by-pixels.svg)\n\n![length](cost-by-length.svg)"


def machine() -> str:
    """Return what it ran on."""
    model = platform.processor() or platform.machine()
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        names = [line for line in cpu_info.read_text().splitlines() if "model name" in line]
        model = names[0].split(":")[1].strip() if names else model
    libraries = ", ".join(f"{name} {version(name)}" for name in ("manim", "av", "numpy", "pycairo"))
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}; Python {platform.python_version()},"
        f" {libraries}, Cairo {cairo.cairo_version_string()}; load {os.getloadavg()[0]:.1f}"
        " in the minute before"
    )


def say(text: str) -> None:
    """Tell on stderr what is being measured."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quality", default="h", choices=list("lmhpk"))
    parser.add_argument("--folder", type=Path, default=ROOT / "docs")
    parser.add_argument(
        "--quick", action="store_true", help="one round and short curves, a third of the time"
    )
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    rounds = 1 if arguments.quick else arguments.rounds
    where = machine()
    ratios, costs = compare(rounds, arguments.quality)
    figures = single_figures(rounds, arguments.quality)
    jobs = workers(rounds, arguments.quality)
    qualities, paces = ("mhk", (0.5, 2)) if arguments.quick else ("lmhpk", (0.5, 1, 2, 4))
    curves = growth(arguments.folder, qualities, paces)
    settings = FilmSettings.of_quality(arguments.quality)
    page = PAGE.format(
        size=f"{settings.pixel_width}x{settings.pixel_height} at {settings.frame_rate} frames/s",
        machine=where,
        rounds=rounds,
        ratios=ratios,
        costs=costs,
        figures=figures,
        jobs=jobs,
        default_jobs=default_jobs(),
        curves=curves,
    )
    (arguments.folder / "performance.md").write_text(page, encoding="utf-8")


PAGE = """\
# Performance

Written by `make bench` (`make bench QUICK=1` takes a third of the time). Every film is made by a
fresh process, from the command to the finished MP4, {size}; the two films of a
pair show the same, one with Manim's own renderer (caching off), one with cnnviz's mobjects and
renderer. Ratios are medians of interleaved pairs; rounds: {rounds}.

Machine: {machine}.

While other programs are running, seconds say little: run it again. CPU seconds depend less on them,
but leave out that our drawing and encoding run side by side.

## How many times faster

{ratios}

{costs}

## Other figures

{figures}

The render part is all that happens before H.264: build, animate, detect, draw, hand over, convert.
On a single core, where it has to take turns with encoding, a film costs the second figure times
what encoding alone costs.

## Workers

`cnnviz render conv` with several numbers of `--jobs`; the default here is {default_jobs}.

{jobs}

## Growth

{curves}
"""

if __name__ == "__main__":
    main()
