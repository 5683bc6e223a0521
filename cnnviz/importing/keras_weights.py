"""Where the weights of a model of Keras are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from cnnviz.arrays import FloatArray


class KerasWeights(ABC):
    """Where a model's weights are."""

    @abstractmethod
    def of(
        self, layer: str, path: tuple[str, ...], names: tuple[str, ...]
    ) -> Mapping[str, FloatArray]:
        """Return those of a layer's weights that are there.

        Parameters
        ----------
        layer
            Its name.
        path
            The parts of its place in a ``.keras`` file, its model's before its own, each made of
            its class and its number among those of that class, such as ``conv2d_1``.
        names
            What is wanted, in Keras's order.
        """


class NamedWeights(KerasWeights):
    """Weights by ``layer/variable``."""

    def __init__(self, arrays: Mapping[str, FloatArray]) -> None:
        self._arrays = arrays

    def of(
        self, layer: str, path: tuple[str, ...], names: tuple[str, ...]
    ) -> Mapping[str, FloatArray]:
        """Return a layer's weights by the last part of their names."""
        found = {}
        for name, array in self._arrays.items():
            *folders, variable = name.split("/")
            if folders and layer in (folders[-1], "/".join(folders)):
                found[variable.partition(":")[0]] = array
        if "depthwise_kernel" in names and "depthwise_kernel" not in found and "kernel" in found:
            found["depthwise_kernel"] = found["kernel"]  # as Keras 3 calls that of DepthwiseConv2D
        return found
