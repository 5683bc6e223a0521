"""How the sizes of windows and areas are written: rows before columns."""

from __future__ import annotations


def written_sides(sides: tuple[int, int]) -> str:
    """Return (rows, columns) as ``3×3``, ``1×7``."""
    return "×".join(map(str, sides))


def written_steps(steps: tuple[int, int]) -> str:
    """Return what is usually the same along both axes: ``2``, or else ``2×1``."""
    return str(steps[0]) if len(set(steps)) == 1 else written_sides(steps)


def written_paddings(paddings: tuple[int, int, int, int]) -> str:
    """Return (top, left, bottom, right) as short as can be: ``1``, ``0×3``, else all four."""
    top, left, bottom, right = paddings
    if (top, left) == (bottom, right):
        return written_steps((top, left))
    return "/".join(map(str, paddings))
