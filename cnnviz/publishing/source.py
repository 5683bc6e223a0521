"""Where a film comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Picture and network: names without their folders, and digests.

    Attributes
    ----------
    image, weights
        Names of files, or what is known of something in memory.
    crop
        The part of the picture that the network saw.
    image_digest, weights_digest
        SHA-256 of the files, in hexadecimal; None for what was in memory.
    is_usual_image, is_usual_network
        Whether they are those that come with cnnviz.
    """

    image: str
    weights: str
    crop: tuple[int, int, int, int] | None
    image_digest: str | None = None
    weights_digest: str | None = None
    is_usual_image: bool = False
    is_usual_network: bool = False
