"""What a stranger gets: built once for all test processes, and installed once."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from tests.packaging.environments import build, make_environment


@pytest.fixture(scope="session")
def wheel(shared_folder: Path) -> Path:
    """The wheel, built from the checkout."""
    folder = shared_folder / "wheel"
    with FileLock(shared_folder / "wheel.lock"):
        if not folder.exists():
            build(folder, "--wheel")
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def from_sdist(shared_folder: Path) -> Path:
    """The folder of the sdist, and of the wheel that was built from it."""
    folder = shared_folder / "sdist"
    with FileLock(shared_folder / "sdist.lock"):
        if not folder.exists():
            build(folder)
    return folder


@pytest.fixture(scope="session")
def installed(shared_folder: Path, wheel: Path) -> Path:
    """The commands of a fresh environment in which the wheel is installed without extras."""
    ready = shared_folder / "installed"
    with FileLock(shared_folder / "environment.lock"):
        if not ready.exists():
            make_environment(shared_folder / "environment", wheel)
            ready.touch()
    return shared_folder / "environment" / "bin"
