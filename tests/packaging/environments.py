"""Fresh environments, made offline: only what is required is linked into them."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

BUILD_EDITABLE = (
    "import sys; from hatchling.build import build_editable as b; print(b(sys.argv[1]))"
)


def build(folder: Path, *options: str) -> None:
    """Build what the options of ``python -m build`` say from this checkout, without the network."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, *options, ROOT)


def build_editable(checkout: Path, folder: Path) -> Path:
    """Build the wheel that ``pip install --editable`` installs."""
    return folder / run(sys.executable, "-c", BUILD_EDITABLE, folder, cwd=checkout).strip()


def make_environment(folder: Path, wheel: Path, *, alone: bool = False) -> Path:
    """Make a virtual environment with a wheel and what it requires; return its ``bin``.

    Nothing is fetched: the requirements, and theirs, are linked from the environment that runs
    the tests. Whatever nobody requires is absent, as on a stranger's machine. With ``alone`` the
    requirements are absent, too.
    """
    venv.create(folder, symlinks=True)
    scheme = {"base": str(folder), "platbase": str(folder)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=scheme))
    if not alone:
        link(closure(requirements_of(wheel)), site)
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin" / "python")
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel)
    return folder / "bin"


def link(required: Iterable[Distribution], site: Path) -> None:
    """Link what belongs to distributions: folders that are theirs alone, and single files."""
    owners = Counter(top for each in distributions() for top in tops_of(each))
    for each in required:
        for file in each.files or ():
            is_shared = owners[file.parts[0]] > 1
            place = Path(*file.parts) if is_shared else Path(file.parts[0])
            if ".." not in file.parts and not (site / place).is_symlink():
                (site / place).parent.mkdir(parents=True, exist_ok=True)
                (site / place).symlink_to(each.locate_file(place))


def tops_of(installed: Distribution) -> set[str]:
    """Return the names in ``site-packages`` under which a distribution has files."""
    return {file.parts[0] for file in installed.files or ()}


def requirements_of(wheel: Path) -> list[Requirement]:
    """Return what a wheel requires without extras."""
    with ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().partition("\n\n")[0].splitlines()
    required = (line.partition(":")[2] for line in lines if line.startswith("Requires-Dist:"))
    return [each for each in map(Requirement, required) if applies(each, [""])]


def closure(requirements: Iterable[Requirement]) -> list[Distribution]:
    """Return the installed distributions that satisfy requirements, and all below them."""
    found: dict[str, Distribution] = {}
    seen: set[str] = set()
    waiting = list(requirements)
    while waiting:
        each = waiting.pop()
        if str(each) in seen:
            continue
        seen.add(str(each))
        installed = distribution(each.name)
        found[canonicalize_name(each.name)] = installed
        extras = ["", *each.extras]
        below = map(Requirement, installed.requires or ())
        waiting += [requirement for requirement in below if applies(requirement, extras)]
    return list(found.values())


def applies(requirement: Requirement, extras: Iterable[str]) -> bool:
    """Say whether a requirement is meant here, with any of some extras."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras)


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command that must succeed, without Python's variables; return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
