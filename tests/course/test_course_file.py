"""What a course file means, and what is wrong with it, by line."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cnnviz.cache.store import Cache
from cnnviz.cli.main import main
from cnnviz.course.course_file import Course, read_course
from cnnviz.course.keys import AXES, CALLED, COMMON_KEYS, FILM_KEYS, key_of
from cnnviz.errors import UserError
from cnnviz.pipeline.look import Look
from cnnviz.pipeline.request import Part, PictureRequest
from cnnviz.pipeline.request import _names as names_of
from cnnviz.staging.registry import describe_scenes
from tests.course.conftest import QUICK, scene_in_the_readme

WriteCourse = Callable[[str], Path]


def names(course: Course) -> list[str]:
    return [film.output.name for film in course.films]


def test_there_is_a_film_for_every_combination_in_the_order_of_the_course(
    write_course: WriteCourse, small_weights: Path
) -> None:
    course = read_course(
        write_course(
            f"""
            output = "out"
            [defaults]
            pictures = ["photos"]
            languages = ["zh", "en"]
            [[films]]
            scene = "softmax"
            languages = ["en"]
            networks = ["tiny_vgg", '{small_weights}']
            title = {{ en = "Scores", zh = "x" }}
            name = "last"
            pace = 2
            [[films]]
            scene = "conv"
            pixel = [3, 4]
            crop = [0, 0, 32, 32]
            background = "red"
            """
        ),
        Cache(),
    )
    assert names(course) == [
        "last_a_tiny_vgg_pace2.mp4",
        "last_a_fixed_pace2.mp4",
        "last_b_tiny_vgg_pace2.mp4",
        "last_b_fixed_pace2.mp4",
        *(
            f"conv_{photo}_crop0-0-32-32_on255-0-0_px3-4{language}.mp4"
            for photo in "ab"
            for language in ("_zh", "")
        ),
    ]
    assert {film.output.parent for film in course.films} == {Path("out")}
    assert [film.entry for film in course.films] == [0] * 4 + [1] * 4
    assert [film.title for film in course.films] == ["Scores"] * 4 + [None] * 4
    assert course.languages == ["en", "zh"]
    assert course.films[0].place == "course.toml:6"
    assert course.films[-1].request.film.parameters == {"pixel": (3, 4)}


def test_paths_are_seen_from_the_course_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = folder / "term" / "one"
    inner.mkdir(parents=True)
    (inner / "course.toml").write_text(
        '[defaults]\npictures = ["../../photos/a.png"]\n[[films]]\nscene = "conv"\n[page]\n'
    )
    course = read_course("term/one/course.toml", Cache())
    assert [film.output for film in course.films] == [Path("term/one/films/conv_a.mp4")]
    assert course.page is not None
    assert course.page.folder == Path("term/one/page")
    assert course.slides is None


def test_a_scene_in_a_file_has_its_own_parameters(write_course: WriteCourse, folder: Path) -> None:
    (folder / "verdict.py").write_text(scene_in_the_readme())
    path = write_course('[[films]]\nscene = "verdict.py"\nside = 2\n')
    (film,) = read_course(path, Cache()).films
    assert film.output.name == "verdict_cat_side-2.mp4"
    path = write_course('[[films]]\nscene = "verdict.py"\nside = 9\n')
    with pytest.raises(UserError, match=r"course.toml:3: films\[1\].side = 9: give 1 to 5"):
        read_course(path, Cache())


def test_what_compares_takes_two_pictures_or_two_networks(write_course: WriteCourse) -> None:
    course = read_course(
        write_course(
            """
            [defaults]
            pictures = ["photos/a.png"]
            [[films]]
            scene = "compare"
            pictures = ["photos"]
            languages = ["en", "zh"]
            channel = 3
            pixel = [20, 31]
            [[films]]
            scene = "compare_overview"
            networks = ["lenet_5", "tiny_vgg"]
            """
        ),
        Cache(),
    )
    assert names(course) == [
        "compare_a_b_ch3_px20-31.mp4",
        "compare_a_b_ch3_px20-31_zh.mp4",
        "compare_overview_a_lenet_5_tiny_vgg.mp4",
    ]
    photos = tuple(Path("photos") / f"{name}.png" for name in "ab")
    seen = [[(each.image, each.weights) for each in film.request.pictures] for film in course.films]
    assert seen[0] == seen[1] == [(photo, None) for photo in photos]
    assert seen[2] == [(photos[0], network) for network in ("lenet_5", "tiny_vgg")]


def test_a_beat_that_there_is_not_is_found_before_anything_is_made(
    write_course: WriteCourse, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "verdict.py").write_text(scene_in_the_readme())
    films = {
        "conv": ("multiply', 'ad", "ad", "photo, place, pattern, filter, multiply, add"),
        "lecture'\nscenes = 'overview": (
            *("overview.photo', 'overview.nix", "overview.nix", "lecture.title, overview.photo"),
        ),
        "verdict.py": ("photo', 'question", "question", "photo, answer"),
    }
    for scene, (beats, missing, known) in films.items():
        path = write_course(
            f"[defaults]\n{QUICK}pictures = ['photos']\n[[films]]\nscene = '{scene}'\n"
            f"beats = ['{beats}']\n"
        )
        assert main(["build", str(path), "--dry-run"]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        at = 8 + scene.count("\n")
        assert f'course.toml:{at}: there is no beat "{missing}": choose {known}' in line
    assert not (folder / "films").exists()


def test_beats_that_there_are_need_no_look_at_a_picture(
    write_course: WriteCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnnviz.course.asked_beats.measure_beats", None)
    path = write_course(
        "[[films]]\nscene = 'journey'\nbeats = ['step_2', 'cone']\n"
        "[[films]]\nscene = 'lecture'\nbeats = ['lecture.title', 'relu.zero']\n"
    )
    assert len(read_course(path, Cache()).films) == 2


ALPHA = "[[films]]\nscene = 'conv'\ntransparent = true\n"

ONE = "pictures = ['photos/a.png']\n"
PAIR = "[[films]]\nscene = 'compare_overview'\n"

BAD: list[tuple[str, str]] = [
    ("[[films]]\nscene =\n", "course.toml:2: Invalid value"),
    ("title = 3\n[[films]]\nscene = 'conv'\n", "1: title = 3: give a text in quotes or a table"),
    ("title = 'x'\n", "1: the course: films is missing"),
    ("films = []\n", "1: films = []: give at least 1"),
    ("[[films]]\n\nlayer = 'conv_1_2'\n", "1: films[1]: scene is missing"),
    ("title = 'x'\n[[film]]\nscene = 'conv'", '2: film is unknown: did you mean "films"?'),
    ("[[films]]\nscene = 'conv'\n[page]\ntitle = 'x'", "4: page.title is unknown: title stands"),
    ("[[films]]\nscene = 'con'\n", '2: films[1].scene = "con": did you mean "conv"?'),
    ("[[films]]\nscene = 'none.py'\n", "2: "),
    ("[[films]]\nscene = 'conv'\n\nlangages = ['zh']", "4: films[1].langages is unknown: did you"),
    ("[defaults]\nscene = 'conv'\n[[films]]\nscene = 'conv'", "2: defaults.scene is unknown"),
    ("[[films]]\nscene = 'softmax'\npixel = [1, 2]", "3: films[1].pixel is unknown"),
    ("[[films]]\nscene = 'conv'\npixel = [1]", "3: films[1].pixel = [1]: give 2"),
    ("[[films]]\nscene = 'conv'\npace = 0", "3: films[1].pace = 0: give 0.1 to 10"),
    ("[[films]]\nscene = 'conv'\nfps = 1.5", "3: films[1].fps = 1.5: give a whole number"),
    ("[[films]]\nscene = 'conv'\nlanguages = ['en', 'en']", "each only once"),
    ("[[films]]\nscene = 'conv'\nlanguages = ['en',\n'fr']", '4: films[1].languages[2] = "fr"'),
    ("[[films]]\nscene = 'conv'\npictures = [\n'no.png']", '4: there is no file "no.png"'),
    ("[[films]]\nscene = 'conv'\nnetworks = ['no']", '3: there is no file "no"'),
    (f"[[films]]\nscene = 'conv'\npictures = ['{'9' * 5000}']", "3: File name too long"),
    (f"[[films]]\nscene = 'conv'\nnetworks = ['{'9' * 5000}']", "3: File name too long"),
    (f"[[films]]\nscene = '{'9' * 5000}.py'", "File name too long"),
    ("[[films]]\nscene = 'conv'\nbackground = 'blu'", 'background = "blu": write #rrggbb'),
    ("[[films]]\nscene = 'conv'\nmax_mb = 0", "3: films[1].max_mb = 0: give more than 0"),
    (f"[defaults]\n{ONE}[[films]]\nscene = 'compare'\n", '3: one picture, "photos/a.png", and one'),
    (
        f"{PAIR}pictures = ['photos', 'photos/a.png']\n",
        "1: two pictures are compared, not 3: photos",
    ),
    (f"{PAIR}networks = ['tiny_vgg', 'lenet_5']\npictures = ['photos']\n", "1: two pictures and"),
    ("[[films]]\nscene = 'conv'\nloop = 1", "3: films[1].loop = 1: give true or false"),
    ("[[films]]\nscene = 'conv'\nbeats = []", "3: films[1].beats = []: give at least 1"),
    (f"{ALPHA}formats = ['mp4']", "1: MP4 carries no transparency: choose an output that ends in"),
    ("[[films]]\nscene = 'conv'\n[[films]]\nscene = 'conv'\n", 'course.toml:3: the film "films/'),
    ("[[films]]\nscene = 'conv'\n[page]\nfolder = ''\n", '4: page.folder = "": this is empty'),
    ("[[films]]\nscene = 'conv'\n[slides]\nplay = 'never'\n", '4: slides.play = "never": choose'),
]

FOUND_LATER = ("there is no file", "the film", "File name too long", "one picture", "two pictures")
"""In messages about what is well formed."""


@pytest.mark.parametrize(("text", "message"), BAD, ids=[text[:80] for text, _ in BAD])
def test_a_mistake_is_one_line_that_says_where(
    text: str, message: str, write_course: WriteCourse, capsys: pytest.CaptureFixture[str]
) -> None:
    write_course(text)
    assert main(["build"]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert message in said
    assert said.startswith("Error: course.toml:")


def test_no_file_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "none.toml"]) == 2
    assert capsys.readouterr().err == 'Error: cannot read "none.toml": No such file or directory\n'


@pytest.fixture
def published(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["build", "--schema"]) == 0
    schema: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator.check_schema(schema)
    return schema


def test_the_schema_accepts_what_is_accepted_and_refuses_what_is_not(
    published: dict[str, Any],
) -> None:
    example = Path(__file__).parents[2] / "cnnviz" / "course" / "example.toml"
    validator = jsonschema.Draft7Validator(published)
    assert validator.is_valid(tomllib.loads(example.read_text()))
    assert validator.is_valid({"films": [{"scene": "mine.py", "anything": 1}]})
    for text, message in BAD[1:]:
        found_later = any(each in message for each in FOUND_LATER) or "blu" in text or ALPHA in text
        if "none.py" not in text:
            assert validator.is_valid(tomllib.loads(text)) is found_later, text


def test_every_key_is_described(published: dict[str, Any]) -> None:
    for scene, keys in published["definitions"].items():
        for name, schema in keys["properties"].items():
            assert name == "scene" or schema["description"], (scene, name)


def test_all_that_a_film_can_be_asked_for_can_stand_in_a_course() -> None:
    known = {AXES.get(name, name) for name in COMMON_KEYS}
    known = {CALLED.get(name, name) for name in known}
    assert known == {*names_of(Look), *names_of(Part), *names_of(PictureRequest)} - {"name"}
    for scene in describe_scenes(Cache()):
        assert not set(map(key_of, scene.parameters)) & {*COMMON_KEYS, *FILM_KEYS, "scene"}, (
            scene.name
        )


def test_the_example_is_written_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--init"]) == 0
    text = Path("course.toml").read_text(encoding="utf-8")
    assert main(["build", "--dry-run"]) == 0
    assert "missing: films/conv_cat_conv_1_2_720p.mp4" in capsys.readouterr().out
    Path("course.toml").write_text(QUICK)
    assert main(["build", "--init"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert Path("course.toml").read_text() == QUICK
    uncommented = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and " = " in line else line
        for line in text.splitlines()
    )
    assert tomllib.loads(uncommented)["films"][1]["channel"] == 3
