"""Flattening as a film: what it shows is true, legible, and the same on every machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.layers import AvgPool2d, Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnviz.mobjects.fitting import SMALLEST
from cnnviz.mobjects.frames import corners_of
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.scenes.flatten.scene import FlattenScene
from cnnviz.style.geometry import meet
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    ODD,
    faults_in,
    manifest_of_film,
    numbers_in,
    setting_of,
    visit_beats,
)

BEATS = [
    "photo",
    "place",
    "unroll",
    "index",
    "weigh",
    "sum",
    "classes",
    "evidence",
    "evidence_rival",
]

LONG = "a class whose name is longer than its room, number"


def flattened(
    size: tuple[int, int, int], *layers: Layer, classes: int = 3, name: str = "class"
) -> Trace:
    """Return what a network with these layers before and after the flattening does with noise."""
    names = tuple(f"{name} {index}" for index in range(classes))
    network = fixed_network(layers, names, size)
    return trace(np.random.default_rng(2).random((40, 40)).astype(np.float32), network)


HIDDEN = (
    Conv2d("conv", 1, 5, 3, stride=2),
    Flatten("flatten"),
    Linear("hidden", 80, 12),
    ReLU("relu"),
)

NOISE = {
    "single cell": flattened(
        (3, 4, 4), Conv2d("conv", 3, 1, 4), Flatten("flatten"), Linear("out", 1, 2), classes=2
    ),
    "grey": flattened(
        (1, 13, 19), Conv2d("conv", 1, 2, 5), Flatten("flatten"), Linear("out", 270, 3)
    ),
    "many maps": flattened(
        (3, 16, 16),
        Conv2d("conv", 3, 70, 3),
        ReLU("relu"),
        MaxPool2d("pool", 2, 2),
        Flatten("flatten"),
        Linear("out", 3430, 20),
        classes=20,
        name=LONG,
    ),
    "large maps": flattened(
        (3, 48, 48), Conv2d("conv", 3, 8, 3), Flatten("flatten"), Linear("out", 16928, 3)
    ),
    "hidden layer": flattened(
        (1, 9, 9),
        *HIDDEN,
        Linear("out", 12, 40),
        classes=40,
    ),
}


def test_the_command_makes_a_whole_clip(tmp_path: Path, small_weights: Path) -> None:
    film = tmp_path / "flatten.mp4"
    manifest = manifest_of_film(
        "flatten", film, small_weights, "--class", "dog", "--channel", "1", "--pixel", "7,0"
    )
    assert [beat["name"] for beat in manifest["beats"]] == BEATS


@pytest.mark.parametrize(
    ("bias", "said"), [(0.0, "one cell has the weight 1"), (0.5, "each cell has a learned weight")]
)
def test_weights_that_hand_cells_on_are_not_said_to_be_learned(bias: float, said: str) -> None:
    """An import ends so where scores are the means of maps."""
    layers = (Conv2d("c", 1, 3, 4), Flatten("f"), Linear("o", 3, 3))
    network = fixed_network(layers, ("a", "b", "d"), (1, 4, 4))
    with torch.no_grad():
        network.module.get_parameter("o.weight").copy_(torch.eye(3))
        network.module.get_parameter("o.bias").fill_(bias)
    what = trace(np.random.default_rng(2).random((4, 4)).astype(np.float32), network)
    scene = visit_beats(FlattenScene, setting_of(FlattenScene, what), lambda *_: None)
    assert said in next(beat.caption for beat in scene.beats if beat.name == "weigh")


@pytest.mark.parametrize(
    "parameters", [{}, {"class_name": "owl"}, {"channel": 3, "pixel": (0, 5)}, {"pixel": (7, 7)}]
)
def test_every_number_is_the_networks(
    small_trace: Trace, small_network: Network, parameters: dict[str, Any]
) -> None:
    setting = setting_of(FlattenScene, small_trace, **parameters)
    modules = dict(small_network.module.named_children())
    weight = modules["output"].weight.detach().numpy().astype(np.float64)
    bias = modules["output"].bias.detach().numpy()
    maps = small_trace["relu_2"].output
    channel, (row, column) = setting.parameters.channel, setting.parameters.pixel
    place = list(np.ndindex(maps.shape)).index((channel, row, column))
    contributions = weight * maps.ravel()
    sums = set()
    shown = numbers_in(FlattenScene, setting)
    network = [each for each in shown if each["quantity"] == "probability"]
    probabilities = dict(zip(small_trace.classes, small_trace.probabilities, strict=True))
    assert all(each["value"] == probabilities[each["class_name"]] for each in network)
    for number in (each for each in shown if each not in network):
        kind, value = number["quantity"], number["value"]
        owner = number.get("class_name")
        output = small_trace.classes.index(owner) if owner else None
        if kind == "activation":
            assert value == maps[channel, row, column]
        elif kind == "index":
            assert value == place
        elif kind == "weight":
            assert value == pytest.approx(weight[output, place])
        elif kind == "bias":
            assert value == pytest.approx(bias[output])
        elif kind == "logit":
            assert value == pytest.approx(small_trace.logits[output], abs=1e-5)
            sums.add(output)
        elif kind == "contribution" and "index" in number:
            assert value == pytest.approx(contributions[output, place])
        elif kind == "contribution":
            of_class = contributions[output]
            chosen = of_class[of_class > 0] if value > 0 else of_class[of_class < 0]
            assert value == pytest.approx(chosen.sum(), abs=1e-6)
        elif kind == "count":
            assert value in (channel * 64, row * 8, column)
        else:
            assert kind in ("scale_end", "extreme", "pixel", "probability")
    assert sums == {0, 1, 2}


def test_all_cells_move_and_keep_their_colours(small_trace: Trace) -> None:
    setting = setting_of(FlattenScene, small_trace)
    places: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def look(scene: Any, beat: str) -> None:
        cells = scene.board.cells.current
        places.setdefault(beat, (cells.lefts.copy(), cells.tops.copy()))
        places[f"{beat} after"] = (cells.lefts.copy(), cells.tops.copy())
        expected = scene.board.vector.scale.colours(small_trace["relu_2"].output.ravel())
        assert (cells.colours == expected).all()

    made = visit_beats(FlattenScene, setting, look)
    assert made.board.cells.count == 256
    before, after = places["unroll"], places["unroll after"]
    is_still = (before[0] == after[0]) & (before[1] == after[1])
    assert not is_still.any()
    order = np.lexsort((after[0], -after[1]))
    assert (order == np.arange(256)).all()


@pytest.mark.parametrize("aspect", ["16:9", "1:1", "9:16"])
def test_an_index_is_counted_on_a_full_stage(small_trace: Trace, aspect: str) -> None:
    """No weights are there yet: half the stage would be empty where they will be."""
    theme = theme_of("dark", aspect)

    def look(scene: Any, beat: str) -> None:
        if beat == "index":
            board = scene.board
            above = float(board.cells.current.tops.min()) - board.counting.vector.layout.size
            gap = above - float(board.counting.row.get_top()[1])
            assert 0 <= gap < 0.1 * theme.layout.stage.height

    visit_beats(FlattenScene, setting_of(FlattenScene, small_trace, theme), look)


def test_in_upright_frames_few_cells_fill_the_stage_while_an_index_is_counted() -> None:
    """A third of the height was the arithmetic's, of which it took one line."""
    theme = theme_of("dark", "9:16")
    seen = flattened((1, 5, 5), Conv2d("conv", 1, 16, 1), Flatten("flatten"), Linear("out", 400, 3))
    stage, areas = theme.layout.stage, []

    def look(scene: Any, beat: str) -> None:
        if beat == "index":
            board = scene.board.counting
            layouts = board.maps.layout, board.vector.layout
            areas.append(sum(len(each.lefts) * each.size**2 for each in layouts))

    visit_beats(FlattenScene, setting_of(FlattenScene, seen, theme), look)
    assert areas[0] > 0.35 * stage.width * stage.height


def test_marks_stay_around_their_cell(small_trace: Trace) -> None:
    gaps = []

    def look(scene: Any, beat: str) -> None:
        if beat in ("index", "weigh"):
            board, index = scene.board, scene.board.numbers.index.index
            for cells, marker in (
                (board.ghost, board.map_marker),
                (board.cells, board.markers[0]),
            ):
                now = cells.current
                left, top, right, _ = corners_of(marker)
                assert left < now.lefts[index]
                assert top > now.tops[index]
                gaps.append(right - left - float(now.sizes[index]))

    visit_beats(FlattenScene, setting_of(FlattenScene, small_trace), look)
    assert np.allclose(gaps, gaps[0])


def test_every_classs_weights_are_shown_in_turn(small_trace: Trace) -> None:
    """In the end it is the winner's again, also where another class was explained."""
    setting = setting_of(FlattenScene, small_trace, class_name="owl")
    seen = []

    def look(scene: Any, beat: str) -> None:
        if beat == "classes":
            seen.append(scene.board.weight_cells.current.colours.tobytes())

    board = visit_beats(FlattenScene, setting, look).board
    colours = [board.weights.scale.colours(weights).tobytes() for weights in board.numbers.weights]
    assert set(seen) >= set(colours)
    assert seen[-1] == colours[small_trace.predicted_index]


@pytest.mark.parametrize(
    ("name", "theme", "aspect", "language"),
    [
        ("single cell", "light", "9:16", "en"),
        ("grey", "light", "1:1", "en"),
        ("many maps", "light", "1:1", "zh"),
        pytest.param("large maps", "dark", "9:16", "en", marks=pytest.mark.slow),
        pytest.param("hidden layer", "light", "16:9", "zh", marks=pytest.mark.slow),
        ("hidden layer", "dark", "9:16", "en"),
    ],
)
def test_nothing_overlaps_or_leaves_the_frame(
    name: str, theme: str, aspect: str, language: str
) -> None:
    setting = setting_of(FlattenScene, NOISE[name], theme_of(theme, aspect), language)
    but = {"many maps": ["too_small"], "single cell": ODD}.get(name, [])
    assert not faults_in(FlattenScene, setting, but)


def test_captions_say_what_is_special() -> None:
    def captions(name: str) -> list[str]:
        setting = setting_of(FlattenScene, NOISE[name])
        return [b.caption for b in visit_beats(FlattenScene, setting, lambda s, b: None).beats]

    hidden = captions("hidden layer")
    assert "make one weight per cell for this picture" in hidden[4]
    assert "here the 10 highest" in hidden[6]
    single = captions("single cell")
    assert "one map of 1×1" in single[1]
    assert "learned weight" in single[4]


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_four_maps_of_one_cell_fill_the_stage_and_never_rest(aspect: str) -> None:
    layers = Conv2d("conv", 1, 4, 4), Flatten("flatten"), Linear("output", 4, 3)
    setting = setting_of(FlattenScene, flattened((1, 4, 4), *layers), theme_of("dark", aspect))
    assert not faults_in(FlattenScene, setting)


def test_a_rival_that_no_place_speaks_for_has_no_evidence() -> None:
    """Scores are the means of maps here, and but one of them is not all zeros."""
    layers = (Conv2d("c", 1, 3, 3), ReLU("r"), AvgPool2d("m", 6), Flatten("f"), Linear("o", 3, 3))
    network = fixed_network(layers, ("a", "b", "d"), (1, 8, 8))
    with torch.no_grad():
        network.module.get_parameter("c.weight").fill_(0.1)
        network.module.get_parameter("c.bias").copy_(torch.tensor([0.0, -9.0, -9.0]))
        network.module.get_parameter("o.weight").copy_(torch.eye(3))
        network.module.get_parameter("o.bias").fill_(0)
    what = trace(np.random.default_rng(2).random((8, 8)).astype(np.float32), network)
    scene = visit_beats(FlattenScene, setting_of(FlattenScene, what), lambda *_: None)
    assert scene.beats[-1].name == "evidence"
    assert "blue places add" in scene.beats[-1].caption


def test_where_all_is_zero_nothing_is_said_to_add_to_a_score() -> None:
    """A photo without anything over it rested for seconds while blue places were spoken of."""
    layers = (Conv2d("c", 1, 3, 3), ReLU("r"), Flatten("f"), Linear("o", 108, 3))
    network = fixed_network(layers, ("a", "b", "d"), (1, 8, 8))
    with torch.no_grad():
        network.module.get_parameter("c.bias").fill_(-99.0)
    what = trace(np.random.default_rng(2).random((8, 8)).astype(np.float32), network)
    scene = visit_beats(FlattenScene, setting_of(FlattenScene, what), lambda *_: None)
    assert "no place adds" in scene.beats[-1].caption


@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_of_the_strips_are_legible_in_upright_frames(language: str) -> None:
    made = flattened(
        (1, 9, 9),
        *HIDDEN,
        Linear("out", 12, 3),
        name="American Staffordshire Terrier",
    )
    setting = setting_of(FlattenScene, made, theme_of("dark", "9:16"), language)
    board = visit_beats(FlattenScene, setting, lambda scene, beat: None).board
    for block in (board.vector, board.weights, board.products):
        assert block.name.font_size >= SMALLEST


def test_in_square_frames_maps_have_what_the_strips_leave() -> None:
    """Strips as wide as the frame were low, half a unit was free below each, and maps tiny."""
    seen = flattened(
        (1, 15, 15), Conv2d("conv", 1, 10, 3), Flatten("flatten"), Linear("out", 1690, 3)
    )
    setting = setting_of(FlattenScene, seen, theme_of("dark", "1:1"))
    board = visit_beats(FlattenScene, setting, lambda scene, beat: None).board
    for above, below in ((board.vector, board.weights), (board.weights, board.products)):
        bottom = above.layout.zone_of(0, len(above.layout.lefts) - 1).bottom
        assert 0 < bottom - below.zone.top < 0.25
    assert {zone.top for zone in board.maps.zones[:5]} != {zone.top for zone in board.maps.zones}
    assert board.maps.zones[0].width > 0.1 * setting.theme.layout.stage.width


@pytest.mark.parametrize(("aspect", "language"), [("16:9", "en"), ("1:1", "zh")])
def test_the_mark_of_a_large_cell_is_clear_of_the_names(aspect: str, language: str) -> None:
    seen = flattened(
        (1, 8, 8), Conv2d("conv", 1, 24, 8), ReLU("relu"), Flatten("flatten"), Linear("out", 24, 3)
    )
    setting = setting_of(FlattenScene, seen, theme_of("dark", aspect), language)
    assert not [fault for fault in faults_in(FlattenScene, setting) if "line runs" in fault]
    board = visit_beats(FlattenScene, setting, lambda scene, beat: None).board
    for block in (board.vector, board.counting.vector):
        is_one_line = len(np.unique(block.layout.tops)) == 1
        assert ("wrapped" in block.name.text or "折" in block.name.text) != is_one_line


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_evidence_crosses_no_other_photo(small_trace: Trace, aspect: str) -> None:
    """Cells flew from a strip as wide as the stage, over both photos."""
    theme = theme_of("dark", aspect)
    scene = visit_beats(FlattenScene, setting_of(FlattenScene, small_trace, theme), lambda *_: None)
    first, second = scene.pictures
    strip = scene.board.products.zone
    for picture, other in ((first, second), (second, first)):
        photo = other.photo.corners()
        assert not meet(picture.start_from(strip), photo)
        assert not meet(picture.overlay.corners(), photo)
