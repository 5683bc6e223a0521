"""What a film is made of: one idea after the other."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.explain.quantity import Quantity


@dataclass(frozen=True)
class Beat:
    """One idea of a film: a caption, its frames, and every number seen in them.

    Attributes
    ----------
    name
        Unique in its film.
    chapter
        Title of the chapter it belongs to.
    caption
        What is written below the stage.
    first_frame, frame_count
        When it is shown.
    numbers
        Every number that could be seen.
    made_by
        Digest of what decides its pictures, apart from trace, theme and language.
    """

    name: str
    chapter: str
    caption: str
    first_frame: int
    frame_count: int
    numbers: tuple[Quantity, ...]
    made_by: str = ""

    @property
    def last_frame(self) -> int:
        """Number of its last frame."""
        return self.first_frame + self.frame_count - 1
