"""What of a scene's words is drawn: not all of them are wanted in every film."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Visibility:
    """What is drawn around a scene's pictures, and in which film its beats are.

    Attributes
    ----------
    title
        Whether the title is drawn; its room stays free in any case.
    captions
        Whether captions are drawn.
    beats
        Names of the beats that make the film, in its order; None for all. A beat that does not
        follow the one before it begins with its own stage, without what others have left.
    translations
        Captions and descriptions by names of beats, in place of the scene's own: in another
        language.
    """

    title: bool = True
    captions: bool = True
    beats: tuple[str, ...] | None = None
    translations: Mapping[str, tuple[str, str]] | None = None

    def texts_of(self, beat: str, caption: str, description: str) -> tuple[str, str]:
        """Return a beat's caption and description, from the scene's own."""
        own = caption, description
        return own if self.translations is None else self.translations.get(beat, own)

    def follows(self, beat: str, previous: str | None) -> bool:
        """Return whether a beat is seen right after the one before it."""
        if self.beats is None or beat not in self.beats:
            return True
        place = self.beats.index(beat)
        return place > 0 and self.beats[place - 1] == previous
