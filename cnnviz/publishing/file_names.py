"""Names of files in documents: on most systems they are bytes, which need not be text."""

from __future__ import annotations

import os
from urllib.parse import quote


def as_url(path: str) -> str:
    """Return a path as a link has it, with slashes."""
    return quote(os.fsencode(path))


def as_text(text: str) -> str:
    """Return what people read of a text with a name in it, which is then valid Unicode."""
    return os.fsencode(text).decode(errors="replace")
