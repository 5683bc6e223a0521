"""What layers share over whose input a window slides: its sizes, as numbers and as pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnnviz.errors import UserError
from cnnviz.layers.base import Layer, Shape
from cnnviz.layers.windows import Padding, Pair, WindowGeometry, plainest, same_padding

SAME, SAME_LOWER = "same", "same_lower"
"""In a description, paddings that follow from the input's size: see `same_padding`."""


@dataclass(frozen=True, init=False)
class WindowedLayer(Layer):
    """A layer with a window.

    `kernel_size`, `stride`, `padding` and `dilation` are single numbers, for whoever shows a
    square window; on a layer that has not one number they raise a UserError that says so. All
    of it is in `window`.
    """

    takes = "maps"
    slides = True
    pair_keys = ("kernel_size", "stride", "dilation")
    padding_keys = ("padding",)

    geometry: WindowGeometry

    @property
    def window(self) -> WindowGeometry:
        """What one output cell looks at."""
        return self.geometry

    def _set(self, **values: Any) -> None:
        """Set attributes once, from a subclass's ``__init__``."""
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def sizes(self) -> Mapping[str, Any]:
        """Return what its table in a description holds, each size as short as can be."""
        every = {
            "kernel_size": plainest(self.window.kernel_sizes),
            "stride": plainest(self.window.strides),
            "padding": plainest(self.window.paddings),
            "dilation": plainest(self.window.dilations),
        }
        keys = self.required_keys + self.optional_keys
        return {key: every[key] if key in every else getattr(self, key) for key in keys}

    @property
    def kernel_size(self) -> int:
        """Rows, and columns, of a square window."""
        return self._one_number("kernel_size")

    @property
    def stride(self) -> int:
        """The window's step, downwards and to the right."""
        return self._one_number("stride")

    @property
    def padding(self) -> int:
        """Cells of padding at each side."""
        return self._one_number("padding")

    @property
    def dilation(self) -> int:
        """How far apart the window's cells are."""
        return self._one_number("dilation")

    def _one_number(self, key: str) -> int:
        try:
            number: int = getattr(self.window, key)
        except UserError as error:
            raise UserError(f'layer "{self.name}": {error}; choose another layer') from None
        return number


def described_padding(
    sizes: Mapping[str, Any], shape: Shape, kernel_size: Pair, stride: Pair
) -> Padding:
    """Return the padding that a description's table means, for an input of `shape`.

    Parameters
    ----------
    sizes
        The table's values: ``padding``, which may be a word, and ``dilation``.
    shape
        (channels, height, width) of what the layer reads.
    kernel_size, stride
        Of its window.
    """
    padding: Padding | str = sizes.get("padding", 0)
    if isinstance(padding, str):
        dilation: Pair = sizes.get("dilation", 1)
        return same_padding(shape, kernel_size, stride, dilation, extra_first=padding == SAME_LOWER)
    return padding
