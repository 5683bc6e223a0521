"""What is written once beside the axis of the scores: the largest, and how many it leaves out."""

from __future__ import annotations

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.mobjects.expression import Expression
from cnnviz.scenes.softmax.layout import HEAD_HEIGHT
from cnnviz.scenes.softmax.score_axis import AxisView
from cnnviz.scenes.softmax.shown import ShownSoftmax
from cnnviz.style.geometry import Zone, point
from cnnviz.style.theme import Theme

ABOVE_AXIS = 0.25
"""Middle of a note that stands on the axis, in Manim units."""


def largest_note(shown: ShownSoftmax, scores: Zone, view: AxisView, theme: Theme) -> Expression:
    """Return ``m = 7.08``, above the end of the largest score's bar in the zone of the scores."""
    made = _note(["m = ", shown.maximum], theme.sizes.body, theme)
    x = min(view.x_of(shown.terms.maximum), scores.right - made.width / 2)
    return made.move_to(point(x, scores.top + HEAD_HEIGHT / 2))


def further_note(count: int, view: AxisView, theme: Theme, words: Words) -> Expression:
    """Return how many scores lie further left than the axis reaches, above its left end."""
    text = " " + words("softmax.further_left")
    made = _note(["← ", Quantity.of("count", count, 0), text], theme.sizes.small, theme)
    for part in made.parts:  # the curve's ground is too near to what is muted
        part.set_colour(theme.palette.text)
    return made.move_to(point(view.left + made.width / 2, view.y + ABOVE_AXIS))


def _note(parts: list[str | Quantity], size: float, theme: Theme) -> Expression:
    width = theme.layout.stage.width
    return Expression(parts, size, point(0.0, 0.0), width, theme, has_result=False)
