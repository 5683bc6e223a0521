"""What is seen in a beat, in words, for people who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cnnviz.explain.quantity import Quantity
from cnnviz.locales import Words
from cnnviz.staging.beats import NUMBER

LISTED = 3
"""So many numbers of a kind are said one by one; of more, how many and from where to where."""

KINDS = 5
"""Numbers of so many kinds are said: more would not be remembered."""

UNSAID = ("scale_end", "extreme", "size", "index", "padding")
"""Kinds of numbers that only help the eye."""


def beat_description(
    words: Words,
    scene: str,
    name: str,
    values: Mapping[str, object],
    numbers: Sequence[Quantity],
) -> str:
    """Return what is seen in a beat: the scene's own words, then the numbers.

    Parameters
    ----------
    words
        Those of the language, the scene's own among them: what is seen stands in its
        ``descriptions``, by the name of the beat, without the number at its end if there is
        nothing with it.
    scene, name
        Names of the scene and of the beat.
    values
        What caption and title are filled with.
    numbers
        Those that have appeared in the beat.
    """
    parts = []
    for known in (name, NUMBER.sub("", name)):
        key = f"{scene}.descriptions.{known}"
        if key in words:
            parts.append(words(key, **values))
            break
    said = [_said(words, kind, some) for kind, some in _by_kind(numbers).items()][:KINDS]
    if said:
        parts.append(words("description.numbers", numbers=words("description.and").join(said)))
    return words("description.space").join(parts)


def _by_kind(numbers: Sequence[Quantity]) -> dict[str, list[Quantity]]:
    """Return numbers by what they are, in the order in which they come, none of them twice."""
    found: dict[str, dict[Quantity, None]] = {}
    for number in numbers:
        if number.quantity not in UNSAID:
            found.setdefault(number.quantity, {})[number] = None
    return {kind: list(some) for kind, some in found.items()}


def _said(words: Words, kind: str, numbers: Sequence[Quantity]) -> str:
    """Return one kind of numbers in words."""
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
