"""What a network is made of, as plain data: no torch, no weights.

What each kind of layer is, :mod:`cnnviz.layers` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cnnviz.layers import Layer, Shape

INPUT = "input"
"""What the first layer receives, where a layer's name is expected: no layer is called so."""


@dataclass(frozen=True)
class InputDescription:
    """The picture a network wants: its size, and how values in 0..1 are normalised.

    The first layer receives ``(value - mean) / std`` per channel. Networks trained by
    cnnviz have this folded into the first convolution where that is exact (no padding):
    mean 0 and std 1.
    """

    channels: int
    height: int
    width: int
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @property
    def shape(self) -> Shape:
        """(channels, height, width)."""
        return (self.channels, self.height, self.width)

    @property
    def is_normalised(self) -> bool:
        """Whether the first layer sees anything other than the values in 0..1."""
        return any(self.mean) or any(value != 1 for value in self.std)


@dataclass(frozen=True)
class Architecture:
    """A feed-forward network: an input, layers in order, and the classes of the last scores.

    Attributes
    ----------
    classes
        By these a class is asked for, and found in files.
    names
        What the classes are called in films, by language (``"zh"``), in the order of `classes`.
        Where a language has none, `classes` are shown.
    """

    name: str
    input: InputDescription
    layers: tuple[Layer, ...]
    classes: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def class_names(self, language: str) -> tuple[str, ...]:
        """Return what the classes are called in a language, in the order of the scores."""
        return self.names.get(language, self.classes)

    def shapes(self) -> Iterator[tuple[Layer, Shape, Shape]]:
        """Yield each layer with the shapes of its input and its output."""
        outputs = {INPUT: self.input.shape}
        for layer in self.layers:
            shape = outputs[self.source_of(layer.name)]
            outputs[layer.name] = layer.output_shape(shape)
            yield layer, shape, outputs[layer.name]

    def source_of(self, layer: str) -> str:
        """Return the name of the layer whose output the one called `layer` reads, or `INPUT`.

        Raises
        ------
        KeyError
            If there is no such layer.
        """
        names = [INPUT, *(each.name for each in self.layers)]
        if layer not in names[1:]:
            raise KeyError(layer)
        return names[names.index(layer, 1) - 1]

    @property
    def parameter_count(self) -> int:
        """All weights and biases."""
        return sum(layer.parameter_count for layer in self.layers)
