"""Everything one picture did in one network, as plain NumPy arrays.

Scenes read a :class:`Trace` and nothing else: no torch, no files.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.arrays import ByteArray, FloatArray
from cnnviz.layers.layer_trace import LayerTrace
from cnnviz.model.architecture import Architecture

__all__ = ["FloatArray", "LayerTrace", "Trace"]


@dataclass(frozen=True, eq=False, repr=False)
class Trace:
    """What one network computed from one picture.

    Attributes
    ----------
    architecture
        The network's layers, input description and class names.
    picture
        The picture as cropped and scaled for the network: (channels, height, width) in
        0..1, before any normalisation.
    photo
        The same crop of the picture at higher resolution, for showing it: uint8 RGB,
        (height, width, 3), at most 512 pixels on the longer side.
    layers
        One entry per layer, in order; the first one's input is the normalised picture.
    logits
        The scores, one per class, before softmax.
    probabilities
        Softmax of the logits; float32, sums to 1.
    """

    architecture: Architecture
    picture: FloatArray
    photo: ByteArray
    layers: tuple[LayerTrace, ...]
    logits: FloatArray
    probabilities: FloatArray

    @property
    def classes(self) -> tuple[str, ...]:
        """By what classes are asked for, in the order of the logits."""
        return self.architecture.classes

    def class_name(self, index: int, language: str) -> str:
        """Return what a class is called in a language: see :class:`Architecture`."""
        return self.architecture.class_names(language)[index]

    @property
    def predicted_index(self) -> int:
        """Index of the class with the highest score (the first of equals)."""
        return int(self.logits.argmax())

    @property
    def predicted_class(self) -> str:
        """Name of the class with the highest score."""
        return self.classes[self.predicted_index]

    def __getitem__(self, name: str) -> LayerTrace:
        """Return the layer called `name`; KeyError if there is none."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)

    def __repr__(self) -> str:
        """Return the network, what it sees and how sure it is."""
        probability = self.probabilities[self.predicted_index]
        return (
            f"<Trace of {self.architecture.name}: {self.predicted_class} "
            f"({probability:.1%}), {len(self.layers)} layers>"
        )
