"""What is seen in a beat, in words, for people who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from cnnviz.explain.quantity import Quantity, QuantityKind
from cnnviz.locales import Words
from cnnviz.staging.beats import NUMBER

LISTED = 4
"""So many numbers of a kind are said one by one; of more, how many and from where to where."""

KINDS = 5
"""Numbers of so many kinds are said: more would not be remembered."""

UNSAID = ("scale_end", "extreme", "size", "index", "padding", "what_if")
"""Kinds of numbers that only help the eye, or that words have to explain."""


class SeenAround:
    """What of a beat the words that all scenes share tell: how it begins and how it ends.

    Numbers that appear meanwhile are in those words, or have been told before.
    """

    def __init__(self) -> None:
        self._before: list[str] = []
        self._after: list[str] = []
        self._first = 0
        self._last: int | None = None

    def add(self, text: str, when: Literal["before", "after"], numbers: int) -> None:
        """Put a text before the scene's own words, or after them.

        Parameters
        ----------
        text
            What is seen.
        when
            On which side of the scene's own words it stands.
        numbers
            How many numbers the beat has shown so far.
        """
        if when == "before":
            self._before.append(text)
            self._first = numbers
        else:
            self._after.append(text)
            self._last = numbers if self._last is None else self._last

    def own(self, numbers: Sequence[Quantity]) -> Sequence[Quantity]:
        """Return those of a beat's numbers, in the order of their coming, that are the scene's."""
        return numbers[self._first : self._last]

    def around(self, own: str) -> list[str]:
        """Return all texts in their order."""
        return [*self._before, own, *self._after]


def beat_description(
    words: Words,
    keys: Sequence[str],
    values: Mapping[str, object],
    numbers: Sequence[Quantity],
    around: SeenAround,
) -> str:
    """Return what is seen in a beat; nothing where nothing is said of it and no number is new.

    Parameters
    ----------
    words
        Those of the language, the scene's own among them.
    keys
        Where the scene's own words may stand; the first there is is taken. In it ``{numbers}``
        stands for the numbers; without a text they stand alone.
    values
        What else it is filled with: what caption and title are filled with.
    numbers
        Those that are new in the beat.
    around
        What is seen before and after.
    """
    said = [numbers_in_words(words, kind, some) for kind, some in _by_kind(numbers).items()][:KINDS]
    listed = words("description.numbers", numbers=words("description.and").join(said))
    shown = listed if said else ""
    known = [key for key in keys if key in words]
    own = words(known[0], **values, numbers=shown) if known else shown
    texts = (text.strip() for text in around.around(own))
    return words("description.space").join(text for text in texts if text)


def description_keys(scene: str, beat: str, caption: str | None) -> list[str]:
    """Return where the description of a beat may stand, the most special place first.

    Parameters
    ----------
    scene, beat
        Their names.
    caption
        Key of the beat's caption: where a beat has one of several, what is seen may differ, too.
    """
    names = [caption or beat, beat, NUMBER.sub("", beat)]
    return [f"{scene}.descriptions.{name}" for name in names]


def _by_kind(numbers: Sequence[Quantity]) -> dict[QuantityKind, list[Quantity]]:
    """Return numbers by what they are, in the order in which they come, none of them twice."""
    found: dict[QuantityKind, dict[Quantity, None]] = {}
    for number in numbers:
        if number.quantity not in UNSAID:
            found.setdefault(number.quantity, {})[number] = None
    return {kind: list(some) for kind, some in found.items()}


def numbers_in_words(words: Words, kind: QuantityKind, numbers: Sequence[Quantity]) -> str:
    """Return numbers of one kind in words: a few one by one, of many how many, and their range."""
    name = words(f"description.{kind}", count=len(numbers))
    if len(numbers) <= LISTED:
        listed = words("description.comma").join(number.shown for number in numbers)
        return words("description.listed", kind=name, numbers=listed)
    least, most = (pick(numbers, key=lambda number: number.value) for pick in (min, max))
    if least.shown == most.shown:
        return words("description.same", kind=name, count=len(numbers), number=least.shown)
    return words(
        "description.range",
        kind=name,
        count=len(numbers),
        least=least.shown,
        most=most.shown,
    )
