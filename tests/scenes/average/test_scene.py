"""Average pooling as a film: what it shows is true, legible, and said of the right windows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnviz.explain.places import Place
from cnnviz.layers import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnviz.mobjects.text import Label
from cnnviz.network import save_network
from cnnviz.scenes.average.board import AverageBoard
from cnnviz.scenes.average.facts import MeanFacts
from cnnviz.scenes.average.numbers import MeanNumbers
from cnnviz.scenes.average.scene import AverageScene
from cnnviz.scenes.average.sweep import MeanSweep
from cnnviz.scenes.pool.scene import PoolScene
from cnnviz.staging.pooling.result import PooledResult
from cnnviz.staging.scene import LectureScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.pooled import pooled
from tests.scenes.stage import (
    assert_is_exact,
    assert_looks_as_stored,
    assert_refused,
    faults_in,
    manifest_of_film,
    numbers_in,
    setting_of,
    visit_beats,
    words_of,
)

BEATS = ["photo", "place", "window", "more", "sweep", "result"]

CONV = Conv2d("conv", 3, 4, 3)
STACKS = {
    "usual": pooled(AvgPool2d("pool", 2), (3, 26, 22), CONV, ReLU("relu")),
    "whole": pooled(AvgPool2d("pool", (7, 5)), (3, 9, 7), CONV, ReLU("relu")),
    "whole, stride 1": pooled(AvgPool2d("pool", (7, 5), 1), (3, 9, 7), CONV, ReLU("relu")),
    "signed, overlapping": pooled(AvgPool2d("pool", 3, 2), (3, 24, 17), CONV),
    "padded": pooled(AvgPool2d("pool", 3, 2, 1), (3, 22, 19), CONV, ReLU("relu")),
    "padding left out": pooled(
        AvgPool2d("pool", 2, 2, 1, count_include_pad=False), (3, 22, 19), CONV
    ),
    "gaps": pooled(AvgPool2d("pool", 2, 3), (3, 20, 20), CONV, ReLU("relu")),
    "left over": pooled(AvgPool2d("pool", 2), (3, 23, 31), CONV, ReLU("relu")),
    "wide": pooled(AvgPool2d("pool", (1, 3), (2, 2), (0, 1, 0, 0)), (3, 18, 18), CONV),
    "without numbers": pooled(AvgPool2d("pool", 18), (3, 38, 38), CONV),
    "first": pooled(AvgPool2d("pool", 2), (1, 9, 13), after=(Conv2d("conv", 1, 1, 1),)),
    "one cell": pooled(AvgPool2d("pool", 1), (3, 3, 3), CONV),
    "of one": pooled(AvgPool2d("pool", 1), (3, 8, 8), CONV),
}


def test_the_command_makes_a_whole_clip(tmp_path: Path) -> None:
    layers = (CONV, ReLU("relu"), AvgPool2d("pool", 2), Flatten("flatten"), Linear("out", 196, 2))
    network, weights = (
        fixed_network(layers, ("cat", "dog"), (3, 16, 16)),
        tmp_path / "n.safetensors",
    )
    save_network(network, weights)
    manifest = manifest_of_film("average", tmp_path / "film.mp4", weights, "--pixel", "3,4")
    assert [beat["name"] for beat in manifest["beats"]] == BEATS
    assert manifest["parameters"]["layer"] == "pool"


@pytest.mark.parametrize("name", STACKS)
def test_every_number_is_torchs(name: str) -> None:
    setting = setting_of(AverageScene, STACKS[name])
    layer_trace, channel = STACKS[name]["pool"], setting.parameters.channel
    layer, window = layer_trace.layer, layer_trace.layer.window
    top, left, bottom, right = window.paddings
    values = torch.tensor(layer_trace.input[channel])[None]
    padded = F.pad(values, (left, right, top, bottom))
    sizes = {"kernel_size": window.kernel_sizes, "stride": window.strides}
    sums = F.avg_pool2d(padded, **sizes, divisor_override=1)[0]
    counted = torch.ones_like(padded) if layer.count_include_pad else F.pad(
        torch.ones_like(values), (left, right, top, bottom)
    )  # fmt: skip
    counts = F.avg_pool2d(counted, **sizes, divisor_override=1)[0]
    means = sums / counts
    seen = numbers_in(AverageScene, setting)
    at = setting.parameters.pixel
    assert any(each.get("layer") == "pool" and (each.get("row"), each.get("column")) == at
               for each in seen if each["quantity"] == "activation")  # fmt: skip
    for each in seen:
        kind, place = each["quantity"], (each.get("row"), each.get("column"))
        if kind == "activation":
            source = means if each["layer"] == "pool" else values[0]
            assert each["value"] == pytest.approx(float(source[place]), abs=1e-5)
        elif kind == "count" and None not in place:
            assert each["value"] == float(counts[place])
        elif kind == "window_sum" and each["index"] == int(counts[place]):
            assert each["value"] == pytest.approx(float(sums[place]), rel=1e-5, abs=1e-5)
        elif kind == "mean":
            of = means if each["layer"] == "pool" else values[0]
            assert each["value"] == pytest.approx(float(of.mean()), abs=1e-5)
    assert sum(each["quantity"] == "mean" for each in seen) == 2


@pytest.mark.parametrize(
    ("name", "theme", "aspect", "language"),
    [
        ("usual", "dark", "16:9", "en"),
        ("whole", "light", "9:16", "zh"),
        ("padded", "light", "1:1", "en"),
        ("padding left out", "dark", "9:16", "en"),
        ("without numbers", "dark", "1:1", "zh"),
        pytest.param("signed, overlapping", "dark", "16:9", "zh", marks=pytest.mark.slow),
        pytest.param("gaps", "light", "9:16", "en", marks=pytest.mark.slow),
        pytest.param("left over", "dark", "1:1", "en", marks=pytest.mark.slow),
        pytest.param("wide", "light", "16:9", "zh", marks=pytest.mark.slow),
        pytest.param("first", "dark", "9:16", "zh", marks=pytest.mark.slow),
        pytest.param("of one", "light", "1:1", "en", marks=pytest.mark.slow),
    ],
)
def test_nothing_is_at_fault(name: str, theme: str, aspect: str, language: str) -> None:
    setting = setting_of(AverageScene, STACKS[name], theme_of(theme, aspect), language)
    assert not faults_in(AverageScene, setting)


@pytest.mark.parametrize(
    ("name", "beat", "words"),
    [
        ("usual", "window", "4 numbers are added up and divided by 4"),
        ("usual", "window", "counted from 0"),
        ("usual", "result", "the mean of the map stays"),
        ("padded", "result", "the mean of the map was"),
        ("left over", "result", "the mean of the map was"),
        ("usual", "place", "through windows of 2×2"),
        ("whole", "place", "through one window of 7×5"),
        ("whole, stride 1", "place", "through one window of 7×5 numbers."),
        ("whole", "window", "The window is the whole map: its 35 numbers"),
        ("whole", "sweep", "7×5 becomes 1×1"),
        ("whole", "result", "each of the 4 maps becomes one number"),
        ("signed, overlapping", "place", "They overlap"),
        ("padded", "place", "zeros are counted"),
        ("padding left out", "place", "only cells of the map are counted"),
        ("gaps", "place", "never looked at"),
        ("left over", "place", "left over"),
        ("of one", "window", "its own mean"),
        ("one cell", "result", "the mean of the map stays"),
    ],
)
def test_captions_say_how_the_windows_lie(name: str, beat: str, words: str) -> None:
    made = visit_beats(AverageScene, setting_of(AverageScene, STACKS[name]), lambda *_: None)
    assert words in {each.name: each.caption for each in made.beats}[beat]


def test_at_an_edge_zeros_are_written_where_they_count_and_nothing_elsewhere() -> None:
    for name, shown in (("padded", {"0"}), ("padding left out", set())):
        setting = setting_of(AverageScene, STACKS[name], pixel=(0, 0))
        seen = numbers_in(AverageScene, setting)
        assert {each["shown"] for each in seen if each["quantity"] == "padding"} == shown
        counts = [each for each in seen if each["quantity"] == "count" and "row" in each]
        at_corner = {each["value"] for each in counts if (each["row"], each["column"]) == (0, 0)}
        assert at_corner == {9 if name == "padded" else 1}


def test_the_cells_of_a_window_have_their_means_colour_when_they_leave() -> None:
    trace, pixel = STACKS["usual"], (3, 4)
    board = AverageBoard(trace, Place("pool", 1, *pixel), theme_of("dark"), words_of("average"))
    board.cells.melt(1.0)
    melted = board.cells.cells.bitmap.rgba[..., :3].reshape(-1, 3)
    assert np.ptp(melted, axis=0).max() == 0
    np.testing.assert_array_equal(melted[0], board.tile(pixel).bitmap.rgba[0, 0, :3])


def result_of(name: str) -> PooledResult[MeanNumbers]:
    trace = STACKS[name]
    board = AverageBoard(trace, Place("pool", 1, 0, 0), theme_of("dark"), words_of("average"))
    return PooledResult(board)


@pytest.mark.parametrize("name", ["usual", "whole"])
def test_means_are_on_their_way_until_all_are_there(name: str) -> None:
    """The only mean of a whole map was there long before, and all stood still."""
    sweep = MeanSweep(result_of(name), 1.0, 1.0)
    states = []
    for share in (0.0, 0.4, 0.7, 0.9, 1.0):
        sweep.slide(share)
        states.append(sweep.means.state())
    assert len(set(states)) == len(states)


def test_a_single_window_opens_until_the_end() -> None:
    """Its outline was drawn beyond where it had begun, and stood still meanwhile."""
    maps = result_of("whole").board
    widths = []
    for share in (0.0, 0.5, 0.9, 1.0):
        maps.open_whole_window(share)
        widths.append(maps.whole_frames[0].width)
    assert widths == sorted(set(widths))


@pytest.mark.parametrize("name", ["usual", "whole", "signed, overlapping"])
def test_facts_are_of_the_cells_in_their_frames(name: str) -> None:
    result = result_of(name)
    numbers = result.numbers
    facts = MeanFacts(numbers, result.zones, theme_of("dark"), words_of("average")).facts
    for index, values in enumerate((numbers.values, numbers.output)):
        framed = [values[top:bottom, left:right] for top, left, bottom, right in
                  (fact.areas[index] for fact in facts)]  # fmt: skip
        assert [each.size for each in framed] == [1, values.size, 1]
        assert framed[0] == values.max()
        assert framed[2] == values.min()


def test_values_come_one_by_one_to_the_line_that_adds_them_up() -> None:
    lines: list[int] = []

    def note(stage: LectureScene, beat: str) -> None:
        if beat == "window":
            members = stage.get_mobject_family_members()
            shown = [each.text for each in members if isinstance(each, Label) and each.is_visible]
            lines.append(sum(text in ("(", "+") for text in shown))

    visit_beats(AverageScene, setting_of(AverageScene, STACKS["usual"]), note)
    assert set(lines) == {0, 1, 2, 3, 4}


def test_where_there_is_none_each_film_names_the_other() -> None:
    maximal = pooled(MaxPool2d("pool", 2), (3, 8, 8), CONV)
    assert_refused(AverageScene, maximal, "has no average pooling layer")
    assert_refused(PoolScene, STACKS["usual"], "cnnviz render average --layer pool")


def test_last_frames_look_as_stored(request: pytest.FixtureRequest) -> None:
    assert_looks_as_stored(AverageScene, setting_of(AverageScene, STACKS["usual"]), request)


@pytest.mark.slow
def test_frames_are_exact() -> None:
    assert_is_exact(AverageScene, setting_of(AverageScene, STACKS["usual"]))
