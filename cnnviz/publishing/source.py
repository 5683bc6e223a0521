"""Where a film comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Picture and network: names without their folders, and digests of the files' contents.

    What was in memory has no digest.

    Attributes
    ----------
    image, weights
        Names of files, or what is known of something in memory.
    crop, background
        The part of the picture that the network saw, and what is behind it.
    image_sha256, weights_sha256
        In hexadecimal.
    is_usual_image, is_usual_network
        Whether they are those that are taken if nobody says.
    """

    image: str
    weights: str
    crop: tuple[int, int, int, int] | None
    background: tuple[int, int, int]
    image_sha256: str | None
    weights_sha256: str | None
    is_usual_image: bool = False
    is_usual_network: bool = False
