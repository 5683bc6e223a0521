"""What README says of a cluster, typed as it stands there."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from cnnviz.publishing.clip_files import ClipFiles
from tests.course.conftest import QUICK

pytest.importorskip("distributed")

README = Path(__file__).parents[2] / "README.md"

ADDRESS = "tcp://10.0.0.5:8786"
"""The scheduler's in README."""

COURSE = f"""
[defaults]
pictures = ["photos"]
{QUICK}
[[films]]
scene = "softmax"
"""

ON_THIS_MACHINE = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
"""Added to the scheduler's command: any port that is free."""


def commands() -> dict[str, list[str]]:
    """Return the words of each line of README's cluster, by its first two."""
    (block,) = re.findall(r"^\*\*A cluster\*\*.*?```sh\n(.*?)```", README.read_text(), re.S | re.M)
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    return {" ".join(words[:2]): words for words in lines}


@contextmanager
def running(words: list[str], folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Run a command in a folder of its own, and end all of it; give the file with what it says."""
    (folder / "tmp").mkdir(parents=True)
    own = {"CNNVIZ_CACHE_DIR": str(folder / "cache"), "TMPDIR": str(folder / "tmp")}
    said = folder / "said.txt"
    with said.open("wb") as file:
        process = subprocess.Popen(
            words,
            cwd=folder,
            env={**environment, **own},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield said
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)


def address_in(said: Path) -> str:
    """Wait until a scheduler has said its address, and return it."""
    deadline = time.monotonic() + 60
    while (found := re.search(r"tcp://[\d.]+:\d+", said.read_text())) is None:
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.05)
    return found[0]


@pytest.mark.slow
def test_the_cluster_of_the_readme_makes_a_course(
    write_course: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    write_course(COURSE)
    typed, machines = commands(), tmp_path_factory.mktemp("machines")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path}
    scheduler = [*typed["dask scheduler"], *ON_THIS_MACHINE]
    with running(scheduler, machines / "scheduler", environment) as said:
        address = address_in(said)
        worker, build = (
            [word.replace(ADDRESS, address) for word in typed[name]]
            for name in ("dask worker", "cnnviz build")
        )
        with running(worker, machines / "worker", environment):
            made = subprocess.run(build, env=environment, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    films = [Path(line) for line in made.stdout.splitlines()]
    assert len(films) == 2
    assert {file for film in films for file in ClipFiles.at(film).all} == set(
        Path("films").iterdir()
    )
    assert list((machines / "worker" / "cache").iterdir()), "the worker has made nothing"
