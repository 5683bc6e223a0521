"""What may be written: never an input, and nothing that cnnviz did not make."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from cnnviz.errors import UserError


def refuse_inputs(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Raise a UserError if writing `outputs` would write to one of `inputs`.

    Files are compared, not names: links to an input are inputs. A folder that holds an input is
    one as well.
    """
    inputs = list(inputs)
    known = {identity: path for path in inputs if (identity := _identity(path)) is not None}
    for output in outputs:
        identity = _identity(output)
        if identity in known:
            raise UserError(
                f'"{output}" would be written, but it is an input ("{known[identity]}"): '
                "choose another output"
            )
        for path in inputs:
            if output.is_dir() and path.resolve().is_relative_to(output.resolve()):
                raise UserError(
                    f'the folder "{output}" would be replaced, and an input lies in it ("{path}"): '
                    "choose another output"
                )


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what two names of the same file have in common; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def refuse_folders(outputs: Iterable[Path]) -> None:
    """Raise a UserError if one of `outputs` is a folder."""
    for output in outputs:
        if output.is_dir():
            raise UserError(
                f'"{output}" is a folder, where a file is to be written: choose another output'
            )


def refuse_existing(outputs: Iterable[Path]) -> None:
    """Raise a UserError if one of `outputs` is there, whoever made it."""
    for output in outputs:
        if os.path.lexists(output):
            raise UserError(
                f"'{output}' is there already: choose another output, or replace it with --force "
                "(force=True)"
            )


def refuse_taken(outputs: Iterable[Path], *, force: bool) -> None:
    """Raise a UserError if one of `outputs` is a folder, or there and may not be replaced."""
    outputs = list(outputs)
    refuse_folders(outputs)
    if not force:
        refuse_existing(outputs)


def refuse_foreign(outputs: Iterable[Path], own: Iterable[Path]) -> None:
    """Raise a UserError if one of `outputs` is there and not among `own`.

    Parameters
    ----------
    outputs
        The files that are to be written.
    own
        Those of them that cnnviz made and nobody has changed.
    """
    ours = set(own)
    for output in outputs:
        if os.path.lexists(output) and output not in ours:
            raise UserError(
                f'"{output}" is in the way, and not a result of cnnviz: move it, choose another '
                "output, or replace it with --force (force=True)"
            )
