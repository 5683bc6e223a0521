"""What the package's metadata says: how it was installed, how to add to it, where to report."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

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
    pip = f"{_python()} -m pip install"
    if origin.get("dir_info", {}).get("editable", False):  # a checkout, so that edits count
        from urllib.request import url2pathname  # takes as long as all of click

        checkout = url2pathname(urlsplit(origin["url"]).path)
        return f"{pip} -e {shlex.quote(f'{checkout}[{extra}]')}"
    if origin:  # a wheel or a folder, which pip would not find again by its name
        return " ".join([pip, *_packages_of(extra)])
    return f"{pip} '{NAME}[{extra}]'"


def _python() -> str:
    """Return how this Python is called: ``python`` where that is the one, else by its path."""
    found = shutil.which("python")
    is_this = found is not None and Path(found).absolute() == Path(sys.executable).absolute()
    return "python" if is_this else shlex.quote(sys.executable)


def where_to_report() -> str:
    """Return the address at which faults of cnnviz are reported."""
    addresses = distribution(NAME).metadata.get_all("Project-URL") or []
    named: dict[str, str] = dict(address.split(", ", 1) for address in addresses)
    return named["Issues"]


def _packages_of(extra: str) -> list[str]:
    """Return the names of the packages that an extra brings."""
    from packaging.requirements import Requirement  # takes as long as all of click

    requirements = map(Requirement, distribution(NAME).requires or ())
    return [
        each.name
        for each in requirements
        if each.marker is not None
        and each.marker.evaluate({"extra": extra})
        and not each.marker.evaluate({"extra": ""})
    ]
