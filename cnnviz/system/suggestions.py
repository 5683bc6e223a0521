"""What somebody meant who wrote a name that there is not."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(given: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like the given one; None if none is like it."""
    by_folded = {name.casefold(): name for name in known}
    matches = get_close_matches(given.casefold(), by_folded, 1)
    return by_folded[matches[0]] if matches else None


def choose(given: str, known: Iterable[str]) -> str:
    """Return the end of a message about a name that there is not: what there is."""
    names = list(known)
    listed = f"choose {', '.join(names)}" if names else "there is none"
    meant = closest(given, names)
    return f'did you mean "{meant}"? Else {listed}' if meant else listed
