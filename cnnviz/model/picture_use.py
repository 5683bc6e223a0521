"""How a picture is shown to a network: which part of it, and over which colour."""

from __future__ import annotations

Crop = tuple[int, int, int, int]
"""x, y, width and height of the part that is used, in pixels of the upright picture."""

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""

WHITE: Colour = (255, 255, 255)
"""What shows through transparent pixels, unless another colour is asked for."""
