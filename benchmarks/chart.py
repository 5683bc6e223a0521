"""A line chart as SVG, drawn by Cairo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cairo

WIDTH, HEIGHT, MARGIN = 480, 300, 56


def line_chart(path: Path, points: Sequence[tuple[float, float]], x_name: str, y_name: str) -> None:
    """Draw points joined by lines, both axes from zero.

    Parameters
    ----------
    path
        The SVG to write.
    points
        x and y, none negative.
    x_name, y_name
        What the axes mean.
    """
    x_end, y_end = max(x for x, _ in points), max(y for _, y in points)

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            MARGIN + x / x_end * (WIDTH - 2 * MARGIN),
            HEIGHT - MARGIN - y / y_end * (HEIGHT - 2 * MARGIN),
        )

    with cairo.SVGSurface(str(path), WIDTH, HEIGHT) as surface:
        context = cairo.Context(surface)
        context.set_source_rgb(1, 1, 1)
        context.paint()
        context.set_source_rgb(0.2, 0.2, 0.2)
        context.set_line_width(1)
        for corner in ((0, y_end), (0, 0), (x_end, 0)):
            context.line_to(*place(*corner))
        context.stroke()
        context.select_font_face("sans-serif")
        context.set_font_size(12)
        for x, y in points:
            left, top = place(x, y)
            _write(context, left, HEIGHT - MARGIN + 16, f"{x:.3g}")
            _write(context, left, top - 8, f"{y:.3g}")
        _write(context, WIDTH / 2, HEIGHT - 12, x_name)
        _write(context, WIDTH / 2, 20, y_name)
        context.set_source_rgb(0.1, 0.4, 0.7)
        context.set_line_width(2)
        for point in points:
            context.line_to(*place(*point))
        context.stroke()


def _write(context: cairo.Context[cairo.SVGSurface], x: float, y: float, text: str) -> None:
    """Write a text centred at x."""
    context.move_to(x - context.text_extents(text).width / 2, y)
    context.show_text(text)
