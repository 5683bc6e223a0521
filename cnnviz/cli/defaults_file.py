"""The file of defaults in the working folder: ``cnnviz.toml``, or ``[tool.cnnviz]`` of a project.

Apart from what it means to commands (:mod:`cnnviz.cli.defaults`), since mostly there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnnviz.system.toml_files import parse_toml, read_toml

OWN_FILE = Path("cnnviz.toml")
PROJECT_FILE = Path("pyproject.toml")


@dataclass(frozen=True)
class DefaultsFile:
    """What a file says.

    Attributes
    ----------
    source
        The file, and the table in it where that is not all of it.
    content
        Keys and tables, as TOML has them.
    """

    source: str
    content: Mapping[str, Any]


def read_defaults_file() -> DefaultsFile | None:
    """Return what the working folder says, if anything; ``cnnviz.toml`` goes first.

    Raises
    ------
    UserError
        If the file cannot be read or is no TOML; the message names the line.
    """
    if OWN_FILE.is_file():
        return DefaultsFile(str(OWN_FILE), parse_toml(OWN_FILE, read_toml(OWN_FILE)))
    if PROJECT_FILE.is_file():
        text = read_toml(PROJECT_FILE)
        if "cnnviz" in text:  # else it need not even be whole
            tool = parse_toml(PROJECT_FILE, text).get("tool", {})
            content = tool.get("cnnviz") if isinstance(tool, Mapping) else None
            if isinstance(content, Mapping):
                return DefaultsFile(f"{PROJECT_FILE} [tool.cnnviz]", content)
    return None
