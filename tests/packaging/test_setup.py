"""``scripts/setup.sh`` on machines of all kinds: what it fetches, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.machines import OFFLINE, SUDO, Machine, has_nvidia_driver

no_driver = pytest.mark.skipif(has_nvidia_driver(), reason="this machine has an NVIDIA GPU")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Debian that has everything but Python's packages, and no GPU; the user is root."""
    made = Machine(tmp_path)
    made.python("3.13.5")
    return made


def only_line(text: str) -> str:
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]


@no_driver
def test_without_a_gpu_torch_comes_from_the_cpu_index(machine: Machine) -> None:
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    torch, rest = machine.calls("pip", "install")
    assert "--index-url https://download.pytorch.org/whl/cpu torch==2.13.0+cpu" in torch
    assert "--no-deps" in torch
    assert rest.endswith("--constraint constraints.txt --editable .")
    assert "index" not in rest
    assert "no NVIDIA GPU" in done.stdout
    assert "190 MB" in done.stdout
    assert "1.5 GB" in done.stdout
    assert not machine.calls("apt-get")
    assert not done.stderr


@no_driver
def test_torch_that_is_there_is_left_alone(machine: Machine) -> None:
    machine.has("torch")
    assert machine.set_up().returncode == 0
    assert not machine.calls("torch==")


@pytest.mark.parametrize("why", ["nvidia-smi", "macOS"])
def test_elsewhere_torch_comes_from_pypi(machine: Machine, why: str) -> None:
    if why == "macOS":
        machine.command("uname", "echo Darwin")
    else:
        machine.command("nvidia-smi", ":")
    done = machine.set_up()
    assert done.returncode == 0
    assert not machine.calls("index-url")
    assert "GPU" not in done.stdout


@no_driver
def test_pypi_is_taken_where_the_cpu_index_cannot_be_reached(machine: Machine) -> None:
    machine.lacks("cpu-index")
    done = machine.set_up()
    assert done.returncode == 0
    assert "https://download.pytorch.org/whl/cpu cannot be reached: taking PyPI's" in done.stdout
    assert machine.calls("--editable .")


def test_the_test_tools_come_only_when_asked_for(machine: Machine) -> None:
    machine.set_up()
    assert not machine.calls("[dev]")
    done = machine.set_up("dev")
    assert done.returncode == 0
    assert machine.calls("--editable .[dev]")


def test_without_a_network_pip_s_failure_is_one_line(machine: Machine) -> None:
    machine.lacks("index", "cpu-index")
    said = f"WARNING: Retrying: {OFFLINE}\n" * 60 + "ERROR: No matching distribution\n"
    (machine.folder / "pip-says").write_text(said)
    done = machine.set_up()
    assert done.returncode == 1
    assert only_line(done.stderr).startswith("setup: no network: the Python packages")


def test_another_failure_of_pip_is_shown(machine: Machine) -> None:
    machine.lacks("index")
    done = machine.set_up()
    assert done.returncode == 1
    assert "the disk is full" in done.stderr
    assert "network" not in done.stderr


def test_missing_headers_are_installed_and_the_size_is_told(machine: Machine) -> None:
    machine.lacks("headers", "python-headers")
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert machine.calls("apt-get", "install -y", "libcairo2-dev", "libpango1.0-dev")
    assert "fetching 95.2 MB" in done.stdout
    assert "password" not in done.stdout + done.stderr


@pytest.mark.parametrize("user", ["root", "user"])
def test_without_a_network_apt_s_failure_is_one_line(machine: Machine, user: str) -> None:
    machine.lacks("headers", "archive")
    if user == "user":
        machine.has("user", "passwordless")
        machine.command("sudo", SUDO)
    done = machine.set_up()
    assert done.returncode == 1
    line = only_line(done.stderr)
    assert line.startswith("setup: no network:")
    assert "root" not in line
    assert not machine.calls("pip")


def test_sudo_without_a_password_is_not_announced(machine: Machine) -> None:
    machine.lacks("headers")
    machine.has("user", "passwordless")
    machine.command("sudo", SUDO)
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert (machine.folder / "as-root").exists()
    assert "password" not in done.stdout + done.stderr


def test_sudo_with_a_password_is_announced(machine: Machine) -> None:
    machine.lacks("headers")
    machine.has("user", "password")
    machine.command("sudo", SUDO)
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert "sudo asks for your password, to run: apt-get install build-essential" in done.stdout


@pytest.mark.parametrize("sudo", ["refuses", "is not there"])
def test_who_cannot_be_root_is_told_what_root_must_do(machine: Machine, sudo: str) -> None:
    machine.lacks("headers")
    machine.has("user")
    if sudo == "refuses":
        machine.command("sudo", SUDO)
    done = machine.set_up()
    assert done.returncode == 1
    assert "run as root: apt-get install build-essential" in only_line(done.stderr)
    assert not machine.calls("apt-get")


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("python9", "there is no such program"),
        ("old", "is Python 3.10.12, but 3.11 or newer is needed"),
        ("cc", "that is no Python"),
    ],
)
def test_a_wrong_python_is_an_error(machine: Machine, asked: str, reason: str) -> None:
    machine.python("3.10.12", "old")
    machine.command("cc", "exit 1")
    done = machine.set_up(PYTHON=asked)
    assert done.returncode == 1
    line = only_line(done.stderr)
    assert f"PYTHON={asked}" in line
    assert reason in line
    assert not machine.calls("venv")


def test_the_python_that_is_asked_for_is_used(machine: Machine) -> None:
    (machine.folder / "my pythons").mkdir()
    path = machine.python("3.12.1", "python", "my pythons")
    done = machine.set_up(PYTHON=str(path))
    assert done.returncode == 0, done.stderr
    assert "3.12.1" in done.stdout
    assert 'echo "3.12.1"' in (machine.project / ".venv" / "bin" / "python").read_text()


def test_another_python_than_the_environment_s_is_an_error(machine: Machine) -> None:
    assert machine.set_up().returncode == 0
    machine.python("3.12.1", "python3.12")
    assert machine.set_up().returncode == 0
    done = machine.set_up(PYTHON="python3.12")
    assert done.returncode == 1
    assert "has Python 3.13.5, not that of PYTHON=python3.12" in only_line(done.stderr)


def test_a_newer_python_beside_an_old_one_is_found(machine: Machine) -> None:
    machine.python("3.10.12")
    machine.python("3.12.1", "python3.12")
    done = machine.set_up()
    assert done.returncode == 0
    assert "Python 3.12.1" in done.stdout


def test_with_an_old_python_alone_it_says_how_to_get_a_newer_one(machine: Machine) -> None:
    machine.python("3.10.12")
    done = machine.set_up()
    assert done.returncode == 1
    line = only_line(done.stderr)
    for word in ("3.10.12", "uv python install", "pyenv install", "deadsnakes", "PYTHON="):
        assert word in line
    assert not machine.calls("apt-get")


def test_python_comes_with_the_system_packages_where_there_is_none(machine: Machine) -> None:
    (machine.folder / "bin" / "python3").rename(machine.folder / "python-in-archive")
    machine.lacks("headers", "python-headers")
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    assert machine.calls("apt-get", "install -y", "python3-dev", "python3-venv")


def test_a_python_without_headers_is_an_error(machine: Machine) -> None:
    machine.lacks("python-headers")
    machine.command("apt-get", ":")
    done = machine.set_up()
    assert done.returncode == 1
    assert "its package that ends in -dev" in only_line(done.stderr)


@no_driver
def test_the_browser_is_for_the_tests_and_no_must(machine: Machine) -> None:
    assert machine.set_up().returncode == 0
    assert not machine.calls("apt-get")
    assert machine.set_up("dev").returncode == 0
    assert machine.calls("apt-get", "install -y", "chromium chromium-driver")
    machine.lacks("archive")
    done = machine.set_up("dev")
    assert done.returncode == 0
    assert "tests of pages and slides will be skipped" in done.stdout
    machine.has("user")
    machine.lacks("passwordless")
    calls = len(machine.calls("apt-get"))
    assert machine.set_up("dev").returncode == 0
    machine.command("chromium", ":")
    machine.command("chromedriver", ":")
    assert "skipped" not in machine.set_up("dev").stdout
    assert len(machine.calls("apt-get")) == calls
