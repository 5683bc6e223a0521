"""The overview as a film: every map, edge and class of the network, true and legible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cnnviz.explain.paths import strongest_paths
from cnnviz.explain.scaling import value_range
from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.mobjects.network_map.columns import LayerColumn
from cnnviz.model.trace import Trace
from cnnviz.network import load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.scenes.overview.scene import OverviewScene
from cnnviz.style.names import Aspect
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.overview.conftest import last_stage
from tests.scenes.stage import (
    manifest_of_film,
    setting_of,
    visit_beats,
)

BEATS = ["photo", "channels", "first", "relu", "deeper", "legends", "classes", "answer", "paths"]


def test_the_command_makes_a_whole_clip(tmp_path: Path, small_weights: Path) -> None:
    film = tmp_path / "film.mp4"
    manifest = manifest_of_film(
        "overview", film, small_weights, "--layer", "conv_2", "--channel", "3", "--scale", "global"
    )
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in ClipFiles.at(film).all)
    assert [beat["name"] for beat in manifest["beats"]] == [*BEATS[:-1], "node", "paths"]


@pytest.fixture(scope="session")
def finished(tiny_vgg: Trace) -> Any:
    return last_stage(tiny_vgg)


def test_all_of_tiny_vgg_is_there(finished: Any) -> None:
    scene = finished
    shown = {id(each) for each in scene.get_mobject_family_members()}
    columns: list[LayerColumn] = scene.board.columns
    maps = [each for column in columns if column.layer.has_maps for each in column.maps]
    assert len(maps) == 103
    assert all(id(each) in shown and each.opacity >= 0.5 for each in maps)
    bundles = [column.edges for column in columns if column.edges is not None]
    assert all(id(each) in shown and (each.grown == 1).all() for each in bundles)
    drawn = {column.layer.name: column.edges.count for column in columns if column.edges}
    assert drawn.pop("flatten") == 10, "from each map to its part of the vector"
    assert sum(drawn.values()) == 490
    assert len(scene.board.bars.bars) == 10


def test_maps_have_the_colours_of_their_values(tiny_vgg: Trace, finished: Any) -> None:
    """Equal values have equal colours in all of a unit's maps, larger ones are bluer."""
    by_name = {column.layer.name: column for column in finished.board.columns}
    before, after = (by_name[name].maps[3].bitmap.rgba for name in ("conv_1_2", "relu_1_2"))
    values = tiny_vgg["conv_1_2"].output[3]
    assert (before[values > 0] == after[values > 0]).all()
    assert len(np.unique(after[values <= 0], axis=0)) == 1
    order = np.argsort(values[values > 0])
    blue = before[values > 0][order][:, 2].astype(int)
    assert (np.diff(blue) >= 0).all()


def test_probabilities_and_legends_are_the_networks(tiny_vgg: Trace, finished: Any) -> None:
    numbers = [each.to_json() for beat in finished.beats for each in beat.numbers]
    expected = torch.softmax(torch.tensor(tiny_vgg.logits).double(), 0)
    bars = {n["class_name"]: n["value"] for n in numbers if n["quantity"] == "probability"}
    assert list(bars) == list(tiny_vgg.classes)
    assert list(bars.values()) == pytest.approx(expected.tolist(), abs=1e-6)
    ends = {(n["layer"], n["value"]) for n in numbers if n["quantity"] == "scale_end"}
    limit = value_range(tiny_vgg, "conv_1_2").high
    assert {value for layer, value in ends if layer == "conv_1_2"} == {-limit, limit}
    limit = value_range(tiny_vgg, "relu_1_2").high
    assert {value for layer, value in ends if layer == "relu_1_2"} == {0.0, limit}
    assert {value for layer, value in ends if layer == "input"} == {0.0, 1.0}
    assert {layer for layer, _ in ends} == {
        "input",
        *("conv_1_1", "relu_1_1", "conv_1_2", "relu_1_2"),
        *("conv_2_1", "relu_2_1", "conv_2_2", "relu_2_2"),
    }


@pytest.mark.parametrize("aspect", ["16:9", "9:16"])
def test_bars_stand_on_an_axis_from_0_to_1(tiny_vgg: Trace, aspect: str) -> None:
    bars = last_stage(tiny_vgg, aspect=aspect).board.bars
    for bar, track, probability in zip(bars.bars, bars.tracks, tiny_vgg.probabilities, strict=True):
        length, whole = (bar.height, track.height) if aspect == "9:16" else (bar.width, track.width)
        assert length / whole == pytest.approx(probability, abs=1e-6)


@pytest.mark.parametrize(("scale", "legends"), [("unit", 9), ("module", 5), ("global", 3)])
def test_scales_have_legends_of_their_own(tiny_vgg: Trace, scale: str, legends: int) -> None:
    assert len(last_stage(tiny_vgg, scale=scale).board.legends.bars) == legends


@pytest.mark.parametrize(("aspect", "all_at_once"), [("9:16", True), ("16:9", False)])
def test_where_layers_stand_one_below_the_other_all_are_named_at_once(
    tiny_vgg: Trace, aspect: Aspect, all_at_once: bool
) -> None:
    """Below the layers that were there the stage was empty for seconds."""
    named: list[int] = []

    def look(scene: Any, beat: str) -> None:
        board = scene.board
        maps = [i for i, each in enumerate(board.columns) if each.layer.has_maps]
        shown = [i for i in maps if scene.present(board.columns[i].parts)]
        if beat == "deeper" and 3 < len(shown) < len(maps):
            named.append(len([i for i in maps if scene.present(board.headings.of(i))]) - len(shown))

    visit_beats(OverviewScene, setting_of(OverviewScene, tiny_vgg, theme_of("dark", aspect)), look)
    assert named
    assert all((ahead > 0) == all_at_once for ahead in named)


def caption_of(seen: Trace, beat: str, language: str = "en", **parameters: Any) -> str:
    setting = setting_of(OverviewScene, seen, language=language, **parameters)
    beats = visit_beats(OverviewScene, setting, lambda scene, beat: None).beats
    return next(each.caption for each in beats if each.name == beat)


@pytest.mark.parametrize(
    ("layer", "channel", "words", "sources"),
    [
        ("conv_1_1", 4, ["all 3 channels of the picture", "most comes from"], 3),
        ("relu_1_1", 0, ["channel 0 of conv_1_1 alone"], 1),
        ("conv_2_2", 9, ["all 10 channels of relu_2_1", "most comes from channel"], 10),
        ("max_pool_2", 2, ["channel 2 of relu_2_2 alone"], 1),
        ("flatten", 1, ["Places 169 to 337", "channel 1 of max_pool_2, row by row"], 1),
        ("output", 6, ["The score of espresso", "all 1,690 values of flatten"], 10),
    ],
)
def test_a_node_is_lit_and_its_sources_are_named(
    tiny_vgg: Trace, layer: str, channel: int, words: list[str], sources: int
) -> None:
    """Its edges are lit from the beginning; in its beat all else is dimmed."""
    setting = setting_of(OverviewScene, tiny_vgg, layer=layer, channel=channel)
    lit: dict[str, tuple[int, float]] = {}
    dimmed: dict[tuple[int, int], float] = {}

    def look(scene: Any, beat: str) -> None:
        bundle = scene.board.column(layer).edges
        lit.setdefault(beat, (len(bundle.lit), bundle.emphasis))
        if beat == "node" and scene.board.photo.opacity < 0.31:
            dimmed.update(
                ((place, position), each.opacity)
                for place, column in enumerate(scene.board.columns[:-1])
                for position, each in enumerate(column.maps)
            )

    scene = visit_beats(OverviewScene, setting, look)
    caption = scene.beats[-2].caption
    assert scene.beats[-2].name == "node"
    for text in words:
        assert text in caption
    if layer != "output":  # of the scores, those are lit that are the answer's
        assert lit["first"] == lit["deeper"] == (sources, 1.0)
    names = [column.layer.name for column in scene.board.columns]
    index = names.index(layer)
    assert dimmed
    for (place, position), opacity in dimmed.items():
        is_source = place == index - 1 and (sources > 1 or position == channel)
        is_node = place == index and position == channel
        assert opacity == pytest.approx(1.0 if is_source or is_node else 0.3)


def test_the_strongest_paths_are_lit_at_the_end(tiny_vgg: Trace, finished: Any) -> None:
    paths = strongest_paths(tiny_vgg, tiny_vgg.predicted_index, 10)
    names = ["input", *(layer.name for layer in tiny_vgg.layers)]
    for index, column in enumerate(finished.board.columns):
        if column.edges is None:
            continue
        depth = names.index(column.layer.name)
        expected = {(path.channels[depth - 1], path.channels[depth]) for path in paths}
        lit = {column.links[0].pairs[edge] for edge in column.edges.lit}
        assert index > 0
        assert lit == expected, "all of Tiny VGG is shown: places are channels"
        assert column.edges.emphasis == 1.0
    assert "10 strongest of 30,000 paths to cat" in finished.beats[-1].caption


def test_the_strongest_source_is_the_strongest(tiny_vgg: Trace) -> None:
    layer = tiny_vgg["conv_1_1"]
    image, kernel = torch.tensor(layer.input)[None], torch.tensor(layer.weight[4:5])
    received = [
        float(torch.nn.functional.conv2d(image[:, c : c + 1], kernel[:, c : c + 1]).abs().sum())
        for c in range(3)
    ]
    name = ["red", "green", "blue"][int(np.argmax(received))]
    assert f"from {name}" in caption_of(tiny_vgg, "node", layer="conv_1_1", channel=4)


def test_rivals_are_both_named_where_it_is_close() -> None:
    layers = (Conv2d("conv", 1, 1, 1), Flatten("flatten"), Linear("output", 4, 3))
    network = fixed_network(layers, ("cat", "dog", "owl"), (1, 2, 2))
    with torch.no_grad():
        network.module.output.weight.zero_()
        network.module.output.bias.copy_(torch.tensor([1.0, 0.9, -2.0]))
    close = trace(np.zeros((2, 2), np.float32), network)
    assert "cat with 51.2%, before dog with 46.3%" in caption_of(close, "answer")
    with torch.no_grad():
        network.module.output.bias.copy_(torch.tensor([1.0, -1.0, -2.0]))
    clear = trace(np.zeros((2, 2), np.float32), network)
    assert caption_of(clear, "answer").startswith("The answer: cat with 84.4%, before")


# -- legible, whatever comes ----------------------------------------------------------------


def test_a_grey_picture_is_not_said_to_be_several_maps() -> None:
    seen = trace(bundled_photo("digit"), load_network("lenet_5"))
    made = visit_beats(OverviewScene, setting_of(OverviewScene, seen), lambda *_: None)
    first = next(beat for beat in made.beats if beat.name == "first")
    assert first.caption.startswith("conv_1 makes 6 maps, each out of one input map through a 5×5")


@pytest.mark.parametrize(("channels", "said"), [(1, "The only path to"), (4, "All 4 paths to")])
def test_where_all_paths_are_lit_they_are_not_the_strongest_of_them(
    channels: int, said: str
) -> None:
    layers = (
        Conv2d("conv", 1, channels, 3),
        Flatten("flatten"),
        Linear("output", channels * 30 * 30, 2),
    )
    picture = np.random.default_rng(6).random((32, 32)).astype(np.float32)
    seen = trace(picture, fixed_network(layers, ("cat", "dog"), (1, 32, 32)))
    made = visit_beats(OverviewScene, setting_of(OverviewScene, seen), lambda *_: None)
    assert made.beats[-1].caption.startswith(said)
