"""Names of the formats and encodings of films, apart from these: help stays quick."""

from __future__ import annotations

from typing import Literal, get_args

FormatName = Literal["mp4", "webm", "mov", "gif", "webp", "png"]
"""What ``--format`` says."""

FORMAT_NAMES: tuple[FormatName, ...] = get_args(FormatName)
"""As :data:`cnnviz.publishing.formats.FORMATS` has them."""

Encoding = Literal["default", "small", "av1"]
"""What ``--encode`` says; a format need not have all."""

ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
