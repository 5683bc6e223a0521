"""Films on machines that share nothing: processes with folders of their own, killed at random."""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pytest

import cnnviz
from cnnviz.cache.store import Cache, Kind
from cnnviz.cli.main import main
from cnnviz.course.build import Build
from cnnviz.course.dask import SectionQueue
from cnnviz.course.engine import FilmProgress
from cnnviz.course.film_task import FilmResult, FilmTask
from cnnviz.course.sections import SectionRecord
from cnnviz.errors import UserError
from cnnviz.pipeline.recipe import RecipeBook
from cnnviz.pipeline.request import RenderRequest
from cnnviz.publishing.clip_files import ClipFiles, digest_of, read_manifest
from tests.course.conftest import QUICK
from tests.course.machines import Machines

pytest.importorskip("distributed")

WriteCourse = Callable[[str], Path]

COURSE = f"""
[defaults]
pictures = ["photos"]
{QUICK}
[[films]]
scene = "softmax"
[[films]]
scene = "pool"
"""


def assert_all_there_once(
    build: Build, reports: list[tuple[int, FilmProgress]], count: int
) -> None:
    assert build.failed == ()
    assert len(build.made) == count
    done = [number for number, progress in reports if progress.state == "done"]
    assert sorted(done) == list(range(count))
    for clip in build.made:
        manifest = read_manifest(clip.manifest)
        assert manifest is not None
        for suffix, digest in manifest["files"].items():
            assert digest_of(clip.video.with_suffix(suffix)) == digest
    files = {path for clip in build.made for path in ClipFiles.at(clip.video).all}
    assert set(Path("films").iterdir()) == files


@pytest.mark.slow
def test_workers_that_are_killed_at_random_lose_nothing(
    write_course: WriteCourse, machines: Machines
) -> None:
    path = write_course(COURSE)
    for name in ("one", "two"):
        machines.start_worker(name)
    reports: list[tuple[int, FilmProgress]] = []
    is_over = threading.Event()
    chance = random.Random(20)
    killed: list[str] = []

    def kill_now_and_then() -> None:
        while not is_over.wait(chance.uniform(3, 6)) and len(killed) < 2:
            name = chance.choice(["one", "two"])
            machines.kill_worker(name)
            killed.append(name)
            machines.start_worker(name)

    killer = threading.Thread(target=kill_now_and_then)
    killer.start()
    try:
        build = cnnviz.build(
            path, dask=machines.address, on_progress=lambda *each: reports.append(each)
        )
    finally:
        is_over.set()
        killer.join()
    assert killed
    assert_all_there_once(build, reports, 4)
    again = cnnviz.build(path, dask=machines.address)
    assert again.made == ()
    for name in ("one", "two"):  # each has looked at pictures of its own copy
        assert (machines.folder / name / "cache" / "cnnviz").is_dir()


@pytest.mark.slow
def test_a_scheduler_that_dies_ends_the_build_and_what_was_finished_stays(
    write_course: WriteCourse, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnviz.course.dask.PATIENCE", 5)
    path = write_course(COURSE)
    machines.start_worker("one")

    def kill_scheduler(number: int, progress: FilmProgress) -> None:
        if progress.state == "done":
            machines.processes[0].kill()

    with pytest.raises(UserError, match="no Dask scheduler answers at"):
        cnnviz.build(path, dask=machines.address, on_progress=kill_scheduler)
    assert len(list(Path("films").glob("*.mp4"))) >= 1
    assert not [path for path in Path("films").iterdir() if path.name.startswith(".")]


def test_a_scheduler_that_does_not_answer_is_one_line(
    write_course: WriteCourse,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cnnviz.course.dask.PATIENCE", 0.5)
    write_course(COURSE)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        assert main(["build", "--dask", address, "-Q"]) == 2
        (said,) = capsys.readouterr().err.splitlines()
        assert said.startswith(f'Error: no Dask scheduler answers at "{address}": ')
    assert not Path("films").exists()


def local_executorlib() -> Executor:
    executorlib = pytest.importorskip("executorlib")
    executor: Executor = executorlib.SingleNodeExecutor(max_workers=1)
    return executor


@pytest.mark.slow
def test_a_worker_needs_nothing_of_the_clients_files(
    folder: Path, small_weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    weights = folder / "mine.safetensors"
    weights.write_bytes(small_weights.read_bytes())
    look = {"quality": "l", "fps": 2, "pace": 0.2, "beats": "wave"}
    request = RenderRequest.of("relu", folder / "photos" / "a.png", weights=weights, **look)
    code = RecipeBook(None).recipe(request.film)["code"]
    task = pickle.dumps(FilmTask.of(request, "film.mp4", code, use_cache=False))
    digests = {"image": digest_of(folder / "photos" / "a.png"), "weights": digest_of(weights)}
    shutil.rmtree(folder / "photos")
    weights.unlink()
    home = tmp_path_factory.mktemp("another machine")
    (home / "task").write_bytes(task)
    own = {"HOME": str(home), "CNNVIZ_CACHE_DIR": str(home / "cache"), "TMPDIR": str(home)}
    work = (
        "import pickle; from pathlib import Path\n"
        "from cnnviz.course.film_task import run_film_task\n"
        "if __name__ == '__main__':\n"
        "    answer = run_film_task(pickle.loads(Path('task').read_bytes()))\n"
        "    Path('answer').write_bytes(pickle.dumps(answer))"
    )
    (home / "work.py").write_text(work)
    subprocess.run([sys.executable, "work.py"], cwd=home, env={**os.environ, **own}, check=True)
    answer = pickle.loads((home / "answer").read_bytes())
    assert isinstance(answer, FilmResult), answer
    files = {each.name: each.data for each in answer.files}
    assert all(each.is_whole() for each in answer.files)
    manifest = json.loads(files["film.json"] or b"")
    source = manifest["source"]
    assert {name: source[f"{name}_sha256"] for name in digests} == digests
    assert str(folder) not in (files["film.json"] or b"").decode()


@pytest.mark.slow
def test_what_a_dead_worker_finished_is_not_drawn_again(
    write_course: WriteCourse, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_course(
        "[[films]]\nscene = 'conv'\npictures = ['photos/a.png']\nquality = 'l'\nfps = 15\n"
    )
    machines.start_worker("one")
    sent: list[str] = []
    arrived = SectionQueue.arrived
    second = threading.Thread(target=machines.start_worker, args=["two"])

    def note(queue: SectionQueue) -> list[tuple[int, SectionRecord]]:
        found = arrived(queue)
        sent.extend(section.key for _, section in found if section.kind == Kind.SECTION)
        if len(sent) >= 3 and second.ident is None:
            machines.kill_worker("one")
            second.start()
        return found

    monkeypatch.setattr(SectionQueue, "arrived", note)
    reports: list[tuple[int, FilmProgress]] = []
    build = cnnviz.build(
        path, dask=machines.address, on_progress=lambda *each: reports.append(each)
    )
    second.join()
    assert_all_there_once(build, reports, 1)
    assert "again" in [progress.state for _, progress in reports]
    assert len(sent) == len(set(sent))
    there = Cache(machines.folder / "two" / "cache")
    assert all(there.get(Kind.SECTION, key) for key in sent)
    (clip,) = build.made
    manifest = read_manifest(clip.manifest)
    (here,) = cnnviz.build(path, everything=True, cache=False).made
    assert read_manifest(here.manifest) == manifest


@pytest.mark.slow
def test_executorlib_makes_films(write_course: WriteCourse) -> None:
    """The same interface as its executors for Slurm and Flux."""
    path = write_course(COURSE.split('[[films]]\nscene = "pool"')[0])
    reports: list[tuple[int, FilmProgress]] = []
    with local_executorlib() as executor:
        build = cnnviz.build(
            path, executor=executor, on_progress=lambda *each: reports.append(each)
        )
    assert_all_there_once(build, reports, 2)
