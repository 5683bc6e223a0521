"""The journey as a film: what it says of a pixel is true, for any pixel of any network."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from cnnviz.explain.rounding import number_shown
from cnnviz.layers import (
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
)
from cnnviz.mobjects.text import Label, Number
from cnnviz.model.trace import Trace
from cnnviz.network import Network, load_network, trace
from cnnviz.photos import bundled_photo
from cnnviz.scenes.journey.pixel import PixelBoard
from cnnviz.scenes.journey.scene import JourneyScene
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import (
    faults_in,
    manifest_of_film,
    numbers_in,
    setting_of,
    visit_beats,
    words_of,
)

FORWARD = ["pixel", "products", "step_1", "step_2", "step_3", "flatten", "scores"]
BACKWARD = ["cell", "cone", "patch"]


def test_the_command_makes_a_whole_clip(
    tmp_path: Path, small_weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "film.mp4"
    manifest = manifest_of_film("journey", film, small_weights, "--class", "owl")
    assert capsys.readouterr().out.strip() == str(film)
    names = [beat["name"] for beat in manifest["beats"]]
    assert names == [*FORWARD, "probabilities", "spread", *BACKWARD]
    assert manifest["parameters"]["class_name"] == "owl"
    assert film.with_suffix(".poster.png").exists()


def test_the_sign_before_the_sums_is_theirs(small_trace: Trace) -> None:
    """The written products of three channels may add up to another hundredth than the sum."""
    products: dict[tuple[int | None, int | None], dict[int | None, Decimal]] = {}
    sums: dict[tuple[int | None, int | None], Decimal] = {}
    signs: set[str] = set()

    def look(stage: Any, beat: str) -> None:
        if beat != "products":
            return
        for each in stage.get_mobject_family_members():
            if isinstance(each, Label) and each.text.startswith("added up"):
                signs.add(each.text.removeprefix("added up ")[0])
            if not isinstance(each, Number):
                continue
            quantity, number = each.quantity, number_shown(each.text)
            output = quantity.row, quantity.column
            if quantity.quantity == "product":
                products.setdefault(output, {})[quantity.input_channel] = number
            elif quantity.quantity == "own_part":
                sums[output] = number

    visit_beats(JourneyScene, setting_of(JourneyScene, small_trace), look)
    assert set(products) == set(sums)
    is_exact = all(sum(terms.values()) == sums[output] for output, terms in products.items())
    assert signs == ({"="} if is_exact else {"≈"})


def own_part(
    network: Network, what: Trace, pixel: tuple[int, int], layer: str, index: tuple[int, ...]
) -> float:
    """Return a pixel's own part of one output: gradient times input, at the pixel."""
    picture = torch.tensor(what.layers[0].input)[None].requires_grad_()
    values = picture
    for name, module in network.module.named_children():
        values = module(values)
        if name == layer:
            break
    gradient = torch.autograd.grad(values[(0, *index)], picture)[0]
    return float((gradient * picture).detach()[0, :, *pixel].sum())


@pytest.mark.parametrize(
    "parameters",
    [{}, {"pixel": (0, 31)}, {"pixel": (17, 9), "channel": "conv_1=2", "class_name": "dog"}],
)
def test_every_number_is_the_networks(
    small_trace: Trace, small_network: Network, parameters: dict[str, Any]
) -> None:
    setting = setting_of(JourneyScene, small_trace, **parameters)
    pixel = setting.parameters.pixel
    kinds = set()
    for number in numbers_in(JourneyScene, setting):
        kind, value = number["quantity"], number["value"]
        kinds.add(kind)
        if kind == "own_part":
            index = (
                (small_trace.classes.index(number["class_name"]),)
                if "class_name" in number
                else (number["channel"], number["row"], number["column"])
            )
            layer = number.get("layer", "output")
            expected = own_part(small_network, small_trace, pixel, layer, index)
        elif kind == "contribution":
            expected = reached_score(small_network, small_trace, pixel, number["class_name"])
        else:  # The audit of every stage looks these up in the trace.
            continue
        assert value == pytest.approx(expected, abs=1e-5)
    assert kinds >= {
        "pixel", "activation", "weight", "product", "own_part", "index", "contribution",
        "logit", "probability",
    }  # fmt: skip


def reached_score(network: Network, what: Trace, pixel: tuple[int, int], class_name: str) -> float:
    """Return what the cells that the pixel reaches add to a score, all others taken as 0."""
    touched = torch.zeros(1, 1, *what.picture.shape[1:])
    touched[0, 0, *pixel] = 1
    touched = functional.conv2d(touched, torch.ones(1, 1, 3, 3))
    touched = functional.max_pool2d(touched, 2)
    touched = functional.conv2d(touched, torch.ones(1, 1, 5, 5), stride=2, padding=2) > 0
    cells = torch.tensor(what["flatten"].input) * touched[0]
    weight = dict(network.module.named_parameters())["output.weight"].detach()
    return float((weight @ cells.flatten())[what.classes.index(class_name)])


def test_indices_are_where_the_values_are(small_trace: Trace) -> None:
    setting = setting_of(JourneyScene, small_trace)
    found: list[tuple[int, ...]] = []

    def look(scene: Any, beat: str) -> None:
        found.extend(
            (number.index,)
            for mobject in scene.get_mobject_family_members()
            if (number := getattr(mobject, "quantity", None)) and number.quantity == "index"
        )

    visit_beats(JourneyScene, setting, look)
    vector = small_trace["flatten"].output
    shown = {index for (index,) in found}
    values = {
        number["value"]
        for number in numbers_in(JourneyScene, setting)
        if number["quantity"] == "activation" and number["layer"] == "relu_2"
    }
    assert shown
    assert {float(vector[index]) for index in shown} <= values


NORMALISED = (Conv2d("conv", 1, 2, 7, stride=3, padding=3), Flatten("flatten"), Linear("o", 70, 2))
WIDE = (
    Conv2d("conv_1", 3, 40, 1),
    ReLU("relu_1"),
    Conv2d("conv_2", 40, 70, 3, padding=1),
    Flatten("flatten"),
    Linear("output", 70 * 64, 20),
)
UNUSUAL = (
    MaxPool2d("pool_1", 2, 2),
    ReLU("relu_0"),
    Conv2d("conv", 3, 2, 3, dilation=2),
    MaxPool2d("pool_2", 3, 2),
    Flatten("flatten"),
    Linear("hidden", 2 * 16, 8),
    ReLU("relu_9"),
    Linear("output", 8, 2),
)
PADDED = (Conv2d("conv", 3, 2, 1, stride=2, padding=2), Flatten("f"), Linear("output", 72, 2))
GAPS = (Conv2d("conv", 3, 2, 1, stride=2), ReLU("relu"), Flatten("f"), Linear("output", 32, 2))
SINGLE = (Conv2d("conv", 3, 1, 4), Flatten("flatten"), Linear("output", 1, 2))
DEEP = (
    *(
        layer
        for index in range(9)
        for layer in (
            Conv2d(f"conv_{index}", 3 if index == 0 else 2, 2, 3, padding=1),
            ReLU(f"relu_{index}"),
        )
    ),
    Flatten("flatten"),
    Linear("output", 2 * 16, 2),
)


@pytest.mark.parametrize(
    ("layers", "size", "aspect", "language", "look", "parameters"),
    [
        (NORMALISED, (1, 19, 13), "9:16", "zh", "dark", {"pixel": (18, 12)}),
        (WIDE, (3, 8, 8), "1:1", "en", "dark", {"channel": "39"}),
        pytest.param(WIDE, (3, 8, 8), "16:9", "zh", "light", {}, marks=pytest.mark.slow),
        pytest.param(
            UNUSUAL, (3, 26, 26), "16:9", "en", "dark", {"backward": False}, marks=pytest.mark.slow
        ),
        (UNUSUAL, (3, 26, 26), "9:16", "en", "light", {}),
        (GAPS, (3, 8, 8), "1:1", "en", "light", {"pixel": (0, 0)}),
        pytest.param(
            PADDED, (3, 8, 8), "16:9", "en", "dark", {"pixel": (1, 1)}, marks=pytest.mark.slow
        ),
        (SINGLE, (3, 4, 4), "16:9", "en", "light", {}),
        pytest.param(
            DEEP, (3, 4, 4), "1:1", "zh", "light", {"backward": True}, marks=pytest.mark.slow
        ),
    ],
)
def test_nothing_overlaps_or_leaves_the_frame(
    layers: tuple[Layer, ...],
    size: tuple[int, int, int],
    aspect: str,
    language: str,
    look: str,
    parameters: dict[str, Any],
) -> None:
    last = layers[-1]
    assert isinstance(last, Linear)
    classes = tuple(f"a class with the long name {i}" for i in range(last.out_features))
    network = fixed_network(layers, classes, size)
    pictures = np.random.default_rng(1).random((40, 40)).astype(np.float32)
    theme = theme_of(look, aspect)
    setting = setting_of(JourneyScene, trace(pictures, network), theme, language, **parameters)
    assert not faults_in(JourneyScene, setting)


def test_the_way_back_alone(small_trace: Trace) -> None:
    setting = setting_of(JourneyScene, small_trace, backward=True, pixel=(16, 16))
    beats = visit_beats(JourneyScene, setting, lambda scene, beat: None).beats
    assert [beat.name for beat in beats] == BACKWARD
    (value,) = {number for beat in beats[:2] for number in beat.numbers}
    assert value.layer == "relu_2"
    assert value.value == small_trace["relu_2"].output[value.channel, value.row, value.column]
    # conv_2 sees 5x5 cells, each of a 2x2 pooling window, each of 3x3 pixels: 5 x 2 + 2.
    assert "12×12" in beats[-1].caption


def test_a_pixel_that_nobody_looks_at() -> None:
    network = fixed_network(GAPS, ("cat", "dog"), (3, 8, 8))
    pictures = np.random.default_rng(1).random((8, 8, 3)).astype(np.float32)
    setting = setting_of(JourneyScene, trace(pictures, network), pixel=(3, 4))
    beats = visit_beats(JourneyScene, setting, lambda scene, beat: None).beats
    assert [beat.name for beat in beats] == ["pixel", "lost", *BACKWARD]
    assert "No window of relu" in beats[1].caption


@pytest.mark.parametrize(("channels", "said"), [(1, "weight"), (3, "weights")])
def test_a_grey_pixel_is_multiplied_by_one_weight_an_output(channels: int, said: str) -> None:
    layers = (Conv2d("c", channels, 2, 3), Flatten("f"), Linear("o", 72, 2))
    network = fixed_network(layers, ("cat", "dog"), (channels, 8, 8))
    what = trace(np.full((8, 8, 3), 0.5, np.float32), network)
    scene = visit_beats(JourneyScene, setting_of(JourneyScene, what, pixel=(4, 4)), lambda *_: None)
    caption = next(beat.caption for beat in scene.beats if beat.name == "products")
    assert caption.endswith(f"each through its own {said}.")


@pytest.mark.parametrize("is_black", [True, False])
def test_a_pixel_without_a_part_is_not_said_to_reach_anything(*, is_black: bool) -> None:
    """The cells of a corner, whose windows another cell wins, were told as reached by it."""
    picture = np.full((8, 8, 3), 0.5, np.float32)
    picture[0, 0] = 0.0 if is_black else 0.5
    layers = (Conv2d("c1", 3, 2, 3), Conv2d("c2", 2, 2, 3), Flatten("f"), Linear("o", 32, 2))
    what = trace(picture, fixed_network(layers, ("cat", "dog"), (3, 8, 8)))
    scene = visit_beats(JourneyScene, setting_of(JourneyScene, what, pixel=(0, 0)), lambda *_: None)
    said = {beat.name: beat.caption for beat in scene.beats}
    for name in ("step_2", "flatten"):
        assert ("reaches" in said[name]) is not is_black
        assert ("nothing of" in said[name]) is is_black


def test_few_cells_leave_no_third_of_an_upright_frame_empty() -> None:
    """The map of a corner's pixel stood at the left of its cells, and nothing below."""
    layers = (Conv2d("conv", 3, 2, 3), ReLU("relu"), Flatten("f"), Linear("o", 72, 2))
    network = fixed_network(layers, ("cat", "dog"), (3, 8, 8))
    what = trace(np.random.default_rng(1).random((8, 8, 3)).astype(np.float32), network)
    theme = theme_of("dark", "9:16")
    lowest = {}

    def look(scene: Any, beat: str) -> None:
        parts = scene.get_mobject_family_members()
        numbers = [each for each in parts if isinstance(each, Number)]
        lowest[beat] = min((float(each.get_bottom()[1]) for each in numbers), default=0.0)

    visit_beats(JourneyScene, setting_of(JourneyScene, what, theme, pixel=(0, 0)), look)
    stage = theme.layout.stage
    assert lowest["step_1"] < stage.bottom + 0.2 * stage.height


def test_steps_that_are_passed_quickly_are_counted() -> None:
    network = fixed_network(DEEP, ("cat", "dog"), (3, 4, 4))
    what = trace(np.full((8, 8, 3), 0.5, np.float32), network)
    beats = visit_beats(JourneyScene, setting_of(JourneyScene, what), lambda *_: None).beats
    (onwards,) = (beat for beat in beats if beat.name.startswith("onwards"))
    assert onwards.caption.startswith("3 more steps, left out here")


def test_classes_that_are_left_out_are_counted() -> None:
    network = fixed_network(WIDE, tuple(map(str, range(20))), (3, 8, 8))
    what = trace(np.full((8, 8, 3), 0.5, np.float32), network)
    texts = set()

    def look(scene: Any, beat: str) -> None:
        if beat == "scores":
            labels = scene.get_mobject_family_members()
            texts.update(each.text for each in labels if isinstance(each, Label))

    visit_beats(JourneyScene, setting_of(JourneyScene, what), look)
    shown = len(texts & set(what.classes))
    assert 2 < shown < 20
    assert f"{shown} of 20" in texts


def test_a_wide_field_has_its_numbers_in_a_square_frame_too() -> None:
    layers = (
        Conv2d("conv_1", 3, 1, 3),
        Conv2d("conv_2", 1, 1, 5),
        MaxPool2d("pool", 2, 2),
        Flatten("flatten"),
        Linear("output", 49, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 20, 20))
    pictures = np.random.default_rng(1).random((20, 20, 3)).astype(np.float32)
    theme = theme_of("dark", "1:1")
    setting = setting_of(JourneyScene, trace(pictures, network), theme, pixel=(2, 10))
    parts = {
        (number["layer"], number["row"], number["column"])
        for number in numbers_in(JourneyScene, setting)
        if number["quantity"] == "own_part" and number.get("layer") == "conv_2"
    }
    assert parts == {("conv_2", row, column) for row in range(3) for column in range(4, 11)}
    assert not faults_in(JourneyScene, setting)


def test_a_field_with_room_for_one_grid_shows_values_and_own_part_in_turn() -> None:
    layers = (
        Conv2d("conv_1", 3, 1, 3),
        Conv2d("conv_2", 1, 1, 5),
        ReLU("relu"),
        Flatten("flatten"),
        Linear("output", 14 * 14, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 20, 20))
    pictures = np.random.default_rng(1).random((20, 20, 3)).astype(np.float32)
    setting = setting_of(
        JourneyScene, trace(pictures, network), theme_of("dark", "1:1"), pixel=(10, 10)
    )
    field = {(row, column) for row in range(4, 11) for column in range(4, 11)}
    shown = numbers_in(JourneyScene, setting)
    for quantity in ("activation", "own_part"):
        places = {
            (number["row"], number["column"])
            for number in shown
            if number["quantity"] == quantity and number.get("layer") == "relu"
        }
        assert places == field, quantity
    assert not faults_in(JourneyScene, setting)


@pytest.mark.parametrize("aspect", ["16:9", "9:16"])
def test_what_cells_add_has_the_whole_width_until_the_scores_come(
    small_trace: Trace, aspect: str
) -> None:
    """In "probabilities" it makes room, bars and numbers in one motion."""
    rights: dict[str, list[float]] = {"scores": [], "probabilities": []}

    def look(scene: Any, beat: str) -> None:
        if beat in rights:
            shown = [
                each.get_right()[0]
                for each in scene.get_mobject_family_members()
                if isinstance(each, Number) and each.quantity.quantity == "own_part"
            ]
            rights[beat] += [max(shown)] if shown else []

    setting = setting_of(JourneyScene, small_trace, theme_of("dark", aspect))
    made: Any = visit_beats(JourneyScene, setting, look)
    stage = made.theme.layout.stage
    assert rights["scores"][-1] > stage.right - 0.15 * stage.width
    assert rights["probabilities"][-1] < stage.x + 0.15 * stage.width


@pytest.mark.parametrize(("shade", "is_nothing"), [(0.0, True), (0.5, False)])
def test_of_a_black_pixel_nothing_is_said_to_be_left(
    small_network: Network, shade: float, *, is_nothing: bool
) -> None:
    """It was said to end as 0.0000."""
    what = trace(np.full((32, 32, 3), shade, np.float32), small_network)
    made = visit_beats(JourneyScene, setting_of(JourneyScene, what), lambda scene, beat: None)
    (caption,) = (beat.caption for beat in made.beats if beat.name == "spread")
    assert ("nothing of it is left" in caption) == is_nothing


def test_in_a_square_frame_the_pixel_stands_beside_a_large_picture(small_trace: Trace) -> None:
    """Three rooms in one row left half of the stage empty."""
    theme = theme_of("dark", "1:1")
    board = PixelBoard(small_trace, 5, 6, theme, words_of("journey"))
    assert board.picture.width > 0.45 * theme.layout.stage.width
    places = [each.get_top()[1] for each in board.fact_parts]
    assert board.near.get_left()[0] > board.picture.get_right()[0]
    assert max(places) < board.near.get_bottom()[1]


def test_a_name_in_one_line_has_room_where_the_one_after_takes_two() -> None:
    """Each is where it does not leave the frame: the ReLU's longer name is the narrower one."""
    layers = (
        Conv2d("expanded_conv_depthwise", 1, 3, 3, padding=1),
        ReLU("expanded_conv_depthwise_relu"),
        Flatten("flatten"),
        Linear("output", 3 * 16 * 16, 2),
    )
    network = fixed_network(layers, ("a", "b"), (1, 16, 16))
    what = trace(np.random.default_rng(2).random((16, 16), np.float32), network)
    setting = setting_of(JourneyScene, what, theme_of("dark", "9:16"))
    assert not [fault for fault in faults_in(JourneyScene, setting) if "safe frame" in fault]


@pytest.mark.parametrize("is_normalised", [False, True])
def test_in_a_tall_frame_the_numbers_leave_room_for_a_large_picture(is_normalised: bool) -> None:
    """They took a third of the stage however few they were, and more than that as twice as many."""
    network = load_network("efficientnet_lite0" if is_normalised else "tiny_vgg")
    theme = theme_of("dark", "9:16")
    seen = trace(bundled_photo(), network)
    board = PixelBoard(seen, 5, 6, theme, words_of("journey"))
    stage = theme.layout.stage
    assert board.picture.width > 0.45 * stage.width
    assert board.note.get_bottom()[1] > board.near.get_top()[1]
    assert board.near.get_bottom()[1] > max(each.get_top()[1] for each in board.fact_parts)
    assert stage.bottom < min(each.get_bottom()[1] for each in board.fact_parts)


def test_cells_of_equal_values_are_not_said_to_win_by_being_larger() -> None:
    """In a plain picture all values of a window are equal: the first one goes on."""
    layers = (
        Conv2d("conv", 3, 2, 1),
        MaxPool2d("pool", 2),
        Flatten("flatten"),
        Linear("output", 32, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 8, 8))
    seen = {
        "plain": np.full((8, 8, 3), 0.5, np.float32),
        "noise": np.random.default_rng(5).random((8, 8, 3)).astype(np.float32),
    }
    said = {}
    for name, picture in seen.items():
        setting = setting_of(JourneyScene, trace(picture, network))
        made = visit_beats(JourneyScene, setting, lambda *_: None)
        (said[name],) = (beat for beat in made.beats if beat.caption.startswith("pool "))
    assert "of equals the first counts" in said["plain"].caption
    assert "of equals the first" in said["plain"].description
    assert "of equals" not in said["noise"].caption


def test_of_a_single_cell_is_not_said_that_cells_win() -> None:
    """A corner's one cell was "1 of the 1 cells", and below it stood "none of its 1 cells"."""
    made = trace(bundled_photo("cat"), load_network())
    setting = setting_of(JourneyScene, made, pixel=(63, 63), class_name="sports car")
    notes = set()

    def note(stage: Any, beat: str) -> None:
        shown = stage.get_mobject_family_members()
        notes.update(each.text for each in shown if isinstance(each, Label))

    scene = visit_beats(JourneyScene, setting, note)
    said = [each.caption for each in scene.beats if "largest value" in each.caption]
    assert said
    assert "its only cell did not win" in notes
    assert "1 of 1 gets past the ReLU" in notes
    assert not [each for each in said if "cells" in each]


def test_large_patches_take_longer_to_grow_than_small_ones() -> None:
    """While the first, small ones grew the stage was nearly empty."""
    made = trace(bundled_photo("cat"), load_network())
    rests: list[int] = []

    def note(stage: Any, beat: str) -> None:
        if beat == "spread":
            rests.append(stage.frame)

    visit_beats(JourneyScene, setting_of(JourneyScene, made), note)
    # A patch grows and rests in two plays; the last play of all writes what is left of it.
    growing = np.diff(rests)[-3::-2][:5]
    assert growing[0] > 1.5 * growing[-1]
    assert list(growing) == sorted(growing, reverse=True)


def test_the_cells_map_stays_until_the_cone_comes_there() -> None:
    """The way back began with two small cells on a stage that was empty for two seconds."""
    made = trace(bundled_photo("cat"), load_network())
    seen: list[bool] = []

    def note(stage: Any, beat: str) -> None:
        if beat == "cone":
            texts = [each.text for each in stage.mobjects if isinstance(each, Label)]
            seen.append(any("max_pool_2, channel" in text for text in texts))

    visit_beats(JourneyScene, setting_of(JourneyScene, made, backward=True), note)
    assert seen[:4] == [True] * 4
    assert not seen[-1]
