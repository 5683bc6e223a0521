"""The convolution as a film: what it shows is true, legible, and the same on every machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pysubs2
import pytest
import torch
from PIL import Image

from cnnviz.layers import Conv2d, Flatten, Linear, ReLU
from cnnviz.mobjects.frames import KernelWindow
from cnnviz.model.trace import Trace
from cnnviz.network import Network, trace
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.rendering.film import stills
from cnnviz.scenes.conv.matches import find_matches
from cnnviz.scenes.conv.scene import ConvScene
from cnnviz.scenes.conv.taking_apart import TakingApart
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    faults_in,
    manifest_of_film,
    numbers_in,
    setting_of,
    small_film,
    visit_beats,
)

BEATS = [
    "photo",
    "place",
    "pattern",
    "filter",
    "multiply",
    "add",
    "other",
    "sweep",
    "map",
    "filters",
]


def plain_convolution(values: np.ndarray, network: Network, layer: Conv2d) -> np.ndarray:
    """Return a convolution's output, by its definition, in double precision."""
    module = dict(network.module.named_children())[layer.name]
    weight = module.weight.detach().numpy().astype(np.float64)
    bias = module.bias.detach().numpy().astype(np.float64)
    pad, step, gap, size = layer.padding, layer.stride, layer.dilation, layer.kernel_size
    padded = np.pad(values, ((0, 0), (pad, pad), (pad, pad)))
    rows, columns = layer.output_shape(values.shape)[1:]
    output = np.zeros((layer.out_channels, rows, columns))
    for r in range(rows):
        for c in range(columns):
            patch = padded[:, r * step :, c * step :][:, : gap * size : gap, : gap * size : gap]
            output[:, r, c] = (weight * patch).sum(axis=(1, 2, 3)) + bias
    return output


def test_the_command_makes_a_whole_clip(
    tmp_path: Path, small_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "my film.mp4"
    manifest = manifest_of_film("conv", film, small_weights, "--layer", "conv_2")

    printed = capsys.readouterr()
    assert printed.out.strip() == str(film)
    assert "100 %" in printed.err
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in ClipFiles.at(film).all)

    assert [beat["name"] for beat in manifest["beats"]] == BEATS
    with av.open(film) as container:
        video = container.streams.video[0]
        assert (video.codec.name, video.pix_fmt) == ("h264", "yuv420p")
        assert sum(1 for _ in container.decode(video)) == manifest["film"]["frames"]
    captions = film.with_suffix(".vtt").read_text(encoding="utf-8")
    assert captions.startswith("WEBVTT")
    said = " ".join(
        " ".join(cue.plaintext.split()) for cue in pysubs2.SSAFile.from_string(captions)
    )
    assert all(beat["caption"] in said for beat in manifest["beats"])
    with Image.open(film.with_suffix(".poster.png")) as poster:
        assert poster.size == (854, 480)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"layer": "conv_1", "channel": 5, "pixel": (0, 0)},
        {"layer": "conv_1", "channel": 0, "pixel": (29, 29)},
        {"layer": "conv_2", "channel": 1, "pixel": (7, 0)},
    ],
)
def test_every_number_is_the_networks(
    small_trace: Trace, small_network: Network, parameters: dict[str, Any]
) -> None:
    setting = setting_of(ConvScene, small_trace, **parameters)
    resolved, numbers = setting.parameters, numbers_in(ConvScene, setting)
    layer_trace = small_trace[resolved.layer]
    layer = layer_trace.layer
    assert isinstance(layer, Conv2d)
    module = dict(small_network.module.named_children())[layer.name]
    weight = module.weight.detach().numpy()
    output = plain_convolution(layer_trace.input, small_network, layer)
    seen = set()
    for number in numbers:
        seen.add(number["quantity"])
        value = number["value"]
        if number["quantity"] == "activation" and number["layer"] == layer.name:
            expected = output[number["channel"], number["row"], number["column"]]
        elif number["quantity"] == "activation":
            expected = layer_trace.input[number["channel"], number["row"], number["column"]]
        elif number["quantity"] == "weight":
            place = (number["input_channel"], number["kernel_row"], number["kernel_column"])
            expected = weight[(number["channel"], *place)]
        elif number["quantity"] == "bias":
            expected = module.bias.detach().numpy()[number["channel"]]
        else:
            continue
        assert value == pytest.approx(expected, abs=1e-5)
        digits = len(number["shown"].partition(".")[2])
        assert float(number["shown"].replace("−", "-")) == pytest.approx(
            expected, abs=0.5 * 10**-digits + 1e-5
        )
    assert {"activation", "weight", "bias", "channel_sum"} <= seen
    listed = [n for n in numbers if n["quantity"] == "product"]
    for number in listed:
        u, v = number["kernel_row"], number["kernel_column"]
        row = number["row"] * layer.stride - layer.padding + u * layer.dilation
        column = number["column"] * layer.stride - layer.padding + v * layer.dilation
        rows, columns = layer_trace.input.shape[1:]
        inside = 0 <= row < rows and 0 <= column < columns
        channel = number["input_channel"]
        value = layer_trace.input[channel, row, column] if inside else 0.0
        factor = weight[number["channel"], channel, u, v]
        assert number["value"] == pytest.approx(float(value) * float(factor), abs=1e-6)


@pytest.mark.parametrize(("filters", "is_complete"), [(70, False), (12, True)])
def test_filters_that_are_left_out_are_counted(filters: int, is_complete: bool) -> None:
    layers = (Conv2d("conv", 3, filters, 3), Flatten("flatten"), Linear("out", filters * 36, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 8, 8))
    setting = setting_of(ConvScene, trace(np.zeros((8, 8, 3), np.float32), network))
    last = visit_beats(ConvScene, setting, lambda scene, beat: None).beats[-1]
    assert str(filters) in last.caption
    assert last.caption.startswith("Each of the layer's") == is_complete
    assert last.name == "filters"


@pytest.mark.parametrize(("channel", "is_lowest"), [(0, False), (0, True), (3, False)])
def test_the_other_sum_is_at_the_other_end(
    small_trace: Trace, channel: int, is_lowest: bool
) -> None:
    """The highest value is worked in full, then the lowest in brief; or the other way round."""
    values = small_trace["conv_1"].output[channel]
    parameters: dict[str, Any] = {"layer": "conv_1", "channel": channel}
    if is_lowest:
        parameters["pixel"] = find_matches(small_trace["conv_1"], channel)[-1].pixel
    setting = setting_of(ConvScene, small_trace, **parameters)
    worked = values[setting.parameters.pixel]
    ends = [values.max(), values.min()]
    assert worked == pytest.approx(ends[is_lowest], abs=2e-3 * float(np.ptp(values)))
    beats = visit_beats(ConvScene, setting, lambda scene, beat: None).beats
    (caption,) = (beat.caption for beat in beats if beat.name == "other")
    assert ("highest" if is_lowest else "lowest") in caption


def test_the_other_sum_is_worked_step_by_step(small_trace: Trace) -> None:
    """No number of the first sum stays while the window moves; the others come in their order."""
    setting = setting_of(ConvScene, small_trace, layer="conv_1")
    steps: list[int] = []

    def look(scene: Any, beat: str) -> None:
        if beat == "other":
            row = scene.board.rows[-1]
            parts = (row.patch, row.products, row.sum, scene.board.output.table.total)
            steps.append(len(scene.present(parts)))

    visit_beats(ConvScene, setting, look)
    assert list(dict.fromkeys(steps[steps.index(0) :])) == [0, 1, 2, 3, 4]


def test_where_all_sums_are_the_same_there_is_no_other(small_network: Network) -> None:
    setting = setting_of(ConvScene, trace(np.ones((32, 32, 3), np.float32), small_network))
    beats = visit_beats(ConvScene, setting, lambda scene, beat: None).beats
    assert [beat.name for beat in beats] == [name for name in BEATS if name != "other"]


def test_among_equal_sums_none_is_the_lowest_of_all(small_network: Network) -> None:
    checkered = np.indices((32, 32)).sum(axis=0) % 2
    picture = np.repeat(checkered[..., np.newaxis], 3, axis=2).astype(np.float32)
    setting = setting_of(ConvScene, trace(picture, small_network))
    beats = visit_beats(ConvScene, setting, lambda scene, beat: None).beats
    (caption,) = (beat.caption for beat in beats if beat.name == "other")
    assert "no sum is" in caption


def test_every_cell_is_filled_when_the_window_has_been_everywhere(small_trace: Trace) -> None:
    """And until then those before the window, in reading order, and the value under it."""
    setting = setting_of(ConvScene, small_trace)
    filled: list[float] = []

    def look(scene: Any, beat: str) -> None:
        if beat == "sweep" and hasattr(scene, "last_sweep"):
            filled.append(float((scene.pair.map.cell_alpha == 255).mean()))

    visit_beats(ConvScene, setting, look)
    assert filled[-1] == 1.0


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_cursor_of_the_sweep_appears_on_the_first_cell(
    small_trace: Trace, aspect: Aspect
) -> None:
    """It stood for a second where that cell had been before, and jumped from frame to frame."""
    setting = setting_of(ConvScene, small_trace, theme_of("dark", aspect))
    seen: list[float] = []

    def look(scene: Any, beat: str) -> None:
        drawn = scene.get_mobject_family_members()
        windows = [each for each in drawn if isinstance(each, KernelWindow)]
        if beat == "sweep" and windows and scene.present([scene.pair.map]) and not seen:
            cell = scene.pair.map.cell_centre(0, 0)
            seen.append(min(float(np.abs(each.get_center() - cell).max()) for each in windows))

    visit_beats(ConvScene, setting, look)
    assert seen[0] < 0.05


def test_the_photo_fades_from_before_its_channels(
    small_trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind them it was gone at once: a photo of colours turned grey from frame to frame."""
    split, seen = TakingApart._split_tile, []

    def look_and_split(self: TakingApart) -> list[Any]:
        order = list(map(id, self.scene.mobjects))
        photo = order.index(id(self.pair.picture))
        seen.append(all(order.index(id(each)) < photo for each in self.board.inputs.maps))
        return split(self)

    monkeypatch.setattr(TakingApart, "_split_tile", look_and_split)
    visit_beats(ConvScene, setting_of(ConvScene, small_trace), lambda scene, beat: None)
    assert seen == [True]


def test_the_picture_stays_when_the_map_is_finished(small_trace: Trace) -> None:
    """It used to fade out and in again, with its name, at the same place."""
    setting = setting_of(ConvScene, small_trace)
    named: list[bool] = []

    def look(scene: Any, beat: str) -> None:
        if beat == "map":
            drawn = scene.get_mobject_family_members()
            named.append("the picture" in [getattr(each, "text", "") for each in drawn])

    visit_beats(ConvScene, setting, look)
    assert named
    assert all(named)


RECTANGLES = {
    "wide": Conv2d("wide", 4, 3, (1, 7), padding=(0, 3)),
    "tall": Conv2d("tall", 4, 3, (3, 1), padding=(1, 0)),
    "leaping": Conv2d("leaping", 4, 3, (2, 3), stride=(2, 1), padding=(1, 0, 0, 2)),
    "apart": Conv2d("apart", 4, 4, (3, 2), dilation=(1, 3), groups=4),
}


@pytest.mark.parametrize(
    ("name", "aspect", "language"),
    [
        ("wide", "16:9", "en"),
        ("tall", "1:1", "zh"),
        ("leaping", "9:16", "en"),
        ("apart", "1:1", "en"),
    ],
)
def test_kernels_that_are_no_squares(name: str, aspect: Aspect, language: str) -> None:
    layer = RECTANGLES[name]
    layers = (Conv2d("first", 3, 4, 3), ReLU("relu"), layer)
    features = int(np.prod(layer.output_shape((4, 12, 10))))
    network = fixed_network(
        (*layers, Flatten("flatten"), Linear("output", features, 2)), ("cat", "dog"), (3, 14, 12)
    )
    made = trace(np.random.default_rng(5).random((14, 12, 3)).astype(np.float32), network)
    setting = setting_of(ConvScene, made, theme_of("dark", aspect), language, layer=name)
    assert not faults_in(ConvScene, setting)
    maps, module = made[name], network.module.get_submodule(name)
    top, left, bottom, right = layer.window.paddings
    padded = np.pad(maps.input, ((0, 0), (top, bottom), (left, right))).astype(np.float64)
    with torch.no_grad():
        expected = torch.nn.functional.conv2d(
            torch.from_numpy(padded)[None],
            module.weight.double(),
            module.bias.double(),
            layer.window.strides,
            0,
            layer.window.dilations,
            layer.groups,
        )[0].numpy()
    shown = numbers_in(ConvScene, setting)
    outputs = [n for n in shown if n["quantity"] == "activation" and n["layer"] == name]
    assert outputs
    for number in outputs:
        place = number["channel"], number["row"], number["column"]
        assert number["value"] == pytest.approx(expected[place], abs=1e-5)
    products = [number for number in shown if number["quantity"] == "product"]
    rows, columns = layer.window.kernel_sizes
    taps = {(number["kernel_row"], number["kernel_column"]) for number in products}
    assert taps == {(u, v) for u in range(rows) for v in range(columns)}


def test_the_stage_is_not_dark_while_a_map_flies_to_a_wall_of_many_filters() -> None:
    layers = (
        Conv2d("conv", 3, 48, 1),
        Flatten("flatten"),
        Linear("output", 48 * 16 * 16, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 16, 16))
    made = trace(np.random.default_rng(5).random((16, 16, 3)).astype(np.float32), network)
    setting = setting_of(ConvScene, made, theme_of("dark", "9:16"))
    film = small_film(setting.theme)
    beats = visit_beats(ConvScene, setting, lambda scene, beat: None).beats
    (wall,) = [beat for beat in beats if beat.name == "filters"]
    numbers = list(range(wall.first_frame, wall.first_frame + round(2.5 * film.frame_rate)))
    frames = stills(lambda renderer: ConvScene(setting, renderer=renderer), film, numbers)
    for frame in frames:
        height = frame.shape[0]
        stage = frame[int(0.17 * height) : int(0.82 * height), :, :3]
        assert (stage.max(axis=2) > 60).mean() > 0.01


@pytest.mark.parametrize("is_tied", [True, False])
def test_among_equal_effects_none_is_said_to_be_the_largest(*, is_tied: bool) -> None:
    """Of channels that were zero under the window, two were told as those with most effect."""
    layers = (Conv2d("conv", 1, 5, 1), ReLU("relu"), Conv2d("deep", 5, 1, 3), Flatten("flatten"))
    network = fixed_network((*layers, Linear("output", 100, 2)), ("one", "two"), (1, 12, 12))
    network.module.conv.weight.data.copy_(torch.linspace(1.0, 2.0, 5).reshape(5, 1, 1, 1))
    network.module.conv.bias.data.fill_(0.0)
    if is_tied:
        network.module.conv.bias.data[1:] = -9.0
    made = trace(np.random.default_rng(3).random((12, 12)).astype(np.float32), network)
    scene = visit_beats(
        ConvScene, setting_of(ConvScene, made, layer="deep", pixel=(0, 0)), lambda stage, beat: None
    )
    said = next(each.caption for each in scene.beats if each.name == "multiply")
    assert ("largest effect" in said) is not is_tied


def test_the_window_of_a_map_of_one_cell_does_not_just_stand_there() -> None:
    layers = (
        Conv2d("first", 3, 3, 8),
        Conv2d("second", 3, 3, 1),
        Flatten("flatten"),
        Linear("output", 3, 2),
    )
    network = fixed_network(layers, ("one", "two"), (3, 8, 8))
    seen = trace(np.random.default_rng(3).random((8, 8, 3)).astype(np.float32), network)
    setting = setting_of(ConvScene, seen, theme_of("dark"), layer="second")
    assert not faults_in(ConvScene, setting, but=["pale_maps"])


def test_a_total_flies_over_no_numbers(small_trace: Trace) -> None:
    """In wide films it flew over the sum that it came from."""
    seen: list[int] = []

    def note(stage: Any, beat: str) -> None:
        if beat == "add":
            seen.append(len(stage.present(stage.board.output.table.numbers)))

    visit_beats(ConvScene, setting_of(ConvScene, small_trace), note)
    count = max(seen)
    assert min(seen[seen.index(count) :]) < count
    assert seen[-1] == count
