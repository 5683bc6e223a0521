"""Where a new weights file and its model card go, whether they were trained or imported."""

from __future__ import annotations

from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.publishing.output_files import refuse_taken


def check_weights_output(output: Path, card: Path, *, force: bool) -> None:
    """Refuse beforehand what could not be written afterwards, or would be lost.

    Parameters
    ----------
    output, card
        The weights file and its model card.
    force
        Whether they may be replaced.

    Raises
    ------
    UserError
        If the output is no ``.safetensors`` file, a folder is in the way, or one of the files
        is there and may not be replaced.
    """
    if output.suffix != ".safetensors":
        raise UserError(f"output '{output}' must end in .safetensors")
    refuse_taken([output, card], force=force)
