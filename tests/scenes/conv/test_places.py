"""The convolution's stage: in every frame there is room for everything."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from manim import Mobject

from cnnviz.explain.places import resolve_place
from cnnviz.layers import Conv2d, Flatten, Linear
from cnnviz.mobjects.number_grid import number_width
from cnnviz.model.trace import Trace
from cnnviz.network import trace
from cnnviz.scenes.conv.board import ConvolutionBoard
from cnnviz.scenes.conv.pair import PairPlaces
from cnnviz.scenes.conv.places import BoardNeeds, ConvolutionPlaces
from cnnviz.scenes.conv.scene import ConvScene
from cnnviz.style.names import ASPECTS, Aspect
from cnnviz.style.theme import theme_of
from tests.conftest import fixed_network
from tests.scenes.stage import setting_of, visit_beats, words_of

SLACK = 0.03
"""Frames and windows lie just outside their maps, in Manim units."""

Box = tuple[float, float, float, float]


def box_of(mobject: Mobject) -> Box:
    """Return (left, top, right, bottom)."""
    left, bottom, _ = mobject.get_corner(np.array([-1, -1, 0]))
    right, top, _ = mobject.get_corner(np.array([1, 1, 0]))
    return left, top, right, bottom


def overlap(one: Box, other: Box) -> bool:
    left, top, right, bottom = one
    other_left, other_top, other_right, other_bottom = other
    beside = right <= other_left + SLACK or other_right <= left + SLACK
    return not beside and not (bottom >= other_top - SLACK or other_bottom >= top - SLACK)


def board_of(aspect: str, language: str, channels: int, kernel_size: int) -> ConvolutionBoard:
    size = 35 - kernel_size
    layers = (
        Conv2d("conv_1", 3, channels, 1),
        Conv2d("conv_2", channels, 2, kernel_size, padding=1),
        Flatten("flatten"),
        Linear("output", 2 * size**2, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 32, 32))
    traced = trace(np.random.default_rng(0).random((32, 32, 3)).astype(np.float32), network)
    place = resolve_place(traced, "conv_2", None, None)
    return ConvolutionBoard(
        traced, place, theme_of("dark", aspect), words_of("conv", language), "unit"
    )


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize(
    ("channels", "kernel_size", "language"),
    [
        (1, 3, "en"),
        (1, 5, "zh"),
        (1, 7, "en"),
        (3, 3, "en"),
        (2, 7, "en"),
        (3, 5, "zh"),
        (3, 7, "en"),
        (9, 3, "zh"),
        (26, 5, "en"),
        (26, 9, "en"),
    ],
)
def test_nothing_lies_on_anything_else(
    aspect: str, channels: int, kernel_size: int, language: str
) -> None:
    board = board_of(aspect, language, channels, kernel_size)
    inputs, output, stage = board.inputs, board.output, board.theme.layout.stage
    grids = [grid for row in board.rows for grid in (row.patch, row.kernel, row.products)]
    sums = [part for row in board.rows for part in (row.sum_sign, row.sum)]
    always = [
        *inputs.maps,
        *inputs.around,
        *inputs.patch_names,
        *(line.kernel for line in inputs.lines),
        output.map,
        output.label,
    ]
    frames = {id(frame) for frame in inputs.frames}
    always = [part for part in always if id(part) not in frames]
    calculating = [*always, *grids, *sums, *inputs.sums, output.table, output.place_label]
    telling = [*always, *grids, *([board.ticker] if board.ticker else [])]
    kernels = [row.kernel for row in board.rows]
    before = [*always, *kernels, board.formula]
    if board.places.formula_waits:
        before = [*always, *grids, *sums, *inputs.sums, board.formula, output.legend]
    if board.places.output.has_room_for_both:
        calculating.append(output.legend)
    for stage_parts in (calculating, telling, before):
        boxes = [(type(part).__name__, box_of(part)) for part in stage_parts]
        found = [(one, other) for one, other in combinations(boxes, 2) if overlap(one[1], other[1])]
        assert not found
        for _, (left, top, right, bottom) in boxes:
            assert stage.left - 0.3 < left < right < stage.right + 0.3
            assert stage.bottom - 0.1 < bottom < top < stage.top + 0.35


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("channels", [1, 2, 3, 9])
@pytest.mark.parametrize("kernel_size", [5, 7])
def test_of_large_kernels_one_has_room_for_its_numbers(
    aspect: str, kernel_size: int, channels: int
) -> None:
    board = board_of(aspect, "en", channels, kernel_size)
    (row,) = board.rows
    assert all(grid.has_numbers for grid in (row.patch, row.kernel, row.products))
    assert board.ticker is None
    if channels == 1 and kernel_size == 5:
        assert min(n.font_size for n in row.kernel.numbers) > board.theme.sizes.label


@pytest.mark.parametrize(
    ("aspect", "rows", "has_list", "name_width"),
    [
        (aspect, rows, has_list, name_width)
        for aspect, rows, has_list, name_width in product(
            ASPECTS, (1, 2, 3), (False, True), (0.3, 1.2)
        )
        if rows == 3 or not has_list
    ],
)
def test_cells_have_room_for_numbers(
    aspect: str, rows: int, has_list: bool, name_width: float
) -> None:
    theme = theme_of("dark", aspect)
    needs = BoardNeeds(rows, has_list, has_ticker=False, name_width=name_width)
    places = ConvolutionPlaces.of(theme.layout, needs)
    columns, pixel = places.columns, theme.layout.pixel
    cell = int(columns.grid_width / 3 / pixel) * pixel
    assert cell >= number_width(5, theme.sizes.small)
    assert len(places.row_ys) == rows
    assert columns.sum_right <= theme.layout.right + 1e-9


@pytest.mark.parametrize("aspect", ASPECTS)
def test_picture_map_and_middle_do_not_touch(aspect: str) -> None:
    layout = theme_of("dark", aspect).layout
    places = PairPlaces.of(layout)
    zones = [places.left, places.right, places.middle]
    for one, other in combinations(zones, 2):
        beside = one.right < other.left or other.right < one.left
        assert beside or one.bottom > other.top or other.bottom > one.top
    for zone in zones:
        assert layout.left - 1e-9 <= zone.left < zone.right <= layout.right + 1e-9
        assert layout.stage_bottom - 1e-9 <= zone.bottom < zone.top <= layout.stage_top + 1e-9
    assert places.left.width == pytest.approx(places.right.height)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_picture_and_map_stand_in_the_middle_until_the_pattern_comes(
    small_trace: Trace, aspect: Aspect
) -> None:
    """They kept a third of the stage free from the beginning."""
    setting = setting_of(ConvScene, small_trace, theme_of("dark", aspect))
    stage = setting.theme.layout.stage
    margins: list[tuple[float, float, float, float]] = []
    moved: list[np.ndarray] = []

    def look(scene: Any, beat: str) -> None:
        maps = [scene.pair.picture, scene.pair.map]
        if beat == "place" and scene.present([*maps, scene.pair.legend]) == [
            *maps,
            scene.pair.legend,
        ]:
            lefts, tops, rights, bottoms = zip(*map(box_of, maps), strict=True)
            left, right = min(lefts) - stage.left, stage.right - max(rights)
            margins.append((left, right, stage.top - max(tops), min(bottoms) - stage.bottom))
        if beat == "pattern" and scene.present([scene.pattern.tile]):
            places = scene.pair.places
            moved.append(maps[0].get_center() - places.left.centre)
            moved.append(maps[1].get_center() - places.right.centre)

    visit_beats(ConvScene, setting, look)
    left, right, above, below = margins[-1]
    assert left == pytest.approx(right, abs=0.15)
    assert above == pytest.approx(below, abs=0.6)  # a name takes less room than a legend
    assert np.abs(moved).max() < 1e-6


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_single_row_and_its_output_fill_the_stage(aspect: Aspect) -> None:
    """Of one input channel there is one row: it was as small as one of three, in square frames."""
    stage = theme_of("dark", aspect).layout.stage
    needs = BoardNeeds(rows=1, has_list=False, has_ticker=True, name_width=0.5)
    places = ConvolutionPlaces.of(theme_of("dark", aspect).layout, needs)
    columns, shown = places.columns, places.output.map
    grids = 3 * columns.grid_width * columns.grid_height
    area = grids + columns.map_side**2 + shown.width * shown.height
    assert area > 0.27 * stage.width * stage.height
    row = places.row_ys[0]
    assert columns.sum_right <= stage.right + 1e-6
    assert row + columns.grid_height / 2 <= stage.top
    if aspect != "16:9":
        assert row - columns.grid_height / 2 > shown.top
    for one, other in combinations((shown, places.output.table), 2):
        apart = one.right < other.left or other.right < one.left or one.bottom > other.top
        assert apart, "the sum stands beside its map, or below it"
    assert stage.bottom <= shown.bottom


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_only_cell_of_a_kernel_is_large(aspect: Aspect) -> None:
    """It took a ninth of its room, as one of nine does."""
    layers = (Conv2d("mix", 3, 2, 1), Flatten("flatten"), Linear("output", 72, 2))
    picture = np.random.default_rng(3).random((6, 6, 3)).astype(np.float32)
    seen = trace(picture, fixed_network(layers, ("cat", "dog"), (3, 6, 6)))
    theme = theme_of("dark", aspect)
    place = resolve_place(seen, "mix", 0, None)
    board = ConvolutionBoard(seen, place, theme, words_of("conv"), "unit")
    for row in board.rows:
        assert row.kernel.has_numbers
        assert row.kernel.cells.width > 0.4 * board.places.columns.grid_width


@pytest.mark.parametrize(("channels", "kernel_size"), [(9, 3), (3, 7)])
def test_a_name_above_a_patch_comes_with_it(channels: int, kernel_size: int) -> None:
    """It stood alone above an empty place while the formula was told."""
    layers = (
        Conv2d("mix", 3, channels, 1),
        Conv2d("conv", channels, 2, kernel_size, padding=kernel_size // 2),
        Flatten("flatten"),
        Linear("output", 2 * 12 * 12, 2),
    )
    network = fixed_network(layers, ("cat", "dog"), (3, 12, 12))
    seen = trace(np.random.default_rng(2).random((24, 24, 3)).astype(np.float32), network)
    rests: list[tuple[bool, bool]] = []

    def look(scene: Any, beat: str) -> None:
        board = scene.board
        if beat in ("filter", "multiply"):
            names = scene.present(board.inputs.patch_names)
            rests.append((bool(names), bool(scene.present([board.rows[0].patch]))))

    visit_beats(ConvScene, setting_of(ConvScene, seen, layer="conv"), look)
    assert all(name == patch for name, patch in rests)
    assert rests[-1] == (True, True)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_few_channels_of_a_large_kernel_are_named_beside_their_maps(aspect: str) -> None:
    """Their maps are as large as the room beside the one row of arithmetic allows."""
    inputs = board_of(aspect, "en", 3, 7).inputs
    assert [line.label.text for line in inputs.lines] == ["channel 0", "channel 1", "channel 2"]
    assert min(each.width for each in inputs.maps) > 0.6
