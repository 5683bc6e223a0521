"""Names of files as FFmpeg's libraries take them."""

from __future__ import annotations

from pathlib import Path

from cnnviz.system.disk import LIBAVS_PREFIX


def libav_name(path: Path) -> str:
    """Return the name by which libav opens a file of this machine.

    It would take what stands before a colon, as in ``Week1:conv.mp4``, for a protocol.
    """
    return f"{LIBAVS_PREFIX}{path}"
