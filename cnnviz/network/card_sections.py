"""What all model cards say alike, whether a network was trained or imported."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cnnviz.model.architecture import InputDescription


def input_line(picture: InputDescription, number_format: str, remark: str = "") -> str:
    """Return the line of a card that says what the network takes.

    Parameters
    ----------
    picture
        The input.
    number_format
        How mean and standard deviation are written, such as ``.4f``.
    remark
        What stands behind them.
    """
    colour = "RGB" if picture.channels == 3 else "grey"
    values = "0 to 1"
    if picture.is_normalised:
        mean, std = (
            f"({', '.join(format(value, number_format) for value in numbers)})"
            for numbers in (picture.mean, picture.std)
        )
        values += f", normalised as (x - mean) / std with mean {mean} and std {std}{remark}"
    return f"- Input: {colour}, {picture.height} x {picture.width} pixels, values {values}"


def card_of(sections: Sequence[str], weights: bytes) -> str:
    """Return a card of Markdown sections; its end names the weights file that it belongs to."""
    digest = hashlib.sha256(weights).hexdigest()
    seal = f"This card belongs to the weights file with SHA-256\n`{digest}`."
    return "\n\n".join([*sections, seal]) + "\n"
