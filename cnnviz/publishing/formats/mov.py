"""QuickTime: ProRes 4444, for slides and editors that show what lies behind a film."""

from __future__ import annotations

from cnnviz.publishing.formats.containers import ContainerFormat

MOV = ContainerFormat(
    "mov",
    "QuickTime (ProRes 4444)",
    ".mov",
    {"default": "prores"},
    alpha_codec="prores",
    needs_alpha=True,
    holds_captions=True,
    holds_chapters=True,
    container="mov",
    options={"movflags": "+faststart"},
)
