"""``cnnviz doctor``: whether this machine has what a film takes, and how to get what lacks."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click
from packaging.requirements import Requirement

from cnnviz.cli.defaults_file import read_defaults_file
from cnnviz.errors import UserError

REINSTALL = "python -m pip install --force-reinstall cnnviz"
REINSTALL_CHINESE = "python -m pip install --force-reinstall noto-cjk-sans-otc"

SIGNS = "0123456789+−×·/=≈→∞Σ%()"
"""What numbers and formulas are written with, besides the texts of the locales."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    what
        Its name.
    state
        What was found.
    remedy
        How to mend it; empty if it is in order.
    is_optional
        Whether most films do without it, so that it is no fault if it is missing.
    """

    what: str
    state: str
    remedy: str = ""
    is_optional: bool = False

    @property
    def is_fault(self) -> bool:
        """Whether something has to be mended."""
        return bool(self.remedy) and not self.is_optional

    @property
    def mark(self) -> str:
        """One word in front of it."""
        if not self.remedy:
            return "ok"
        return "optional" if self.is_optional else "missing"


@click.command(short_help="Say what this machine lacks.")
@click.pass_context
def doctor(context: click.Context) -> None:
    """Say what this machine lacks, and how to get it.

    Ends with exit code 1 if anything is missing that every film takes.

    \b
    Example:
      cnnviz doctor
    """  # noqa: D301
    findings = [*examine(), _check_defaults(context.find_root())]
    for finding in findings:
        click.echo(f"{finding.mark:8} {finding.what:20} {finding.state}")
        if finding.remedy:
            click.echo(f"{'':29} {finding.remedy}")
    if any(finding.is_fault for finding in findings):
        raise click.exceptions.Exit(1)


def examine() -> list[Finding]:
    """Look at Python, the packages, the libraries below them, fonts, weights and disk."""
    checks: list[tuple[str, Callable[[], str | Finding], str]] = [
        ("drawing", _check_drawing, "apt install libcairo2-dev libpango1.0-dev; " + REINSTALL),
        ("H.264 encoder", _check_encoder, "python -m pip install --force-reinstall av"),
        ("fonts", _check_fonts, "python -m pip install --force-reinstall fontpkg-noto-sans"),
        ("Chinese font", _check_chinese_font, REINSTALL_CHINESE),
        ("formulas", _check_formulas, "python -m pip install 'manim[typst]'"),
        ("bundled network", _check_network, REINSTALL),
        ("working directory", _check_disk, "change to a folder that you may write to"),
    ]
    return [_check_python(), *_check_packages(), *(_run(*check) for check in checks)]


def _run(what: str, check: Callable[[], str | Finding], remedy: str) -> Finding:
    try:
        found = check()
        return found if isinstance(found, Finding) else Finding(what, found)
    except Exception as error:  # whatever goes wrong is the finding
        return Finding(what, f"{type(error).__name__}: {error}".splitlines()[0], remedy)


def _check_python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    remedy = "" if sys.version_info >= (3, 11) else "install Python 3.11 or newer"
    return Finding("Python", f"{found}, {os.cpu_count()} cores", remedy)


def _check_packages() -> list[Finding]:
    """Compare every required package with the range that cnnviz asks for."""
    findings = []
    for line in requires("cnnviz") or []:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        remedy = f"python -m pip install '{re.sub(';.*', '', line).strip()}'"
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            findings.append(Finding(requirement.name, "not installed", remedy))
            continue
        fits = requirement.specifier.contains(found, prereleases=True)
        state = found if fits else f"{found}, but {requirement.specifier} is needed"
        findings.append(Finding(requirement.name, state, "" if fits else remedy))
    return findings


def _check_drawing() -> str:
    cairo = import_module("cairo")
    import_module("manim")
    return f"Cairo {cairo.cairo_version_string()}"


def _check_encoder() -> str:
    av = import_module("av")
    codec = av.codec.Codec("libx264", "w")
    return f"{codec.long_name} (PyAV {av.__version__})"


def _check_fonts() -> str:
    return f"Noto Sans draws all {_draw_all('en')} characters of English films"


def _check_chinese_font() -> str | Finding:
    if not import_module("cnnviz.style.typography").has_chinese():
        remedy = import_module("cnnviz.system.installation").how_to_add("cjk")
        return Finding("Chinese font", "only --language zh needs it", remedy, is_optional=True)
    return f"Noto Sans CJK SC draws all {_draw_all('zh')} characters of Chinese films"


def _draw_all(language: str) -> int:
    """Set all characters of a language's films; return how many there are."""
    shape_line = import_module("cnnviz.style.typography").shape_line
    texts = import_module("cnnviz.locales").texts_of(language)
    characters = {*SIGNS, *"".join(texts)}
    for character in sorted(characters):
        shape_line(character)
    return len(characters)


def _check_formulas() -> str:
    import_module("typst")
    return f"Typst {version('typst')}"


def _check_network() -> str:
    network = import_module("cnnviz.network").load_network()
    return f"{network.name}, {len(network.classes)} classes"


def _check_defaults(root: click.Context) -> Finding:
    """Say which defaults the working folder has for the options of commands."""
    what = "defaults"
    try:
        file = read_defaults_file()
        if file is None:
            return Finding(what, "none: no cnnviz.toml, and no [tool.cnnviz] in pyproject.toml")
        from cnnviz.cli.defaults import Defaults  # help stays quick

        defaults = Defaults(file)
        defaults.check(root)
    except UserError as error:
        return Finding(what, str(error), "mend that line, or remove it")
    return Finding(what, f"{file.source}: {defaults.listed() or 'empty'}")


def _check_disk() -> str:
    folder = Path.cwd()
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder} cannot be written to")
    usage = os.statvfs(folder)
    return f"{usage.f_bavail * usage.f_frsize / 2**30:.0f} GiB free"
