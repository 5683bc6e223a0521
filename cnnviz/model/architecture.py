"""What a network is made of, as plain data: no torch, no weights.

What each kind of layer is, :mod:`cnnviz.layers` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cnnviz.errors import UserError
from cnnviz.layers import Layer, Shape

INPUT = "input"
"""What the first layer receives, where a layer's name is expected: no layer is called so."""


@dataclass(frozen=True)
class InputDescription:
    """The picture a network wants: its size, and how values in 0..1 are normalised.

    The first layer receives ``(value - mean) / std`` per channel. Networks trained by
    cnnviz have this folded into the first convolution where that is exact (no padding):
    mean 0 and std 1.

    Attributes
    ----------
    channels, height, width
        Of the picture: 1 channel for grey, 3 for red, green and blue.
    mean, std
        One number for each channel; `std` is above 0.
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

    The layers are a graph without cycles: each reads only layers that come before it.

    Attributes
    ----------
    layers
        In an order in which they can be computed; the last one gives the scores.
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
        """Yield each layer with the shape of what it reads, all together, and of its output."""
        outputs = {INPUT: self.input.shape}
        for layer, sources in zip(self.layers, self._sources.values(), strict=True):
            shapes = [outputs[source] for source in sources]
            shape = layer.joined(shapes) or shapes[0]
            outputs[layer.name] = layer.output_shape(shape)
            yield layer, shape, outputs[layer.name]

    def sources_of(self, layer: str) -> tuple[str, ...]:
        """Return the names of the layers whose outputs the one called `layer` reads.

        `INPUT` for the picture.

        Raises
        ------
        KeyError
            If there is no such layer.
        """
        return self._sources[layer]

    def source_of(self, layer: str) -> str:
        """Return the name of the one layer whose output the one called `layer` reads, or `INPUT`.

        Raises
        ------
        KeyError
            If there is no such layer.
        UserError
            If it reads several, and so cannot be shown as if it read one.
        """
        sources = self.sources_of(layer)
        if len(sources) > 1:
            raise UserError(
                f'layer "{layer}" reads {" and ".join(sources)}: what is asked for can only be '
                "told of a layer that reads one; choose another"
            )
        return sources[0]

    def readers_of(self, layer: str) -> tuple[str, ...]:
        """Return the names of the layers that read the output of `layer`, or of `INPUT`."""
        return tuple(name for name, sources in self._sources.items() if layer in sources)

    @property
    def is_chain(self) -> bool:
        """Whether each layer reads the one before it, and only that."""
        before = (INPUT, *(layer.name for layer in self.layers))
        return all(
            sources == (previous,)
            for sources, previous in zip(self._sources.values(), before, strict=False)
        )

    @cached_property
    def _sources(self) -> Mapping[str, tuple[str, ...]]:
        before = (INPUT, *(layer.name for layer in self.layers))
        return {
            layer.name: layer.inputs or (previous,)
            for layer, previous in zip(self.layers, before, strict=False)
        }

    @property
    def parameter_count(self) -> int:
        """All weights and biases."""
        return sum(layer.parameter_count for layer in self.layers)
