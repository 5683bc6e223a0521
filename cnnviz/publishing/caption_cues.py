"""Captions cut into cues that can be read: short lines, two at most, long enough on screen.

English follows the BBC's and Netflix's figures for adults, 17 characters a second and two lines of
42 (https://partnerhelp.netflixstudios.com, "English Timed Text Style Guide"); Chinese those of
Netflix's "Simplified Chinese Timed Text Style Guide": 9 characters a second, 16 to a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import inf

from cnnviz.rendering.joining import Cue
from cnnviz.style.line_breaking import split_where_it_may_break

LINES = 2
"""So many lines a cue has at most."""


@dataclass(frozen=True)
class ReadingSpeed:
    """How fast a language is read, and how much of it goes into a line.

    Attributes
    ----------
    characters_a_second
        Spaces and punctuation count.
    line
        Characters.
    """

    characters_a_second: float
    line: int


READING_SPEEDS = {"en": ReadingSpeed(17, 42), "zh": ReadingSpeed(9, 16)}
"""By language."""

UNEVEN = 6.0
"""How much it hurts, beside a cut in the wrong place, if a cue is twice as long as usual."""

SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")
CLAUSE_ENDS = (",", ";", ":", "，", "；", "：", "、")


def cues_of(text: str, start: int, end: int, language: str) -> list[Cue]:
    """Return the cues in which a text is shown between two times.

    Each takes its share of the time by its length. A text is cut after a sentence if that
    is possible, else after a clause, else between words.

    Parameters
    ----------
    text
        Words with single spaces between them.
    start, end
        In milliseconds.
    language
        A key of :data:`READING_SPEEDS`.
    """
    parts = cue_texts(text, READING_SPEEDS[language].line)
    lengths = [len(part) for part in parts]
    cues, before = [], 0
    for part, length in zip(parts, lengths, strict=True):
        first = start + (end - start) * before // sum(lengths)
        before += length
        cues.append(Cue(first, start + (end - start) * before // sum(lengths), part))
    return cues


def cue_texts(text: str, longest: int) -> list[str]:
    """Cut a text into as few cues as it takes, their lines broken by a line feed.

    Parameters
    ----------
    text
        Words with single spaces between them.
    longest
        Characters of a line. A longer word is cut.
    """
    pieces = [
        part[place : place + longest]
        for part in split_where_it_may_break(text)
        for place in range(0, len(part), longest)
    ]
    cuts = _best_cuts(tuple(pieces), longest)
    return [
        "\n".join(balanced("".join(pieces[first:end]).strip(), pieces[first:end], longest))
        for first, end in cuts
    ]


def _best_cuts(pieces: tuple[str, ...], longest: int) -> list[tuple[int, int]]:
    """Return which pieces make each cue: the fewest cues, about equally long, cut well."""

    @cache
    def fits(first: int, end: int) -> bool:
        return len(fill(pieces[first:end], longest)) <= LINES

    fewest, first = 0, 0
    while first < len(pieces):
        first = max(end for end in range(first + 1, len(pieces) + 1) if fits(first, end))
        fewest += 1
    usual = sum(map(len, pieces)) / max(fewest, 1)

    @cache
    def best(first: int, left: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        if left == 0:
            return (0.0 if first == len(pieces) else inf), ()
        found: list[tuple[float, tuple[tuple[int, int], ...]]] = [(inf, ())]
        for end in range(first + 1, len(pieces) + 1):
            if not fits(first, end):
                break
            cost, cuts = best(end, left - 1)
            length = sum(map(len, pieces[first:end]))
            cost += UNEVEN * (length / usual - 1) ** 2
            cost += 0.0 if end == len(pieces) else _cost_of_cut(pieces[end - 1])
            found.append((cost, ((first, end), *cuts)))
        return min(found)

    return list(best(0, fewest)[1])


def _cost_of_cut(piece: str) -> float:
    """Return how much a cut after a piece hurts."""
    ended = piece.rstrip()
    if ended.endswith(SENTENCE_ENDS):
        return 0.0
    return 1.0 if ended.endswith(CLAUSE_ENDS) else 3.0


def balanced(text: str, pieces: Sequence[str], longest: int) -> list[str]:
    """Return the lines of a cue, about equally long."""
    if len(text) <= longest:
        return [text]
    for width in range(len(text) // LINES, longest + 1):
        lines = fill(pieces, width)
        if len(lines) <= LINES and all(len(line) <= longest for line in lines):
            return lines
    return fill(pieces, longest)


def fill(pieces: Sequence[str], width: int) -> list[str]:
    """Return lines that are as full as they may be."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and len((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]
