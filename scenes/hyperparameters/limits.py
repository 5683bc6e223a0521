"""Which hyperparameters can be shown: what is legible, not what fits each other."""

from __future__ import annotations

from cnnviz.errors import UserError
from cnnviz.layers.windows import WindowGeometry
from cnnviz.scenes.hyperparameters.sizes import SlidingExample

LIMITS = {
    "input size": (1, 12),
    "kernel size": (1, 7),
    "padding": (0, 4),
    "stride": (1, 6),
    "dilation": (1, 5),
}
"""Smallest and largest value of each hyperparameter."""

MOST_CELLS = 12
"""So many cells along a side are legible, padding or the kernel's gaps included."""


def legible_example(
    input_size: int, kernel_size: int, padding: int, stride: int, dilation: int
) -> SlidingExample:
    """Return the example with these hyperparameters.

    A combination that does not fit, such as a kernel larger than its input, is an example
    like any other.

    Raises
    ------
    UserError
        If its cells would be too many to be read; the message says what is allowed.
    """
    given = (input_size, kernel_size, padding, stride, dilation)
    for value, (name, (least, most)) in zip(given, LIMITS.items(), strict=True):
        if not least <= value <= most:
            raise UserError(f"the {name} is {value}: give {least} to {most}")
    example = SlidingExample(input_size, WindowGeometry(kernel_size, stride, padding, dilation))
    if example.padded_size > MOST_CELLS:
        raise UserError(
            f"input size {input_size} with padding {padding} makes {example.padded_size} cells "
            f"a side, more than the {MOST_CELLS} that are legible: give a padding of "
            f"{_up_to(0, (MOST_CELLS - input_size) // 2)}, or a smaller input size"
        )
    if example.reach > MOST_CELLS:
        raise UserError(
            f"kernel size {kernel_size} with dilation {dilation} reaches over {example.reach} "
            f"cells, more than the {MOST_CELLS} that are legible: give a dilation of "
            f"{_up_to(1, (MOST_CELLS - 1) // (kernel_size - 1))}, or a smaller kernel size"
        )
    return example


def _up_to(least: int, most: int) -> str:
    return f"{least} to {most}" if most > least else str(least)
