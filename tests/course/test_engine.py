"""Films given to workers that fail in every way: each is made once, or it is said why not."""

from __future__ import annotations

import errno
import pickle
import shutil
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cnnviz.cache.store import Cache
from cnnviz.course.course_file import CourseFilm, read_course
from cnnviz.course.engine import TRIES, Engine, FilmProgress, Outcome, Workers
from cnnviz.course.film_task import (
    FilmFailure,
    FilmResult,
    FilmTask,
    WeightsWanted,
    run_film_task,
)
from cnnviz.course.sent_file import SentFile
from cnnviz.course.sent_inputs import ALWAYS_SENT
from cnnviz.publishing.clip_files import ClipFiles
from tests.course.conftest import QUICK, write_picture

Answer = Callable[[FilmTask], Any]


def content(name: str, data: bytes) -> SentFile:
    return replace(SentFile.of(Path(__file__)), name=name, data=data, sha256=sha256(data))


def sha256(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest()


def film_files(task: FilmTask) -> FilmResult:
    """Return what a worker would, without drawing anything."""
    names = ClipFiles.at(Path(task.name)).all
    files = tuple(content(path.name, f"{path.name} of {task.name}".encode()) for path in names)
    return FilmResult(files, 2.0, 30)


class ScriptedWorkers(Executor):
    """Answers at once, as it is told to, and notes what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.most_at_once = 0

    def submit(self, work: Any, /, *arguments: Any, **keywords: Any) -> Future[Any]:
        assert work is run_film_task
        task, report, send = arguments
        assert (report, send) == (None, None)
        self.asked.append(task.name)
        future: Future[Any] = Future()
        answer = self.answers.pop(0) if self.answers else film_files
        try:
            future.set_result(answer(task))
        except Exception as error:
            if isinstance(error, BrokenProcessPool):
                raise
            future.set_exception(error)
        return future


def dies(task: FilmTask) -> Any:
    raise ConnectionError("the worker is gone")


def damages(task: FilmTask) -> FilmResult:
    whole = film_files(task)
    return replace(whole, files=(replace(whole.files[0], data=b"x"), *whole.files[1:]))


def cannot(task: FilmTask) -> FilmFailure:
    return FilmFailure("there is no such layer")


@pytest.fixture
def films(write_course: Callable[[str], Path]) -> tuple[CourseFilm, ...]:
    path = write_course(
        f'[defaults]\npictures = ["photos"]\n{QUICK}[[films]]\nscene = "conv"\n'
        '[[films]]\nscene = "pool"\n'
    )
    return read_course(path, Cache()).films


def run(
    films: tuple[CourseFilm, ...], workers: Executor, at_once: int = 2, *, force: bool = False
) -> tuple[list[Outcome], list[tuple[int, FilmProgress]]]:
    reports: list[tuple[int, FilmProgress]] = []
    engine = Engine(
        films,
        ["code"] * len(films),
        Workers(workers, lambda: at_once),
        force=force,
        on_progress=lambda number, progress: reports.append((number, progress)),
    )
    return engine.run(), reports


def test_all_films_appear_in_their_order(films: tuple[CourseFilm, ...]) -> None:
    outcomes, reports = run(films, ScriptedWorkers())
    assert [outcome.film for outcome in outcomes] == list(films)
    for film in films:
        assert film.output.read_text() == f"{film.output.name} of {film.output.name}"
    assert [progress.state for _, progress in reports].count("done") == 4
    assert not [path for path in Path("films").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("fault", [dies, damages])
def test_a_film_whose_worker_fails_is_given_to_another(
    fault: Answer, films: tuple[CourseFilm, ...]
) -> None:
    workers = ScriptedWorkers(fault, film_files, fault, fault)
    outcomes, reports = run(films, workers)
    assert all(outcome.clip for outcome in outcomes)
    assert len(workers.asked) == len(films) + 3
    assert [progress.state for _, progress in reports].count("again") == 3


def test_a_film_that_kills_every_worker_is_given_up_and_the_others_are_made(
    films: tuple[CourseFilm, ...],
) -> None:
    def kills(task: FilmTask) -> Any:
        return dies(task) if task.name == films[1].output.name else film_files(task)

    workers = ScriptedWorkers(*[kills] * 20)
    outcomes, _ = run(films, workers)
    assert [outcome.clip is None for outcome in outcomes] == [False, True, False, False]
    assert workers.asked.count(films[1].output.name) == TRIES
    assert outcomes[1].failure is not None
    assert "the worker is gone" in outcomes[1].failure.message
    assert not films[1].output.exists()


def test_a_film_that_cannot_be_made_is_not_tried_again(films: tuple[CourseFilm, ...]) -> None:
    workers = ScriptedWorkers(film_files, cannot)
    outcomes, _ = run(films, workers)
    assert [outcome.clip is None for outcome in outcomes] == [False, True, False, False]
    assert len(workers.asked) == len(films)


def test_workers_that_are_broken_for_good_fail_what_is_left(
    films: tuple[CourseFilm, ...],
) -> None:
    def broken(task: FilmTask) -> Any:
        raise BrokenProcessPool("a process died")

    outcomes, _ = run(films, ScriptedWorkers(film_files, film_files, broken, broken))
    assert [outcome.clip is None for outcome in outcomes] == [False, False, True, True]
    assert outcomes[2].failure == FilmFailure("the executor takes no films: a process died")


def test_foreign_files_and_unreadable_pictures_fail_their_film_alone(
    films: tuple[CourseFilm, ...],
) -> None:
    films[0].output.parent.mkdir()
    films[0].output.write_text("precious")
    Path("photos/b.png").unlink()
    outcomes, _ = run(films, ScriptedWorkers())
    messages = [outcome.failure and outcome.failure.message for outcome in outcomes]
    assert "is in the way" in (messages[0] or "")
    assert 'cannot read "photos/b.png"' in (messages[1] or "")
    assert messages[2] is None
    assert films[0].output.read_text() == "precious"
    outcomes, _ = run(films, ScriptedWorkers(), force=True)
    assert outcomes[0].clip is not None


def test_a_full_disk_fails_films_in_one_line_and_what_was_finished_stays(
    films: tuple[CourseFilm, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def until_full(path: Path, data: Any) -> int:
        if path.name.startswith("pool"):
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", until_full)
    outcomes, _ = run(films, ScriptedWorkers())
    assert [outcome.clip is None for outcome in outcomes] == [False, False, True, True]
    assert outcomes[2].failure is not None
    assert outcomes[2].failure.message == (
        f'cannot write "{films[2].output}": No space left on device, '
        "so make room there, or choose another place"
    )
    assert {path.stem.split("_")[0] for path in Path("films").iterdir()} == {"conv"}


def test_an_interrupt_leaves_what_is_finished(films: tuple[CourseFilm, ...]) -> None:
    def note(number: int, progress: FilmProgress) -> None:
        if progress.state == "done":
            raise KeyboardInterrupt

    engine = Engine(
        films,
        ["code"] * len(films),
        Workers(ScriptedWorkers(), lambda: 1),
        force=False,
        on_progress=note,
    )
    with pytest.raises(KeyboardInterrupt):
        engine.run()
    assert films[0].output.exists()
    assert not films[1].output.exists()


def test_large_weights_are_sent_to_who_asks_for_them(
    write_course: Callable[[str], Path], folder: Path
) -> None:
    weights = folder / "mine.safetensors"
    weights.write_bytes(bytes(ALWAYS_SENT + 1))
    path = write_course('[[films]]\nscene = "conv"\nnetworks = ["mine.safetensors"]\n')
    sent: list[int | None] = []

    def has_none(task: FilmTask) -> Any:
        (weights,) = task.inputs.weights.values()
        sent.append(None if weights.data is None else len(weights.data))
        return WeightsWanted() if weights.data is None else film_files(task)

    outcomes, _ = run(read_course(path, Cache()).films, ScriptedWorkers(*[has_none] * 9))
    assert sent == [None, ALWAYS_SENT + 1]
    assert outcomes[0].clip is not None


def test_both_that_are_compared_travel_each_once(
    write_course: Callable[[str], Path], folder: Path
) -> None:
    write_picture(folder / "more" / "a.png", 5)
    (folder / "mine.safetensors").write_bytes(b"weights")
    path = write_course(
        '[defaults]\nnetworks = ["mine.safetensors"]\n[[films]]\nscene = "compare"\n'
        'pictures = ["photos/a.png", "more/a.png"]\n'
    )
    (film,) = read_course(path, Cache()).films
    given = [picture.inputs for picture in film.request.pictures]
    contents = [[file.read_bytes() for file in files] for files in given]
    task = pickle.loads(pickle.dumps(FilmTask.of(film.request, "film.mp4", "code")))
    for name in ("photos", "more"):
        shutil.rmtree(name)
    Path("mine.safetensors").unlink()
    here = task.inputs.written(task.request, folder / "worker", None)
    copies = [picture.inputs for picture in here.pictures]
    assert [[file.read_bytes() for file in files] for files in copies] == contents
    assert copies[0][1] == copies[1][1]
    message = task.inputs.with_the_clients_names(f"cannot read '{copies[1][0]}'")
    assert message == "cannot read 'more/a.png'"


def test_a_worker_with_other_code_says_so(films: tuple[CourseFilm, ...]) -> None:
    answer = run_film_task(FilmTask.of(films[0].request, "film.mp4", "other code"))
    assert isinstance(answer, FilmFailure)
    assert "another cnnviz" in answer.message


def test_a_workers_disk_is_named_in_one_line_and_no_fault_of_ours(
    films: tuple[CourseFilm, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "/scratch/x")

    monkeypatch.setattr("cnnviz.course.film_task.RecipeBook", read_only)
    answer = run_film_task(FilmTask.of(films[0].request, "film.mp4", "code"))
    assert isinstance(answer, FilmFailure)
    assert answer.message.startswith('Read-only file system: "/scratch/x"')
    assert answer.traceback == ""
    assert not answer.is_ours


def test_a_damaged_picture_is_sent_again(films: tuple[CourseFilm, ...]) -> None:
    from cnnviz.pipeline.recipe import RecipeBook

    code = RecipeBook(Cache()).recipe(films[0].request.film)["code"]
    task = FilmTask.of(films[0].request, "film.mp4", code)
    damaged = {path: replace(sent, data=b"x") for path, sent in task.inputs.pictures.items()}
    with pytest.raises(ConnectionError, match="damaged"):
        run_film_task(replace(task, inputs=replace(task.inputs, pictures=damaged)))


def test_no_more_films_are_given_out_than_wanted(write_course: Callable[[str], Path]) -> None:
    for seed in range(2, 5):
        write_picture(Path("photos") / f"{seed}.png", seed)
    path = write_course('[defaults]\npictures = ["photos"]\n[[films]]\nscene = "conv"\n')
    films = read_course(path, Cache()).films
    at_once: list[int] = []
    begun: set[int] = set()

    def note(number: int, progress: FilmProgress) -> None:
        (begun.add if progress.state == "begun" else begun.discard)(number)
        at_once.append(len(begun))

    Engine(
        films,
        ["code"] * len(films),
        Workers(ScriptedWorkers(), lambda: 2),
        force=False,
        on_progress=note,
    ).run()
    assert len(films) == 5
    assert max(at_once) <= 4  # two, and those that are given out while two are received
