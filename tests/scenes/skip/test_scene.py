"""Skip connections as a film: what it shows is true and legible."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
import torch

from cnnviz.errors import UserError
from cnnviz.layers import Add, Conv2d, Flatten, Linear, ReLU, ReLU6
from cnnviz.model.trace import Trace
from cnnviz.network import Network, save_network, trace
from cnnviz.scenes.skip.board import SkipBoard
from cnnviz.scenes.skip.branches import skipping_branch
from cnnviz.scenes.skip.scene import SkipScene
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import theme_of
from cnnviz.style.typography import CAP_HEIGHT
from tests.conftest import fixed_network
from tests.scenes.stage import (
    assert_looks_as_stored,
    faults_in,
    manifest_of_film,
    numbers_in,
    setting_of,
    visit_beats,
    words_of,
)


@pytest.fixture(scope="module")
def network() -> Network:
    """A network whose first layer's maps go around two convolutions."""
    layers = (
        Conv2d("stem", 3, 4, 3, padding=1),
        ReLU6("stem_relu"),
        Conv2d("depth", 4, 4, 3, padding=1, groups=4),
        ReLU("depth_relu"),
        Conv2d("project", 4, 4, 1),
        Add("add", inputs=("stem_relu", "project")),
        Flatten("flatten"),
        Linear("output", 4 * 12 * 14, 2),
    )
    return fixed_network(layers, ("cat", "dog"), (3, 12, 14))


@pytest.fixture(scope="module")
def residual(network: Network) -> Trace:
    return trace(np.random.default_rng(3).random((24, 28)).astype(np.float32), network)


def test_the_command_makes_a_whole_clip(tmp_path: Path, network: Network) -> None:
    weights, film = tmp_path / "residual.safetensors", tmp_path / "film.mp4"
    save_network(network, weights)
    manifest = manifest_of_film("skip", film, weights, "--channel", "2")
    assert (manifest["scene"], manifest["parameters"]["channel"]) == ("skip", 2)
    with av.open(film) as container:
        assert sum(1 for _ in container.decode(video=0)) == manifest["film"]["frames"]


@pytest.mark.parametrize(("aspect", "language"), [("16:9", "en"), ("1:1", "zh"), ("9:16", "zh")])
def test_nothing_overlaps_and_every_number_is_true(
    residual: Trace, aspect: str, language: str
) -> None:
    setting = setting_of(SkipScene, residual, theme_of("dark", aspect), language)
    assert not faults_in(SkipScene, setting)


def test_the_sum_is_torchs_of_what_the_branches_hold(residual: Trace) -> None:
    setting = setting_of(SkipScene, residual, channel=2, pixel=(5, 6))
    shown = [n for n in numbers_in(SkipScene, setting) if n["quantity"] == "activation"]
    at = [n["value"] for n in shown if (n["row"], n["column"]) == (5, 6)]
    one, other = residual["stem_relu"].output[2, 5, 6], residual["project"].output[2, 5, 6]
    assert {float(one), float(other), float(one + other)} <= {np.float32(v).item() for v in at}


def test_its_beats(residual: Trace) -> None:
    beats: list[str] = []
    setting = setting_of(SkipScene, residual)
    made = visit_beats(SkipScene, setting, lambda stage, beat: beats.append(beat))
    assert all("." in beat.description for beat in made.beats)
    assert list(dict.fromkeys(beats)) == ["photo", "place", "sum", "another", "all", "shares"]


def test_its_first_caption_says_which_branch_goes_around(residual: Trace) -> None:
    assert skipping_branch(residual.architecture, "add") == ("stem_relu", "project")
    caption = visit_beats(SkipScene, setting_of(SkipScene, residual), lambda *_: None).beats[1]
    assert caption.caption.startswith("stem_relu goes two ways")


def test_where_neither_branch_goes_around_none_is_said_to() -> None:
    layers = (
        Conv2d("left", 3, 4, 3, padding=1),
        Conv2d("right", 3, 4, 3, padding=1, inputs=("input",)),
        Add("add", inputs=("left", "right")),
        Flatten("flatten"),
        Linear("output", 4 * 12 * 14, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 12, 14))
    assert skipping_branch(network.architecture, "add") is None
    seen = trace(np.random.default_rng(3).random((24, 28)).astype(np.float32), network)
    made = visit_beats(SkipScene, setting_of(SkipScene, seen), lambda *_: None)
    assert made.beats[1].caption.startswith("Two branches meet in add")


def test_a_sum_that_was_worked_is_in_its_cell_before_the_others(residual: Trace) -> None:
    setting = setting_of(SkipScene, residual, channel=2, pixel=(5, 6))
    seen: dict[str, set[tuple[int, int]]] = {}

    def note(made: SkipScene, beat: str) -> None:
        shown = np.argwhere(made.board.panels[-1].map.bitmap.rgba[..., 3] > 0)
        seen[beat] = {(int(row), int(column)) for row, column in shown}

    board = visit_beats(SkipScene, setting, note).board
    assert seen["sum"] == {(5, 6)}
    assert seen["another"] == set(board.pixels)
    assert len(seen["all"]) == 12 * 14


def test_without_an_addition_it_says_so(small_trace: Trace) -> None:
    with pytest.raises(UserError, match="has no addition"):
        setting_of(SkipScene, small_trace)
    with pytest.raises(UserError, match="has no addition"):
        setting_of(SkipScene, small_trace, layer="conv_1_1")


def test_each_beat_ends_as_stored(residual: Trace, request: pytest.FixtureRequest) -> None:
    assert_looks_as_stored(SkipScene, setting_of(SkipScene, residual), request)


def test_the_bars_are_as_long_as_what_each_branch_brings(residual: Trace) -> None:
    board: list[SkipBoard] = []
    setting = setting_of(SkipScene, residual, channel=1)
    visit_beats(SkipScene, setting, lambda made, beat: board.append(made.board))
    bars, tracks = board[-1].bars, board[-1].tracks
    brought = [np.abs(residual[name].output[1]).sum() for name in ("stem_relu", "project")]
    lengths = [bar.width / track.width for bar, track in zip(bars, tracks, strict=True)]
    assert lengths == pytest.approx([each / sum(brought) for each in brought], rel=1e-5)
    shares = [n["value"] for n in numbers_in(SkipScene, setting) if n["quantity"] == "share"]
    assert shares == pytest.approx(lengths, rel=1e-5)


def test_in_a_square_frame_maps_of_56_cells_fill_the_row() -> None:
    layers = (
        Conv2d("stem", 1, 1, 1),
        Conv2d("more", 1, 1, 1),
        Add("add", inputs=("more", "stem")),
        Flatten("flatten"),
        Linear("output", 56 * 56, 2),
    )
    picture = np.random.default_rng(3).random((56, 56)).astype(np.float32)
    seen = trace(picture, fixed_network(layers, ("a", "b"), (1, 56, 56)))
    theme = theme_of("dark", "1:1")
    board = SkipBoard(seen, "add", 0, (3, 4), theme, words_of("skip"))
    taken = sum(panel.map.width for panel in board.panels)
    assert taken > 0.8 * theme.layout.stage.width


def test_in_a_square_frame_numbers_take_the_room_below_the_maps(residual: Trace) -> None:
    """They were as small as in wide frames, with nothing above and below."""
    sizes = {}
    for aspect in ("16:9", "1:1"):
        theme = theme_of("dark", aspect)
        board = SkipBoard(residual, "add", 0, (3, 4), theme, words_of("skip"))
        sizes[aspect] = board.numbers[0].font_size
        widths = [number.width for number in (*board.numbers, *board.share_numbers)]
        assert max(widths) < board.panels[0].zone.width
    assert sizes["1:1"] > 1.3 * sizes["16:9"]


def captions_of_sum(red: np.ndarray, right: tuple[float, float, float]) -> dict[str, str]:
    """Return the captions of an addition: of a picture's red, and of what a weighing makes of it.

    The picture's green is 1 at its last pixel, and 0 elsewhere; its blue is 0.
    """
    layers = (
        Conv2d("left", 3, 1, 1),
        Conv2d("right", 3, 1, 1, inputs=("input",)),
        Add("add", inputs=("left", "right")),
        Flatten("flatten"),
        Linear("output", 64, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 8, 8))
    weighings = {"left": (1.0, 0.0, 0.0), "right": right}
    for name, module in network.module.named_children():
        if name in weighings:
            module.weight.data.copy_(torch.tensor(weighings[name]).reshape(1, 3, 1, 1))
            module.bias.data.zero_()
    picture = np.zeros((8, 8, 3), np.float32)
    picture[..., 0], picture[-1, -1, 1] = red, 1.0
    setting = setting_of(SkipScene, trace(picture, network), pixel=(0, 0))
    assert not faults_in(SkipScene, setting)
    made = visit_beats(SkipScene, setting, lambda *_: None)
    return {beat.name: beat.caption for beat in made.beats}


ONES = np.ones((8, 8), np.float32)


@pytest.mark.parametrize(
    ("red", "right", "said"),
    [
        (0 * ONES, (0.0, 1.0, 0.0), "the branches differ most here: row 7, column 7"),
        (ONES, (0.0, 0.0, 0.0), "At no other place do the branches differ more than here"),
        (ONES, (0.999, 0.0, 0.0), "and here too little for these decimals"),
        (ONES, (1.0, 0.0, 0.0), "At every other place both branches hold the same value"),
    ],
)
def test_no_place_is_said_to_differ_most_among_equals(
    red: np.ndarray, right: tuple[float, float, float], said: str
) -> None:
    assert said in captions_of_sum(red, right)["another"]


def test_where_both_branches_are_zero_none_is_said_to_bring_half() -> None:
    assert "zero everywhere" in captions_of_sum(0 * ONES, (0.0, 0.0, 0.0))["shares"]
    assert "50%" in captions_of_sum(ONES, (1.0, 0.0, 0.0))["shares"]


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_share_stands_clear_of_map_and_legend(residual: Trace, aspect: Aspect) -> None:
    """Its bar lay as good as on the legend."""
    theme = theme_of("dark", aspect)
    board = SkipBoard(residual, "add", 0, (5, 6), theme, words_of("skip"))
    for panel, track, number in zip(board.panels, board.tracks, board.share_numbers, strict=False):
        (legend,) = panel.legends
        digits = number.get_center()[1] + CAP_HEIGHT * number.em / 2
        assert panel.map.get_bottom()[1] - digits > 0.12
        assert track.get_bottom()[1] - legend.get_top()[1] > 0.12


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_sum_grows_past_the_name_of_its_map(residual: Trace, aspect: Aspect) -> None:
    """In upright films the sign stood above the name, and the sum below the map."""
    theme = theme_of("dark", aspect)
    board = SkipBoard(residual, "add", 0, (5, 6), theme, words_of("skip"))
    sign, total, name = board.signs[-1], board.numbers[-1], board.panels[-1].name
    assert max(sign.get_top()[1], total.get_top()[1]) < name.get_bottom()[1]
    assert sign.get_right()[0] < board.panels[-1].map.get_left()[0]
