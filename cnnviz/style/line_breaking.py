"""Where a text is broken into lines, in English and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnnviz.style.typography import REGULAR, is_chinese, line_advance

CLAUSE_ENDS = "，。、；：！？"
"""After these a Chinese line best ends: words are not told apart, so anywhere else the break
may fall inside one."""

CLOSING = "，。、；：！？）》」』”’%…,.;:!?)"
"""Characters that no line begins with."""

OPENING = "（《「『“‘("
"""Characters that no line ends with."""

BEFORE_WORDS = re.compile(r"(?<=[_-])(?=[^_\-0-9\s])")
"""Where a name best ends a line: after underscores or hyphens, but a number stays with the word
that it counts: `depth_6_` and `relu`."""

BEFORE_PARTS = re.compile(r"(?<=[_-])(?=[^_\-\s])")
"""Where it ends one that is too short for that: after any underscores or hyphens."""

ANYWHERE = re.compile(r"(?<=.)(?=.)")
"""Between any two characters."""

EXACTNESS = 0.1
"""How exactly the lines are balanced, in em."""


def break_lines(text: str, longest: float, weight: int = REGULAR) -> list[str]:
    """Break a text into the fewest lines that fit, then make them about equally long.

    Parameters
    ----------
    text
        Words with single spaces between them. Chinese breaks between clauses if that takes no
        more lines, else between any two characters; but no line begins with a comma or ends
        with an opening bracket.
    longest
        In em. A single word longer than that stays whole.
    weight
        400 is regular, 600 semi-bold.
    """
    pieces = split_where_it_may_break(text)
    lines = _balanced_lines(pieces, longest, weight)
    by_clause = _balanced_lines(_joined_to_clauses(pieces), longest, weight)
    fits = all(line_advance(line, weight) <= longest for line in by_clause)
    return by_clause if fits and len(by_clause) <= len(lines) else lines


def break_name(name: str, longest: float, weight: int = REGULAR) -> list[str]:
    """Break a name as :func:`break_lines` does, and words that are too long before their words.

    Parameters
    ----------
    name, longest, weight
        As there. What is one word with underscores or hyphens in it, such as `depth_6_relu`, is
        broken before words of its own: `depth_6_` and `relu`.
    """
    pieces = [
        part
        for piece in split_where_it_may_break(name)
        for part in _split_word(piece, longest, weight, [BEFORE_WORDS])
    ]
    return _balanced_lines(pieces, longest, weight)


def break_anywhere(text: str, longest: float, weight: int = REGULAR) -> list[str]:
    """Break a text as :func:`break_lines` does, and words that are too long, too.

    Parameters
    ----------
    text, longest, weight
        As there. A long word is broken after underscores and hyphens if it has any, first before
        words and only then before numbers, else anywhere; only a single character may be longer
        than a line.
    """
    pieces = [
        part
        for piece in split_where_it_may_break(text)
        for part in _split_word(piece, longest, weight, [BEFORE_WORDS, BEFORE_PARTS, ANYWHERE])
    ]
    return _balanced_lines(pieces, longest, weight)


def _split_word(
    word: str, longest: float, weight: int, places: Sequence[re.Pattern[str]]
) -> list[str]:
    """Return the parts of a word that may stand in lines of their own, broken at the first places.

    Parts that are still too long are broken at the next ones.
    """
    if not places or line_advance(word.rstrip(), weight) <= longest:
        return [word]
    parts = places[0].split(word)
    return [each for part in parts for each in _split_word(part, longest, weight, places[1:])]


def split_where_it_may_break(text: str) -> list[str]:
    """Return the parts of a text between which a line may end; spaces stay at their ends."""
    pieces = [""]
    for before, character in zip("x" + text, text, strict=False):
        after_space = before == " "
        beside_chinese = is_chinese(character) or is_chinese(before)
        is_bound = character in CLOSING or before in OPENING or character == " "
        if after_space or (beside_chinese and not is_bound):
            pieces.append("")
        pieces[-1] += character
    return pieces


def _joined_to_clauses(pieces: Sequence[str]) -> list[str]:
    clauses = [""]
    for piece in pieces:
        if clauses[-1].rstrip().endswith(tuple(CLAUSE_ENDS)):
            clauses.append("")
        clauses[-1] += piece
    return clauses


def _balanced_lines(pieces: Sequence[str], longest: float, weight: int) -> list[str]:
    lines = _fill_lines(pieces, longest, weight)
    if len(lines) > 1:
        narrow, wide = longest / 2, longest
        while wide - narrow > EXACTNESS:
            middle = (narrow + wide) / 2
            if len(_fill_lines(pieces, middle, weight)) > len(lines):
                narrow = middle
            else:
                wide = middle
        lines = _fill_lines(pieces, wide, weight)
    return lines


def _fill_lines(pieces: Sequence[str], longest: float, weight: int) -> list[str]:
    lines = [pieces[0]]
    for piece in pieces[1:]:
        longer = lines[-1] + piece
        if line_advance(longer.rstrip(), weight) <= longest:
            lines[-1] = longer
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines]
