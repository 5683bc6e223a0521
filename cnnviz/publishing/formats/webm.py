"""WebM: VP9, for web pages, and with transparency.

Its captions are a track that players such as VLC and mpv show; browsers show none that lies in a
file, but those of the ``.vtt`` beside it, which pages and snippets name.
"""

from __future__ import annotations

from cnnviz.publishing.formats.containers import ContainerFormat

WEBM = ContainerFormat(
    "webm",
    "WebM",
    ".webm",
    {"default": "vp9", "small": "vp9-small"},
    alpha_codec="vp9-alpha",
    holds_captions=True,
    holds_chapters=True,
    mime_type="video/webm",
    container="webm",
    caption_codec="webvtt",
)
