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
    other
        Where that comes from with which it is compared, if it is.
    """

    image: str
    weights: str
    crop: tuple[int, int, int, int] | None
    background: tuple[int, int, int]
    image_sha256: str | None
    weights_sha256: str | None
    is_usual_image: bool = False
    is_usual_network: bool = False
    other: Source | None = None

    @property
    def all(self) -> tuple[Source, ...]:
        """The source, and the other that it is compared with."""
        return (self,) if self.other is None else (self, self.other)

    @property
    def image_names(self) -> tuple[str, ...]:
        """The names of the pictures, one if both networks saw the same."""
        one, *others = self.all
        return (one.image, *(each.image for each in others if self.compares_pictures))

    @property
    def compares_pictures(self) -> bool:
        """Whether two pictures are compared, and not two networks."""
        if self.other is None:
            return False
        mine, theirs = ((each.weights, each.weights_sha256) for each in self.all)
        return mine == theirs
