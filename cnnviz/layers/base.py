"""What every kind of layer says of itself.

Sizes follow the conventions of ``torch.nn``: a feature map has shape (channels, height,
width), rows count downwards, and all indices start at 0.

A *share* is the part of a layer's values that comes from somewhere, such as from one pixel.
For one picture every ReLU either passes a value or stops it, and every max pooling window has
one winner. With these gates as they are each layer is a weighted sum of its input plus a
bias, and its weights say how shares pass through it.
"""

from __future__ import annotations

import copy
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt

from cnnviz.arrays import BoolArray, Float64Array, FloatArray
from cnnviz.errors import UserError
from cnnviz.layers.windows import Pair, WindowGeometry

if TYPE_CHECKING:
    from cnnviz.layers.layer_trace import LayerTrace, Step

Shape = tuple[int, ...]
"""(channels, height, width) of a stack of feature maps, or (features,) of a vector."""

Index = tuple[int, ...]
"""(channel, row, column) in maps, (index,) in a vector."""


@dataclass(frozen=True)
class Layer(ABC):
    """One layer: its name and its sizes. Each kind is one subclass, listed in `KINDS`.

    Attributes
    ----------
    kind
        What descriptions and manifests call it.
    noun
        What messages call it, after "a" or "no".
    takes
        Whether its input is a stack of maps, a vector, or either.
    input_counts
        How many layers' outputs it may read.
    adds_up
        Whether its outputs are sums of contributions: see :meth:`contributions`.
    slides
        Whether a window slides over its input, so that there is a size to calculate.
    pools
        Whether it makes maps smaller and keeps their channels, which ends a module.
    unrolls
        Whether it only puts the values of maps in a row, so that what reads it reads the maps.
    required_keys, optional_keys
        What its table in a description holds besides ``kind`` and ``name``: its sizes.
    pair_keys, padding_keys, flag_keys, number_keys
        Those of them whose value may be two numbers, (rows, columns); that may be two or four,
        (top, left, bottom, right); that are true or false; that are a number with a fraction, or
        several.
    words
        For keys whose value may be a word in place of a whole number: those words.
    input_key
        The attribute that says how many channels (or values) come in, if there is one.
    name
        Its name, by which others read it.
    inputs
        The names of the layers whose outputs it reads, ``"input"`` for the picture; none where
        it reads the layer before it (the first layer: the picture).
    """

    kind: ClassVar[str]
    noun: ClassVar[str]
    takes: ClassVar[Literal["maps", "vector", "either"]]
    input_counts: ClassVar[range] = range(1, 2)
    adds_up: ClassVar[bool] = False
    slides: ClassVar[bool] = False
    pools: ClassVar[bool] = False
    unrolls: ClassVar[bool] = False
    required_keys: ClassVar[tuple[str, ...]] = ()
    optional_keys: ClassVar[tuple[str, ...]] = ()
    pair_keys: ClassVar[tuple[str, ...]] = ()
    padding_keys: ClassVar[tuple[str, ...]] = ()
    flag_keys: ClassVar[tuple[str, ...]] = ()
    number_keys: ClassVar[tuple[str, ...]] = ()
    words: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    input_key: ClassVar[str | None] = None

    name: str
    inputs: tuple[str, ...] = field(default=(), kw_only=True)

    # -- what it is -------------------------------------------------------------------------

    @classmethod
    @abstractmethod
    def described(
        cls, name: str, sizes: Mapping[str, Any], shape: Shape, class_count: int | None
    ) -> Self:
        """Return the layer that a description's table means.

        Parameters
        ----------
        sizes
            The values of its keys, `name` left out: whole numbers, pairs of them as tuples,
            or one of `words`.
        shape
            What reaches it.
        class_count
            The number of classes if it is the last layer, else None.

        Raises
        ------
        UserError
            If a size cannot be used, or one is missing that only other layers can leave out.
        """

    @classmethod
    def joined(cls, shapes: Sequence[Shape]) -> Shape | None:
        """Return the one shape that stands for those of all it reads; None where they misfit."""
        return shapes[0] if len(set(shapes)) == 1 else None

    def reading(self, *inputs: str) -> Self:
        """Return the same layer, reading the outputs of the layers of these names."""
        other = copy.copy(self)
        object.__setattr__(other, "inputs", inputs)
        return other

    def sizes(self) -> Mapping[str, Any]:
        """Return what its table in a description holds: the values of all its keys."""
        return {key: getattr(self, key) for key in self.required_keys + self.optional_keys}

    def conflict(self) -> str | None:
        """Return which of its sizes do not fit each other, as a sentence; None where all do."""
        return None

    @abstractmethod
    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`; 0 where nothing fits.

        Of several inputs it is what :meth:`joined` makes of their shapes.
        """

    @property
    def parameter_shapes(self) -> Mapping[str, Shape]:
        """The shapes of its parameters, ``weight`` and ``bias``, as torch keeps them."""
        return {}

    @property
    def parameter_count(self) -> int:
        """All its weights and biases."""
        return sum(math.prod(shape) for shape in self.parameter_shapes.values())

    @property
    def window(self) -> WindowGeometry | None:
        """What one output cell looks at, for ReLU a single cell; None where no maps come out."""
        return None

    @abstractmethod
    def is_signed(self, *, input_is_signed: bool) -> bool:
        """Return whether its outputs can be negative, given whether its inputs can."""

    @property
    def joins_all(self) -> bool:
        """Whether each output is made from all channels (or values) that come in."""
        return False

    @property
    def keeps_channels(self) -> bool:
        """Whether each channel is made from the one of the same number, and only from it."""
        return not self.joins_all

    def feeding(self, channel: int) -> range:
        """Return the channels (or values) of its input from which one of its outputs is made."""
        return range(channel, channel + 1)

    def fed_by(self, channel: int, counts: Sequence[int]) -> list[tuple[int, int]]:
        """Return from which maps (or values) one of its outputs is made: (which input, channel).

        Parameters
        ----------
        counts
            How many maps (or values) each of its inputs has; behind a flatten layer the maps
            that it unrolls.
        """
        return [
            (place, each)
            for place, count in enumerate(counts)
            for each in (range(count) if self.joins_all else self.feeding(channel))
        ]

    # -- what it computes -------------------------------------------------------------------

    @abstractmethod
    def forward(
        self,
        *inputs: npt.NDArray[np.floating],
        weight: FloatArray | None = None,
        bias: FloatArray | None = None,
    ) -> Float64Array:
        """Return its outputs for what it reads, computed in double precision.

        The reference of what torch computes: what is explained is this.

        Parameters
        ----------
        *inputs
            For each layer that it reads an array of shape (channels, rows, columns), or
            (values,).
        weight, bias
            Of the shapes that `parameter_shapes` says, for kinds that have them.

        Returns
        -------
        Float64Array
            Of the shape that :meth:`output_shape` says.
        """

    def contributions(self, layer_trace: LayerTrace, channel: int) -> Float64Array:
        """Return what each of its sources adds to one output channel (or value).

        Only layers that add up have such sums. Their sum over the first axis, plus the
        bias, is the output.

        Returns
        -------
        Float64Array
            Of shape (sources, rows, columns), or (sources,) where the output is a vector. The
            sources are the channels (or values) that :meth:`feeding` names, or where several
            layers are read one of each, in the order of `inputs`.

        Raises
        ------
        TypeError
            If the layer does not add up.
        """
        raise TypeError(f"layer {self.name!r} adds nothing up: it is of kind {self.kind!r}")

    def flows(self, layer_trace: LayerTrace, channels: Sequence[int]) -> Float64Array:
        """Return the sums of the absolute values of each source's :meth:`contributions`.

        Returns
        -------
        Float64Array
            Of shape (channels, sources).

        Raises
        ------
        TypeError
            If the layer does not add up.
        """
        found = []
        for channel in channels:
            added = self.contributions(layer_trace, channel)
            found.append(np.abs(added.reshape(len(added), -1)).sum(axis=1))
        return np.array(found)

    # -- how shares pass through it ---------------------------------------------------------

    @abstractmethod
    def carry(self, layer_trace: LayerTrace, *parts: Float64Array) -> Float64Array:
        """Return what is left in its output of a part of each of its inputs, without the bias.

        Each part has its input's shape, and what is left the output's.
        """

    @abstractmethod
    def strengthen(self, layer_trace: LayerTrace, *strengths: Float64Array) -> Float64Array:
        """Return the strength of the best path to each output, from those to each input.

        A path takes one input; its strength is multiplied by the absolute weight there. Strengths
        have the shapes of the inputs and of the output.
        """

    @abstractmethod
    def step_back(self, layer_trace: LayerTrace, index: Index, *strengths: Float64Array) -> Step:
        """Return the input by which the best path gets to output `index`.

        `strengths` are those of the best path to each input, as for :meth:`strengthen`.
        """

    def pull_back(
        self, layer_trace: LayerTrace, weights: Float64Array
    ) -> tuple[tuple[Float64Array, ...], Float64Array]:
        """Return what weights on its output are on each of its inputs, and what its bias adds.

        Parameters
        ----------
        weights
            Array of shape (n, *output): n weighted sums of the output.

        Returns
        -------
        tuple
            For each input an array of shape (n, *input), and one of shape (n,): the sums are
            those of weights times input, over all inputs, plus what is added.

        Raises
        ------
        TypeError
            If weights cannot be followed through layers of its kind.
        """
        raise TypeError(f"layer {self.name!r} cannot follow the flattening")

    def passing(self, layer_trace: LayerTrace, channel: int) -> BoolArray | None:
        """Return which cells of one channel of its input get past it; None where all do.

        Of shape (rows, columns), or without axes for a value of a vector.
        """
        return None


def stride_of(sizes: Mapping[str, Any], default: Pair) -> Pair:
    """Return the stride that a description's table says; no size is computed below 1.

    Raises
    ------
    UserError
        If it is below 1.
    """
    stride: Pair = sizes.get("stride", default)
    if min(stride if isinstance(stride, tuple) else (stride,)) < 1:
        raise UserError(f"stride is {stride}; it must be 1 or more")
    return stride


def strongest(strength: Float64Array) -> Index:
    """Return the index of the largest value, the first of equals."""
    found = np.unravel_index(int(strength.argmax()), strength.shape)
    return tuple(int(position) for position in found)
