"""How this cnnviz was installed, and so how something is added to it."""

from __future__ import annotations

import json
import sys
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

NAME = "cnnviz"


def how_to_add(extra: str) -> str:
    """Return the command that adds an extra, as it is typed into a terminal.

    Parameters
    ----------
    extra
        One of those in the package's metadata, such as ``"cjk"``.
    """
    if (Path(sys.prefix) / "pipx_metadata.json").exists():  # an environment without pip
        return " ".join(["pipx inject", NAME, *_packages_of(extra)])
    if _is_checkout():
        return f"python -m pip install -e '.[{extra}]'"
    return f"python -m pip install '{NAME}[{extra}]'"


def _packages_of(extra: str) -> list[str]:
    """Return the names of the packages that an extra brings."""
    requirements = map(Requirement, distribution(NAME).requires or ())
    return [
        each.name
        for each in requirements
        if each.marker is not None
        and each.marker.evaluate({"extra": extra})
        and not each.marker.evaluate({"extra": ""})
    ]


def _is_checkout() -> bool:
    """Return whether the source is used where it lies, so that edits count (``pip -e``)."""
    origin = json.loads(distribution(NAME).read_text("direct_url.json") or "{}")
    return bool(origin.get("dir_info", {}).get("editable", False))
