"""A clip as a notebook shows it."""

from __future__ import annotations

import os
from base64 import b64encode
from html import escape
from pathlib import Path

from cnnviz.publishing.file_names import as_text, as_url
from cnnviz.publishing.formats import format_of

EMBED_LIMIT = 16 * 2**20
"""Bytes of a film that goes into the notebook itself; a longer one is played from its file."""


def clip_html(video: Path, captions: Path, poster: Path, limit: int = EMBED_LIMIT) -> str | None:
    """Return a player as HTML; None if no browser plays the film, or one of its files is gone.

    Parameters
    ----------
    video
        The film. Up to `limit` it is part of the HTML, so that it goes where the notebook
        goes; else the HTML names its path relative to the working folder, which is the
        notebook's own.
    captions
        WebVTT. The film has them on screen, too, so they are not shown unless asked for.
    poster
        PNG; what is seen until the film is played.
    limit
        Bytes.
    """
    path, written_as = Path(os.path.relpath(video)).as_posix(), format_of(video)
    if written_as.mime_type is None:
        return None
    try:
        is_short = video.stat().st_size <= limit
        film = _data_uri(video, written_as.mime_type) if is_short else as_url(path)
        if written_as.plays_as_picture:
            return f'<img src="{film}" alt="{escape(as_text(video.name))}" style="max-width: 100%">'
        track, picture = _data_uri(captions, "text/vtt"), _data_uri(poster, "image/png")
    except FileNotFoundError:
        return None
    return (
        '<figure style="margin: 0">'
        f'<video controls preload="metadata" style="max-width: 100%; max-height: 75vh" '
        f'aria-label="{escape(as_text(video.name))}" poster="{picture}" src="{film}">'
        f'<track kind="captions" label="Captions" src="{track}">'
        f'</video><figcaption><a href="{as_url(path)}">{escape(as_text(path))}</a></figcaption>'
        "</figure>"
    )


def _data_uri(path: Path, mime_type: str) -> str:
    return f"data:{mime_type};base64,{b64encode(path.read_bytes()).decode()}"
