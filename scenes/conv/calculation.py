"""How single outputs of a convolution are calculated: the first term by term, then the next."""

from __future__ import annotations

from collections.abc import Sequence

from manim import FadeIn, FadeOut, Mobject, linear, smooth

from cnnviz.animations.drive import Drive
from cnnviz.animations.fade_to import FadeTo
from cnnviz.scenes.conv.board import ConvolutionBoard
from cnnviz.scenes.conv.rows import ChannelRow
from cnnviz.staging.rhythm import leaving
from cnnviz.staging.scene import LectureScene
from cnnviz.style.geometry import around, meet

LONGEST_COUNT = 27
"""Terms after which counting goes faster, so that a large kernel does not take minutes."""

TOLD_TERMS = 9
"""Terms that are written out where a kernel is too large for numbers in its cells."""

SLIDE = 1.2
"""How long the window takes to another place, in moves."""

LIFT = 0.5
"""How long all patches take to grow out of it there, in moves."""

RUN = 0.8
"""How long the products of all rows take there, in moves, and then each step of their sums, in
fades."""

JOINING = 1.6
"""How long the channels' sums take into their table, in moves."""

IN_A_CELL = 0.2
"""Size of a number that has flown into a cell, in relation to where it started."""


class Calculation:
    """Tells one output after the other.

    Parameters
    ----------
    scene
        What it plays on.
    board
        The stage; its inputs, kernels and dimmed output are in the scene already.
    """

    def __init__(self, scene: LectureScene, board: ConvolutionBoard) -> None:
        self.scene, self.board = scene, board

    # -- the first output, term by term -----------------------------------------------------

    def multiply(self) -> None:
        """Lift the patches and multiply term by term: slowly once, then quickly."""
        scene, board = self.scene, self.board
        if not board.places.formula_waits:
            scene.fade_out(board.formula)
        scene.fade_in(*board.inputs.windows, board.output.cursor)
        names = map(FadeIn, board.inputs.patch_names)
        lifted = [self._lift_patch(row) for row in board.rows]
        scene.play(*lifted, *names, run_time=scene.timing.move)
        signs = [sign for row in board.rows for sign in (row.times, row.equals)]
        scene.fade_in(*signs, *board.inputs.guides)
        for index, row in enumerate(board.rows):
            others = [each for each in board.rows if each is not row]
            if others:
                self._focus_on([row], others)
            self._multiply_row(row, is_first=index == 0)
        if len(board.rows) > 1:
            self._focus_on(board.rows, [], scene.while_read(scene.timing.fade))
        if board.inputs.sums:
            scene.fade_in(*board.inputs.sums)

    def _lift_patch(self, row: ChannelRow) -> FadeIn:
        """Let the patch grow out of the window into its grid."""
        window = self.board.inputs.window_of(row)
        scale = window.width / row.patch.width
        return FadeIn(row.patch, target_position=window.get_center(), scale=scale)

    def _multiply_row(self, row: ChannelRow, *, is_first: bool) -> None:
        """Show one product after the other in reading order, then their sum."""
        scene, timing, count = self.scene, self.scene.timing, row.products.cell_count
        row.show_term(0)
        scene.add(row.products, row.markers)
        shown = self._show_terms(row) if is_first else 0
        if shown < count:
            is_slow = is_first and not shown
            step = timing.step if is_slow else timing.quick_step
            self._count_terms(row, shown, count, step, is_last=row is self.board.rows[-1])
        scene.remove(*row.markers)
        scene.fade_in(row.sum_sign, row.sum)

    def _show_terms(self, row: ChannelRow) -> int:
        """Where cells are too small for numbers, write out the first terms; return how many."""
        scene, ticker = self.scene, self.board.ticker
        if ticker is None:
            return 0
        count = min(row.products.cell_count, TOLD_TERMS)
        scene.add(ticker)
        for term in range(count):
            ticker.show_term(term)
            self._count_terms(row, term, term + 1, scene.timing.example_step)
        scene.fade_out(ticker)
        return count

    def _count_terms(
        self, row: ChannelRow, first: int, end: int, step: float, *, is_last: bool = False
    ) -> None:
        run_time = step * min(end - first, LONGEST_COUNT)
        self.scene.play(
            Drive([row.products, row.markers], row.show_term, first, end),
            run_time=self.scene.while_read(run_time) if is_last else run_time,
            rate_func=linear,
        )

    def _focus_on(
        self,
        rows: Sequence[ChannelRow],
        others: Sequence[ChannelRow],
        run_time: float | None = None,
    ) -> None:
        scene = self.scene
        dimmed = scene.present(part for row in others for part in row.parts)
        lit = scene.present(part for row in rows for part in row.parts)
        scene.play(
            FadeTo(dimmed, scene.theme.dimmed),
            FadeTo(lit, 1.0),
            run_time=run_time or scene.timing.fade,
        )

    # -- its sum ----------------------------------------------------------------------------

    def add_up(self) -> None:
        """Let the sums and the bias join, and the total fly to its cell of the output."""
        scene, timing = self.scene, self.scene.timing
        rows, table = self.board.rows, self.board.output.table
        run_time = JOINING * timing.move
        joining = [
            FadeIn(number, target_position=row.sum, scale=row.sum.em / number.em, run_time=run_time)
            for row, number in zip(rows, table.numbers, strict=False)
        ]
        leaving = [FadeOut(each, run_time=timing.fade) for each in self._in_the_way()]
        scene.play(*leaving, *joining)
        scene.fade_in(*table.names, *table.numbers[len(rows) :])
        scene.fade_in(table.rule, table.total_sign, table.total)
        place = self.board.numbers.place
        self._fill_cell(place.row, place.column)

    def _in_the_way(self) -> list[Mobject]:
        """Return what stands where the table of sums will."""
        places, output = self.board.places, self.board.output
        legend: list[Mobject] = [] if places.output.has_room_for_both else [output.legend]
        return [self.board.formula, *legend] if places.formula_waits else legend

    def _fill_cell(self, row: int, column: int) -> None:
        """Send the total to its cell; what it flies over goes meanwhile, the rest steps back."""
        scene, output, table = self.scene, self.board.output, self.board.output.table
        flight = table.total.copy()
        cell = output.map.cell_centre(row, column)
        way = around((flight.corners(), (cell[0], cell[1], cell[0], cell[1])))
        crossed = [each for each in table.numbers if meet(each.corners(), way)]
        rest = [each for each in table if each not in crossed]
        scene.play(
            FadeTo(rest, scene.theme.dimmed),
            *map(FadeOut, crossed),
            run_time=scene.timing.fade,
        )
        scene.play(
            FadeOut(flight, target_position=cell, scale=IN_A_CELL),
            run_time=scene.timing.move,
        )
        output.show_cell(row, column)
        comes = [] if scene.present([output.place_label]) else [FadeIn(output.place_label)]
        comes += map(FadeIn, crossed)
        scene.play(FadeTo(rest, 1.0), *comes, run_time=scene.timing.fade)

    # -- another output ---------------------------------------------------------------------

    def work_in_brief(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Slide the window to another output, work its sum all at once, and fill its cell."""
        self._slide(start, end)
        self.board.show_numbers(*end)
        self._work_rows_together()
        self._fill_cell(*end)

    def _slide(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Let the window go to its other place, while the numbers of the last one leave."""
        scene, board = self.scene, self.board

        def show(share: float) -> None:
            board.show_window(*(a + (b - a) * share for a, b in zip(start, end, strict=True)))

        scene.play(
            *(FadeOut(each, rate_func=leaving) for each in scene.present(board.results)),
            Drive(board.window_parts, show, 0, 1),
            run_time=SLIDE * scene.timing.move,
            rate_func=smooth,
        )

    def _work_rows_together(self) -> None:
        """Lift all patches, run through the products of all rows at once, and add them up."""
        scene, board, timing = self.scene, self.board, self.scene.timing
        rows = board.rows
        products = [row.products for row in rows]
        scene.play(*(self._lift_patch(row) for row in rows), run_time=LIFT * timing.move)
        count = products[0].cell_count

        def show(term: float) -> None:
            for each in products:
                each.reveal(term)

        show(0)
        scene.add(*products)
        scene.play(
            Drive(products, show, 0, count),
            *map(FadeIn, [row.equals for row in rows]),
            run_time=RUN * timing.move,
            rate_func=linear,
        )
        sums = [part for row in rows for part in (row.sum_sign, row.sum)]
        scene.fade_in(*sums, *board.inputs.sums, run_time=RUN * timing.fade)
        output = board.output
        scene.fade_in(*output.table.results, output.place_label, run_time=RUN * timing.fade)
