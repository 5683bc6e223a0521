"""Names of themes and of proportions of frames, apart from these: help stays quick."""

from __future__ import annotations

from typing import Literal, get_args

Aspect = Literal["16:9", "9:16", "1:1"]
"""Proportions of the frame: for lecture halls, for phones held upright, for feeds."""

ASPECTS: tuple[Aspect, ...] = get_args(Aspect)

THEMES = ("dark", "light")
"""As :func:`cnnviz.style.theme.theme_of` has them."""
