"""The user's home folder, which a user without a name, as in a container, may not have."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Return the home folder; the root folder for a user who has none."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")


def ensure_home() -> None:
    """Let libraries that look into the home folder, such as Manim, be given one they may enter.

    A container that is run as another user often names a HOME that is closed to that user.
    """
    os.environ["HOME"] = str(home()) if os.access(home(), os.X_OK) else "/"
