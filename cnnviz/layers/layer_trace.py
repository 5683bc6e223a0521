"""One layer at work on one picture, and one step of a path through it."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.arrays import FloatArray
from cnnviz.layers.base import Index, Layer


@dataclass(frozen=True)
class Step:
    """One step of a path, backwards: the cell of an input that it comes from.

    Attributes
    ----------
    index
        Of that cell.
    weight
        By which its value is multiplied on the way.
    source
        Which of the layer's inputs it is in.
    """

    index: Index
    weight: float
    source: int = 0


@dataclass(frozen=True, eq=False, repr=False)
class LayerTrace:
    """One layer at work on one picture.

    Attributes
    ----------
    layer
        Its name, kind and hyperparameters.
    weight, bias
        As torch keeps them: (out, in / groups, k, k) and (out,) for a convolution, (out, in)
        and (out,) for a linear layer; None where the layer has no parameters.
    inputs
        What it read, one array for each layer it reads.
    output
        float32 array of shape (channels, height, width), or (features,) for vectors; so are
        the inputs.
    """

    layer: Layer
    weight: FloatArray | None
    bias: FloatArray | None
    inputs: tuple[FloatArray, ...]
    output: FloatArray

    @property
    def input(self) -> FloatArray:
        """What it read, (channels, rows, columns) or (values,); of several inputs the first."""
        return self.inputs[0]

    @property
    def name(self) -> str:
        """The name people type, such as ``conv_1_1``."""
        return self.layer.name

    @property
    def kind(self) -> str:
        """One of `cnnviz.layers.KINDS`, such as ``conv``."""
        return self.layer.kind

    @property
    def parameters(self) -> tuple[FloatArray, FloatArray]:
        """Weight and bias.

        Raises
        ------
        TypeError
            If the layer has none.
        """
        if self.weight is None or self.bias is None:
            raise TypeError(f"layer {self.name!r} has no weights: it is of kind {self.kind!r}")
        return self.weight, self.bias

    def __repr__(self) -> str:
        """Return name, kind and shapes."""
        read = " + ".join(str(each.shape) for each in self.inputs)
        shapes = f"{read} -> {self.output.shape}"
        return f"<LayerTrace {self.name} ({self.kind}): {shapes}>"
