"""The model card of an imported network: where it comes from, what was changed, what proves it."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cnnviz.importing.proof import Proof
from cnnviz.model.architecture import Architecture


@dataclass(frozen=True, eq=False)
class ImportRecord:
    """Everything that the card of an import tells.

    Attributes
    ----------
    source_name, source_digest, kind
        The file, the SHA-256 of its content, and its format.
    architecture
        Of the network.
    origins
        What the file calls each layer, by our names.
    notes
        What was left out or changed, a sentence each.
    proof
        How its outputs compare with those of another program.
    """

    source_name: str
    source_digest: str
    kind: str
    architecture: Architecture
    origins: Mapping[str, str]
    notes: Sequence[str]
    proof: Proof


def import_card(record: ImportRecord, weights: bytes) -> str:
    """Return the card, in Markdown, for a weights file with that content."""
    architecture = record.architecture
    sections = [
        f"# {_plain(architecture.name)}\n\n{_summary(record)}",
        f"## Proof\n\n{_plain(record.proof.sentence())}",
    ]
    if record.notes:
        sections.append(
            "## What was changed\n\n" + "\n".join(f"- {_plain(note)}" for note in record.notes)
        )
    sections += [
        f"## Classes\n\n{_classes(architecture)}",
        f"## Layers\n\n{_layers(architecture, record.origins)}",
        "This card belongs to the weights file with SHA-256\n"
        f"`{hashlib.sha256(weights).hexdigest()}`.",
    ]
    return "\n\n".join(sections) + "\n"


def _summary(record: ImportRecord) -> str:
    picture = record.architecture.input
    colour = "RGB" if picture.channels == 3 else "grey"
    values = "0 to 1"
    if picture.is_normalised:
        values += (
            f", normalised as (x - mean) / std with mean {_numbers(picture.mean)} and std "
            f"{_numbers(picture.std)}"
        )
    return (
        f"Imported by cnnviz from `{_plain(record.source_name)}` ({record.kind}) with SHA-256\n"
        f"`{record.source_digest}`.\nWho trained it, on what, and under which terms, that file's "
        "source says.\n\n"
        f"- Input: {colour}, {picture.height} x {picture.width} pixels, values {values}\n"
        f"- Parameters: {record.architecture.parameter_count:,}\n"
        f"- Classes: {len(record.architecture.classes)}"
    )


def _classes(architecture: Architecture) -> str:
    called = ["class", *(f"class ({language})" for language in architecture.names)]
    lines = [f"| number | {' | '.join(called)} |", "| ---: |" + " --- |" * len(called)]
    for number, names in enumerate(
        zip(architecture.classes, *architecture.names.values(), strict=True)
    ):
        lines.append(f"| {number} | {' | '.join(map(_plain, names))} |")
    return "\n".join(lines)


def _layers(architecture: Architecture, origins: Mapping[str, str]) -> str:
    lines = [
        "| layer | kind | reads | output | parameters | in the file |",
        "| --- | --- | --- | --- | ---: | --- |",
    ]
    for layer, _, output in architecture.shapes():
        reads = ", ".join(architecture.sources_of(layer.name))
        lines.append(
            f"| {layer.name} | {layer.kind} | {reads} | {' x '.join(map(str, output))} | "
            f"{layer.parameter_count:,} | {_plain(origins[layer.name])} |"
        )
    return "\n".join(lines)


def _numbers(values: Sequence[float]) -> str:
    return "(" + ", ".join(f"{value:.4g}" for value in values) + ")"


def _plain(text: str) -> str:
    """Return text that means nothing to Markdown or HTML: names come from strangers."""
    escaped = html.escape(text, quote=False)
    return "".join(f"\\{letter}" if letter in "\\`*[]|" else letter for letter in escaped)
