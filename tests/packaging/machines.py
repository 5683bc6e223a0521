"""A pretended machine for the set-up script: what is on its PATH, and what was called."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.packaging.environments import ROOT

TOOLS = ("cat", "cp", "dirname", "env", "grep", "mkdir", "mktemp", "rm", "sed", "sh", "tail")
"""What every Unix has; everything else is pretended."""

RECORD = 'echo "$(basename_of "$0") $*" >>"$MACHINE/calls"\n'

HEAD = '#!/bin/sh\nbasename_of() { echo "${1##*/}"; }\nhas() { [ -e "$MACHINE/$1" ]; }\n'

OFFLINE = "Temporary failure resolving 'example.org'"

PYTHON = """\
case "$*" in
    *platform*) echo "VERSION" ;;
    *version_info*) NEW_ENOUGH ;;
    *Python.h*) has python-headers ;;
    *importlib.metadata*) has torch ;;
    *ensurepip*) : ;;
    "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    *--index-url*) has cpu-index ;;
    "-m pip "*) has index || { cat "$MACHINE/pip-says" >&2; exit 1; } ;;
    *) exit 3 ;;
esac
"""

APT = """\
case "$*" in
    *update*) has archive || { for each in 1 2 3 4 5; do echo "W: OFFLINE" >&2; done; } ;;
    *--assume-no*) echo "Need to get 95.2 MB/99.1 MB of archives."; exit 1 ;;
    *install*) has archive || { echo "E: Unable to locate package" >&2; exit 100; }
        : >"$MACHINE/headers"; : >"$MACHINE/python-headers"
        if has python-in-archive; then cp "$MACHINE/python-in-archive" "$MACHINE/bin/python3"; fi ;;
esac
"""

SUDO = """\
if [ "$1" = -n ]; then has passwordless; exit; fi
[ "$1" != true ] || { has password || has passwordless; exit; }
: >"$MACHINE/as-root"
exec "$@"
"""


@dataclass
class Machine:
    """A folder with commands, and with files that say what they find.

    Attributes
    ----------
    folder
        Where everything lies.
    """

    folder: Path
    project: Path = field(init=False)

    def __post_init__(self) -> None:
        (self.folder / "bin").mkdir()
        for tool in TOOLS:
            path = shutil.which(tool)
            assert path is not None
            (self.folder / "bin" / tool).symlink_to(path)
        self.project = self.folder / "project"
        self.project.mkdir()
        (self.project / "constraints.txt").write_text("numpy==2.4.6\ntorch==2.13.0\n")
        self.command("uname", "echo Linux")
        self.command("id", "if has user; then echo 1000; else echo 0; fi")
        self.command("cc", ":")
        self.command("pkg-config", "has headers")
        self.command("apt-get", RECORD + APT.replace("OFFLINE", OFFLINE))
        (self.folder / "pip-says").write_text("ERROR: the disk is full\n")
        self.has("headers", "python-headers", "archive", "index", "cpu-index")

    def command(self, name: str, script: str, place: str = "bin") -> Path:
        """Put a command on the PATH, or elsewhere."""
        path = self.folder / place / name
        path.write_text(HEAD + script)
        path.chmod(0o755)
        return path

    def python(self, version: str, name: str = "python3", place: str = "bin") -> Path:
        """Put an interpreter there."""
        minor = int(version.split(".")[1])
        script = PYTHON.replace("VERSION", version)
        script = script.replace("NEW_ENOUGH", "true" if minor >= 11 else "false")
        return self.command(name, RECORD + script, place)

    def has(self, *things: str) -> None:
        """Let it have something."""
        for each in things:
            (self.folder / each).touch()

    def lacks(self, *things: str) -> None:
        """Let it not have something."""
        for each in things:
            (self.folder / each).unlink(missing_ok=True)

    def set_up(self, extra: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the set-up script there."""
        return subprocess.run(
            ["sh", ROOT / "scripts" / "setup.sh", ".venv", *([extra] if extra else [])],
            cwd=self.project,
            env={"PATH": str(self.folder / "bin"), "MACHINE": str(self.folder), **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def calls(self, *words: str) -> list[str]:
        """Return the calls so far that hold all of some words."""
        path = self.folder / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        return [line for line in lines if all(word in line for word in words)]


def has_nvidia_driver() -> bool:
    """Say whether the real machine has one; the script finds it past the pretended PATH."""
    return os.path.exists("/proc/driver/nvidia") or os.path.exists("/dev/nvidiactl")
