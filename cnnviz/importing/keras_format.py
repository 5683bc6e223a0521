"""Keras: ``.keras`` (a zip of JSON and HDF5) and ``.h5`` (HDF5 alone), of Keras 2 and 3.

Keras itself is never imported, so nothing in a file is ever run: a config only names layers.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import h5py

from cnnviz.arrays import FloatArray
from cnnviz.errors import UserError
from cnnviz.importing.formats import ModelFormat, NetworkFile, ReadingOptions
from cnnviz.importing.graph import ImportedGraph
from cnnviz.importing.hdf5 import (
    MOST_EXPANSION,
    SIGNATURE,
    attribute_text,
    datasets,
    member,
    open_hdf5,
    read_dataset,
)
from cnnviz.importing.keras_graph import read_keras_graph
from cnnviz.importing.keras_weights import KerasWeights, NamedWeights
from cnnviz.importing.limits import LARGEST_FILE, LARGEST_TEXT
from cnnviz.importing.tfjs_format import parse_json

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
"""What lies in a ``.keras`` file."""

LAYER_GROUPS = ("layers", "_layer_checkpoint_dependencies")
"""What the group of a model's layers is called; the second by TensorFlow 2.12 and 2.13."""


SMALL = 2**20
"""Bytes that anything may grow to."""


class KerasFormat(ModelFormat):
    """The native format of Keras 3, which TensorFlow 2.12 and later write, too."""

    name = "Keras (.keras)"
    is_read_in_subprocess = True

    def recognises(self, file: NetworkFile) -> bool:
        """Return whether it is a zip with a config and weights of Keras."""
        return CONFIG in file.members and "metadata.json" in file.members

    def read(self, file: NetworkFile, options: ReadingOptions) -> ImportedGraph:
        """Return the network in a ``.keras`` file."""
        with zipfile.ZipFile(file.path) as archive:
            config = parse_json(_member(archive, CONFIG, LARGEST_TEXT), CONFIG)
            content = _member(archive, WEIGHTS, LARGEST_FILE)
        with open_hdf5(io.BytesIO(content)) as weights:
            return read_keras_graph(config, _PlacedWeights(weights), options)


class KerasHdf5Format(ModelFormat):
    """What ``model.save("model.h5")`` writes: the config is an attribute, weights have names."""

    name = "Keras (.h5)"
    is_read_in_subprocess = True

    def recognises(self, file: NetworkFile) -> bool:
        """Return whether it is an HDF5 file."""
        return file.head.startswith(SIGNATURE)

    def read(self, file: NetworkFile, options: ReadingOptions) -> ImportedGraph:
        """Return the network in an ``.h5`` file."""
        with self._opened(file) as model:
            text = attribute_text(model, "model_config")
            if text is None:
                raise UserError(
                    "it holds weights, but no model; save the whole model with "
                    "model.save('model.keras')"
                )
            config = parse_json(text, "its model_config")
            if "model_weights" not in model:
                raise UserError("it holds a model, but no weights; save it with its weights")
            group = member(model, "model_weights", "model_weights")
            if not isinstance(group, h5py.Group):
                raise UserError("its model_weights is no group")
            return read_keras_graph(config, _NamedDatasets(datasets(group)), options)

    def _opened(self, file: NetworkFile) -> AbstractContextManager[h5py.File]:
        if file.path.stat().st_size > LARGEST_FILE:
            raise UserError(f"it has more than {LARGEST_FILE:,} bytes")
        return open_hdf5(file.path)


class _PlacedWeights(KerasWeights):
    """Weights by their layer's place among the model's layers, numbered in Keras's order."""

    def __init__(self, file: h5py.File) -> None:
        self._datasets = datasets(file)

    def of(
        self, layer: str, path: tuple[str, ...], names: tuple[str, ...]
    ) -> Mapping[str, FloatArray]:
        """Return what is there of a layer."""
        for group in LAYER_GROUPS:
            place = "/".join(f"{group}/{part}" for part in path) + "/vars"
            found = {
                name: f"{place}/{number}"
                for number, name in enumerate(names)
                if f"{place}/{number}" in self._datasets
            }
            if found:
                return {name: read_dataset(self._datasets[at], at) for name, at in found.items()}
        return {}


class _NamedDatasets(KerasWeights):
    """Weights by names such as ``conv2d/conv2d/kernel:0``, read when they are asked for."""

    def __init__(self, found: Mapping[str, h5py.Dataset]) -> None:
        self._datasets = found

    def of(
        self, layer: str, path: tuple[str, ...], names: tuple[str, ...]
    ) -> Mapping[str, FloatArray]:
        """Return what is there of a layer."""
        own = self._read(lambda place: place.startswith(f"{layer}/"))
        found = NamedWeights(own).of(layer, path, names)
        if found:
            return found
        if own:  # a model that was loaded and saved again calls its variables conv2d_1_1/kernel
            renamed = {f"{layer}/{place.split('/')[-1]}": array for place, array in own.items()}
            return NamedWeights(renamed).of(layer, path, names)
        within = self._read(lambda place: f"{layer}/" in place)
        return NamedWeights(within).of(layer, path, names)

    def _read(self, is_wanted: Callable[[str], bool]) -> dict[str, FloatArray]:
        return {
            place: read_dataset(dataset, place)
            for place, dataset in self._datasets.items()
            if is_wanted(place)
        }


def _member(archive: zipfile.ZipFile, name: str, largest: int) -> bytes:
    """Return a file in a zip; what it declares is checked before, and again while it is read."""
    try:
        entry = archive.getinfo(name)
    except KeyError:
        raise UserError(f"it holds no {name}; save the whole model with model.save") from None
    if entry.file_size > largest:
        raise UserError(f"its {name} has {entry.file_size:,} bytes; at most {largest:,} are read")
    if entry.file_size > MOST_EXPANSION * entry.compress_size + SMALL:
        raise UserError(
            f"its {name} declares {entry.file_size:,} bytes, packed into {entry.compress_size:,}: "
            "it is made to fill memory"
        )
    try:
        with archive.open(entry) as file:
            content = file.read(largest + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise UserError(f"its {name} is damaged, cut off or encrypted") from None
    if len(content) > largest:
        raise UserError(f"its {name} has more than {largest:,} bytes")
    return content
