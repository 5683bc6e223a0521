"""What all kinds of pooling share: windows, channel by channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from cnnviz.layers.base import Shape, stride_of
from cnnviz.layers.windowed import SAME, SAME_LOWER, WindowedLayer, described_padding
from cnnviz.layers.windows import Padding, Pair, WindowGeometry


@dataclass(frozen=True, init=False)
class Pool2d(WindowedLayer):
    """One value for each window of each channel.

    Parameters
    ----------
    kernel_size, stride
        One number, or (rows, columns). By default windows lie side by side.
    padding
        One number, (rows, columns), or (top, left, bottom, right); less than the window, so
        that each holds a cell of the map.
    """

    pools = True
    required_keys = ("kernel_size",)
    optional_keys: ClassVar[tuple[str, ...]] = ("stride", "padding")
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {"padding": (SAME, SAME_LOWER)}

    def __init__(
        self,
        name: str,
        kernel_size: Pair,
        stride: Pair | None = None,
        padding: Padding = 0,
        *,
        inputs: tuple[str, ...] = (),
    ) -> None:
        step = kernel_size if stride is None else stride
        self._set(name=name, inputs=inputs, geometry=WindowGeometry(kernel_size, step, padding))

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means: windows side by side by default.

        Raises
        ------
        UserError
            If the stride is below 1.
        """
        kernel_size = sizes["kernel_size"]
        stride = stride_of(sizes, kernel_size)
        padding = described_padding(sizes, shape, kernel_size, stride)
        return cls(name, kernel_size, stride, padding)

    def conflict(self) -> str | None:
        """Return whether a window could lie in the padding, where no value is."""
        for axis in (self.window.rows, self.window.columns):
            padding = max(axis.before, axis.after)
            if padding >= axis.kernel_size:
                return (
                    f"padding is {padding}; it must be less than the window's "
                    f"{axis.kernel_size} cells"
                )
        return None

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, both (channels, height, width)."""
        return self.window.output_shape(shape[0], shape)

    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return what the input is: pooling keeps the signs of what feeds it."""
        return input_is_signed
