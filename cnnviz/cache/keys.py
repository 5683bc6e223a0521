"""Cache keys: digests of all that decides a result, never of the result itself."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path


def digest(material: object) -> str:
    """Return a short text that differs for different material.

    Parameters
    ----------
    material
        JSON, dataclasses, NumPy arrays, bytes, paths, and mixtures of them.

    Raises
    ------
    TypeError
        If something in it is of another kind.
    """
    text = json.dumps(material, default=_plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: object) -> object:
    """Return what JSON takes in place of a value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
        return {"class": type(value).__qualname__, **fields}
    if isinstance(value, bytes):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    return _plain_number(value)


def _plain_number(value: object) -> object:
    """Return what JSON takes in place of an array or a number of NumPy's."""
    import numpy as np  # keys without arrays, such as those for a help page, are found sooner

    if isinstance(value, np.ndarray):
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return {"array": content, "shape": value.shape, "dtype": str(value.dtype)}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a {type(value).__name__} cannot be part of a cache key")
