"""The model card of an imported network: where it comes from, what was changed, what proves it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cnnviz.importing.proof import Proof
from cnnviz.model.architecture import Architecture
from cnnviz.network.card_sections import card_of, input_line


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
    ]
    return card_of(sections, weights)


def _summary(record: ImportRecord) -> str:
    return (
        f"Imported by cnnviz from `{_plain(record.source_name)}` ({record.kind}) with SHA-256\n"
        f"`{record.source_digest}`.\nWho trained it, on what, and under which terms, that file's "
        "source says.\n\n"
        f"{input_line(record.architecture.input, '.4g')}\n"
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


def _plain(text: str) -> str:
    """Return text that means nothing to Markdown or HTML: names come from strangers."""
    escaped = html.escape(text, quote=False)
    return "".join(f"\\{letter}" if letter in "\\`*[]|" else letter for letter in escaped)
