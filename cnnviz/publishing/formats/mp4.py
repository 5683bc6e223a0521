"""MP4: H.264 plays everywhere, AV1 in browsers and in half the room or less."""

from __future__ import annotations

from cnnviz.publishing.formats.containers import ContainerFormat
from cnnviz.rendering.joining import MP4 as CONTAINER

MP4 = ContainerFormat(
    "mp4",
    "MP4",
    ".mp4",
    {"default": "default", "small": "small", "av1": "av1"},
    holds_captions=True,
    holds_chapters=True,
    mime_type="video/mp4",
    container=CONTAINER.name,
    options=CONTAINER.options,
)
