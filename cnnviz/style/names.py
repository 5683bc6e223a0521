"""Names of what a look is chosen by, apart from what they stand for: help stays quick."""

from __future__ import annotations

from typing import Literal, get_args

Aspect = Literal["16:9", "9:16", "1:1"]
"""Proportions of the frame: for lecture halls, for phones held upright, for feeds."""

ASPECTS: tuple[Aspect, ...] = get_args(Aspect)

ThemeName = Literal["dark", "light"]
"""As :func:`cnnviz.style.theme.theme_of` has them."""

THEMES: tuple[ThemeName, ...] = get_args(ThemeName)

Captions = Literal["burn", "none"]
"""Whether captions are drawn, or the stage takes their room."""

CAPTIONS: tuple[Captions, ...] = get_args(Captions)
