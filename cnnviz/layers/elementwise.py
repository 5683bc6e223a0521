"""What layers share that leave every value in its place: activations and additions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from cnnviz.layers.base import Layer, Shape
from cnnviz.layers.windows import WindowGeometry


@dataclass(frozen=True)
class ElementwiseLayer(Layer):
    """A layer whose output at each place is made from what it reads at that place."""

    takes: ClassVar[Literal["maps", "vector", "either"]] = "either"

    @classmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer; it has no sizes."""
        return cls(name)

    @property
    def window(self) -> WindowGeometry:
        """A single cell."""
        return WindowGeometry(1)

    def output_shape(self, shape: Shape) -> Shape:
        """Return `shape`: every value keeps its place."""
        return shape
