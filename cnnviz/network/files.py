"""Files that are whole or not there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cnnviz.errors import UserError


def write_together(contents: Mapping[Path, bytes]) -> None:
    """Write files that belong together, none of them ever half.

    All are written and flushed under temporary names in their folders, which are made where
    missing; only then do they take their names, one after the other, replacing what was
    there. A failure before that leaves everything as it was.

    Raises
    ------
    UserError
        If a file cannot be written; names it and the reason.
    """
    written: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(None, "it is a folder")
            written[path] = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
            with written[path].open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, temporary in written.items():
            os.replace(temporary, path)
    except OSError as error:
        raise UserError(f"cannot write '{path}': {error.strerror}") from None
    finally:
        for temporary in written.values():
            temporary.unlink(missing_ok=True)
