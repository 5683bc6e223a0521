"""The user's home folder, which a user without a name, as in a container, may not have."""

from __future__ import annotations

from pathlib import Path


def home() -> Path:
    """Return the home folder; the root folder for a user who has none."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")
