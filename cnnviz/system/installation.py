"""What the package's metadata says: how it was installed, how to add to it, where to report."""

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
    origin = json.loads(distribution(NAME).read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable", False):  # in the checkout, so that edits count
        return f"python -m pip install -e '.[{extra}]'"
    if origin:  # a wheel or a folder, which pip would not find again by its name
        return " ".join(["python -m pip install", *_packages_of(extra)])
    return f"python -m pip install '{NAME}[{extra}]'"


def where_to_report() -> str:
    """Return the address at which faults of cnnviz are reported."""
    addresses = distribution(NAME).metadata.get_all("Project-URL") or []
    named: dict[str, str] = dict(address.split(", ", 1) for address in addresses)
    return named["Issues"]


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
