"""``cnnviz scenes``: the list, and what one scene tells."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from cnnviz.cli.main import main
from cnnviz.staging.registry import scene_names

QUICK = ["-q", "l", "--fps", "5", "--pace", "0.2"]


def output_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["scenes", *arguments]) == 0
    return capsys.readouterr().out


def test_without_a_name_all_scenes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    said = output_of(capsys)
    assert all(f"\n{name} " in f"\n{said}" for name in scene_names())
    assert list(json.loads(output_of(capsys, "--json"))) == scene_names()


def test_the_lengths_are_those_of_the_film_and_the_titles_its_chapters(
    capsys: pytest.CaptureFixture[str], small_weights: Path, tmp_path: Path
) -> None:
    options = ["relu", "--layer", "relu_2", *QUICK, "--weights", str(small_weights)]
    listed = json.loads(output_of(capsys, *options, "--json"))
    film = tmp_path / "relu.mp4"
    assert main(["render", *options, "-o", str(film)]) == 0
    beats = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))["beats"]
    assert listed["beats"] == [
        {
            "name": beat["name"],
            "title": beat["title"],
            "chapter": beat["chapter"],
            "seconds": beat["frames"] / 5,
        }
        for beat in beats
    ]
    with av.open(film) as container:
        chapters = [chapter["metadata"]["title"] for chapter in container.chapters()]
    assert chapters == [beat["title"] for beat in beats]
    assert chapters[:3] == ["The photo", "The layer", "One row"]
    assert listed["parameters"]["layer"]["kind"] == "text"


def test_for_people_there_is_a_table_in_their_language(
    capsys: pytest.CaptureFixture[str], small_weights: Path
) -> None:
    call = ["relu", "--language", "zh", *QUICK, "--weights", str(small_weights)]
    lines = output_of(capsys, *call).splitlines()
    assert lines[0].startswith("ReLU and its like: the rule")
    assert any(line.startswith("  --channel") for line in lines)
    (graph,) = (line.split() for line in lines if line.startswith("  graph "))
    assert graph[2:] == ["s", "规则"]
    seconds = [float(line.split()[-3]) for line in lines if " s  " in line]
    assert float(lines[-1].split()[-2]) == pytest.approx(sum(seconds), abs=0.1 * len(seconds))


def test_a_lecture_lists_beats_below_their_chapters(
    capsys: pytest.CaptureFixture[str], small_weights: Path
) -> None:
    call = ["lecture", "--scenes", "relu,softmax", *QUICK, "--weights", str(small_weights)]
    lines = output_of(capsys, *call).splitlines()
    chapters = [line for line in lines if line and not line.startswith(" ")][1:]
    assert chapters == ["How a network sees a picture", "ReLU", "Softmax", "What the network says"]
    after = lines[lines.index("Softmax") + 1]
    assert after.split()[0] == "softmax.place"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing"], 'there is no scene "nothing": choose average'),
        (["relu", "--layer", "conv_1"], 'there is no ReLU "conv_1": choose relu_1, relu_2'),
        (["relu", "--image", "nowhere.png"], "nowhere.png"),
    ],
)
def test_what_cannot_be_listed_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], small_weights: Path
) -> None:
    weights = [] if arguments == ["nothing"] else ["--weights", str(small_weights)]
    assert main(["scenes", *arguments, *weights]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
