"""Arguments under their names of before, which go with the next release."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def takes_network(call: Callable[P, R]) -> Callable[P, R]:
    """Let a call take ``network=``, as its ``weights=`` was called; gone after version 0.2."""

    @wraps(call)
    def with_weights(*arguments: P.args, **keywords: P.kwargs) -> R:
        if "network" in keywords and "weights" not in keywords:
            warnings.warn("network= is called weights=", DeprecationWarning, stacklevel=2)
            keywords["weights"] = keywords.pop("network")
        return call(*arguments, **keywords)

    return with_weights
