"""From a file of another program to a weights file and its model card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cnnviz.arrays import Float64Array
from cnnviz.errors import UserError
from cnnviz.importing.card import ImportRecord, import_card
from cnnviz.importing.class_list import numbered_classes, read_class_list
from cnnviz.importing.folding import prepare_graph
from cnnviz.importing.formats import ModelFormat, NetworkFile, ReadingOptions
from cnnviz.importing.graph import PreparedGraph
from cnnviz.importing.known_formats import model_format_of
from cnnviz.importing.lowering import NamedLayer, build_network, lower
from cnnviz.importing.operations import Affine
from cnnviz.importing.proof import ImportedInput, Proof, prove, prove_by_files
from cnnviz.model.architecture import InputDescription
from cnnviz.network import Network
from cnnviz.network.class_names import read_class_names
from cnnviz.network.files import write_together
from cnnviz.network.limits import MAX_NAME_LENGTH
from cnnviz.network.validation import check_architecture
from cnnviz.network.weights import weights_bytes
from cnnviz.network.weights_output import check_weights_output
from cnnviz.publishing.output_files import refuse_inputs
from cnnviz.system.subprocess_call import call_in_subprocess

ALL_OF_255 = 1 / 64
"""Where a network's own first scaling is smaller than this, white is 255 to it, and not 1."""

SINGLE = 1e-7
"""What single precision, in which files keep constants, adds to 1."""

GENERIC_NAMES = ("", "functional", "graph", "main_graph", "model", "sequential", "torch_jit",
                 "torch-jit-export", "main")  # fmt: skip
"""What exporters call a network that nobody has named."""


@dataclass(frozen=True)
class ImportSettings:
    """What a user may say about a network that its file does not.

    Attributes
    ----------
    name
        Of the network; by default the file's.
    classes
        A file with the classes' names: see :mod:`.class_list`.
    names
        Files that say what films call the classes, by language.
    input_size
        (height, width), where the file leaves them open.
    mean, std
        What is subtracted from a picture from 0 to 1 before the network sees it, and what it is
        divided by: one number, or one for each channel. ``std=1/255`` means 0 to 255.
    like
        A network description, for files that hold nothing but weights.
    check
        Two files: an input, and what the network gives for it.
    """

    name: str | None = None
    classes: Path | None = None
    names: Mapping[str, str | Path] | None = None
    input_size: tuple[int, int] | None = None
    mean: Sequence[float] | None = None
    std: Sequence[float] | None = None
    like: str | Path | None = None
    check: tuple[Path, Path] | None = None


@dataclass(frozen=True, eq=False)
class ImportResult:
    """A finished import.

    Attributes
    ----------
    network
        The network.
    kind
        The format of the file.
    notes
        What was left out or changed, a sentence each.
    proof
        How its outputs compare with those of another program.
    weights, card
        The files that were written.
    """

    network: Network
    kind: str
    notes: tuple[str, ...]
    proof: Proof
    weights: Path
    card: Path


def import_network(
    source: str | Path,
    output: str | Path,
    settings: ImportSettings | None = None,
    *,
    force: bool = False,
) -> ImportResult:
    """Import a network and write its weights file and model card, both or neither.

    Parameters
    ----------
    source
        A file of any format in :data:`.known_formats.FORMATS`, which is told by its content.
    output
        The weights file, ``.safetensors``; the model card is beside it, ``.md``.
    settings
        What the file does not say.
    force
        Whether a weights file and a model card that are there already are replaced.

    Raises
    ------
    UserError
        If the file cannot be read or shown; names it, the layer, and what could be done. Then
        nothing is written.
    """
    source, output = Path(source), Path(output)
    settings = settings or ImportSettings()
    card = output.with_suffix(".md")
    refuse_inputs([output, card], _inputs(source, settings))
    check_weights_output(output, card, force=force)
    file = NetworkFile(source)
    kind = model_format_of(file)
    try:
        network, origins, notes, proof = _imported(file, kind, settings)
    except UserError as error:
        raise UserError(f"cannot import '{source}': {error}") from None
    except (MemoryError, RecursionError):
        raise UserError(f"cannot import '{source}': it needs more memory than there is") from None
    refuse_inputs([output, card], kind.parts(file))
    record = ImportRecord(
        source_name=source.name,
        source_digest=_digest(source),
        kind=kind.name,
        architecture=network.architecture,
        origins=origins,
        notes=notes,
        proof=proof,
    )
    content = weights_bytes(network)
    check_weights_output(output, card, force=force)  # a file may have appeared meanwhile
    write_together({card: import_card(record, content).encode(), output: content})
    return ImportResult(network, kind.name, notes, proof, output, card)


def _imported(
    file: NetworkFile, kind: ModelFormat, settings: ImportSettings
) -> tuple[Network, dict[str, str], tuple[str, ...], Proof]:
    """Return the network in a file, where its layers come from, what was changed, and the proof."""
    if settings.like is not None and not kind.needs_description:
        raise UserError(f"it is {kind.name}, which says what it is made of: leave out --like")
    options = ReadingOptions(settings.input_size, settings.like)
    if kind.is_read_in_subprocess:
        graph = call_in_subprocess(kind.read, NetworkFile(file.path), options)
    else:
        graph = kind.read(file, options)
    prepared = prepare_graph(graph)
    layers = lower(prepared.graph)
    picture, white = _input(prepared, settings)
    count = _class_count(layers)
    classes = graph.classes if len(graph.classes) == count else numbered_classes(count)
    if settings.classes is not None:
        classes = read_class_list(settings.classes, count)
    network = build_network(layers, _name(graph.name, file.path, settings), picture, classes)
    if settings.names:
        names = read_class_names(settings.names, classes)
        network = replace(network, architecture=replace(network.architecture, names=names))
        check_architecture(network.architecture)
    given = ImportedInput(
        prepared.first,
        graph.channels_last,
        prepared.ends_in_softmax,
        prepared.is_logarithm,
        prepared.ends_in_sigmoid,
        graph.takes_bytes,
    )
    origins = {each.layer.name: each.origin for each in layers}
    notes = prepared.graph.notes
    del graph, prepared, layers  # their weights are in the network, and a proof takes memory, too
    if settings.check is not None:
        proof = prove_by_files(network, given, *settings.check)
    else:
        proof = prove(network, given, file, kind, white)
    return network, origins, notes, proof


def _input(prepared: PreparedGraph, settings: ImportSettings) -> tuple[InputDescription, float]:
    """Return the picture that the first layer wants, and what the file's network takes for white.

    The file's network takes ``(x - mean) / std`` of a picture x from 0 to 1 (or 255 x), and may
    scale that again; the first layer gets both as one.
    """
    channels, height, width = prepared.graph.input_shape
    first = prepared.first or Affine(np.ones(channels), np.zeros(channels))
    takes_bytes = prepared.graph.takes_bytes
    is_small = first.scale.max() < ALL_OF_255
    is_told = settings.mean is not None or settings.std is not None
    usual = 1 / 255 if takes_bytes or (is_small and not is_told) else 1.0
    mean, std = (
        np.array(_per_channel(values, channels, default, what))
        for values, default, what in (
            (settings.mean, 0.0, "mean"),
            (settings.std, usual, "std"),
        )
    )
    if not (np.isfinite(mean).all() and np.isfinite(std).all() and std.min() > 0):
        raise UserError(
            f"--mean is {mean.tolist()} and --std is {std.tolist()}; they must be finite numbers, "
            "those of --std greater than 0"
        )
    picture = InputDescription(
        channels=channels,
        height=height,
        width=width,
        mean=_rounded(mean - first.shift * std / first.scale),
        std=_rounded(std / first.scale),
    )
    return picture, 255.0 if takes_bytes else float(1 / std.min())


def _rounded(values: Float64Array) -> tuple[float, ...]:
    """Return numbers without what single precision has added to them: 1, not 1.00000003."""
    return tuple(float(f"{value:.6g}") if abs(value) > SINGLE else 0.0 for value in values)


def _per_channel(
    values: Sequence[float] | None, channels: int, default: float, what: str
) -> tuple[float, ...]:
    if values is None:
        return (default,) * channels
    if len(values) == 1:
        return tuple(values) * channels
    if len(values) != channels:
        raise UserError(
            f"--{what} gives {len(values)} numbers; the network has {channels} channels"
        )
    return tuple(values)


def _class_count(layers: Sequence[NamedLayer]) -> int:
    last = layers[-1]
    if last.weight is None or last.weight.ndim != 2:
        raise UserError(
            f"its last layer '{last.origin}' is of kind {last.layer.kind}; cnnviz shows "
            "classifiers, which end in a linear layer with one score for each class"
        )
    if len(last.weight) < 2:
        raise UserError(
            "it gives one score; cnnviz shows classifiers of two or more classes: if it tells two "
            "apart, export it with the sigmoid behind that score"
        )
    return len(last.weight)


def _name(found: str, path: Path, settings: ImportSettings) -> str:
    """Return what the network is called: as asked, as the file says, or as the file is called."""
    if settings.name is not None:
        return settings.name
    stem = found.strip().lower().rstrip("0123456789").rstrip("_")
    name = found
    if stem in GENERIC_NAMES:
        name = path.stem if path.stem not in GENERIC_NAMES else path.resolve().parent.name
        name = name.replace("_", " ")
    return "".join(filter(str.isprintable, name)).strip()[:MAX_NAME_LENGTH] or "network"


def _inputs(source: Path, settings: ImportSettings) -> Iterator[Path]:
    """Give all files that an import reads, and that it must not write to."""
    yield source
    yield from (Path(each) for each in (settings.classes, settings.like) if each is not None)
    yield from map(Path, (settings.names or {}).values())
    yield from settings.check or ()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
