"""Bytes that were something once."""

from __future__ import annotations

from random import Random

INTERESTING = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\n")
TOKENS = ("[", "{", '"', "=", ".", "\n", "\x1b[31m", "1e999", "-1", "9" * 30, "nan", "\u202e", "猫")


def mutated(content: bytes, random: Random) -> bytes:
    """Return damaged content: bytes flipped, cut, doubled, or put elsewhere."""
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 4, 16, 64))):
        if not changed:
            break
        place, length = random.randrange(len(changed)), random.choice((1, 2, 4, 16, 300))
        match random.randrange(7):
            case 0:
                changed[place] ^= 1 << random.randrange(8)
            case 1:
                changed[place : place + 1] = random.choice(INTERESTING)
            case 2:
                del changed[place : place + length]
            case 3:
                changed[place:place] = changed[place : place + length]
            case 4:
                changed[place : place + length] = random.randbytes(length)
            case 5:
                del changed[place:]
            case _:
                start = random.randrange(len(changed))
                changed[place : place + length] = changed[start : start + length]
    return bytes(changed)


def mutated_text(text: str, random: Random) -> str:
    """Return damaged text: also with what means something to a parser or a terminal."""
    if random.random() < 0.3:
        return mutated(text.encode(), random).decode("utf-8", "replace")
    for _ in range(random.choice((1, 2, 5))):
        place = random.randrange(len(text) + 1)
        token = random.choice(TOKENS) * random.choice((1, 1, 1, 2, 50, 3000))
        text = text[:place] + token + text[place + random.choice((0, 0, 3)) :]
    return text
