"""What all tests share: one profile for hypothesis, one small network with fixed weights."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from hypothesis import HealthCheck, settings
from manim import tempconfig

from cnnviz.cache.store import Cache
from cnnviz.cache.traces import tracing_files
from cnnviz.layers import Conv2d, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnnviz.model.architecture import Architecture, InputDescription
from cnnviz.model.picture_use import WHITE
from cnnviz.network import Network, save_network
from cnnviz.photos import bundled_photo
from cnnviz.style import typography
from tests.tracing_in_process import tracing_in_process

pytest_plugins = ["tests.torch_traces"]

# The first example also pays for torch's start, and machines are shared. Each run tries the same
# examples, so that whoever has changed nothing sees nothing fail; others are tried with
# ``--hypothesis-profile explore``.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("cnnviz", PATIENT, derandomize=True)
settings.register_profile("explore", PATIENT)
settings.load_profile("cnnviz")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-pictures", action="store_true", help="store the last frames anew, after a look"
    )


@pytest.fixture(autouse=True, scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what the tests make out of the user's own cache, for processes they start, too."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CNNVIZ_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture(autouse=True, scope="session")
def _what_is_imported_is_no_garbage() -> Iterator[None]:
    """Let collections pass over all of Manim and torch: each film asks for one."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True, scope="session")
def _traces_are_made_here() -> Iterator[None]:
    with tracing_in_process():
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder that all processes of one run have in common: use it under a lock."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def known_traces(tmp_path_factory: pytest.TempPathFactory, small_weights: Path) -> Path:
    """The place of a cache that holds what two networks see in the bundled photo of a cat."""
    place = tmp_path_factory.mktemp("known traces")
    for weights in (None, small_weights):
        with tracing_files([bundled_photo()], weights, None, WHITE, Cache(place)) as (task,):
            task.trace()
    return place


@pytest.fixture
def fresh_cache(known_traces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of a cache for one test, which knows those traces and nothing else."""
    place = tmp_path / "cache"
    shutil.copytree(known_traces, place)
    monkeypatch.setenv("CNNVIZ_CACHE_DIR", str(place))
    return place


@pytest.fixture(autouse=True, scope="session")
def manim_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let each test process set formulas in a folder of its own: Manim's files have no locks."""
    folder = tmp_path_factory.mktemp("manim")
    with tempconfig({"media_dir": folder, "tex_dir": folder, "text_dir": folder}):
        yield


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let this process hear of interrupts, also if the tests were started with ``nohup``."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts Python code in a session of its own.

    It hears of interrupts, whether this process does or not, unless ``ignoring_interrupts``.
    Other keywords are variables of its environment. Whatever happens to the test, the process
    ends with it.
    """
    started: list[subprocess.Popen[str]] = []

    def run(
        code: str, *arguments: object, ignoring_interrupts: bool = False, **environment: object
    ) -> subprocess.Popen[str]:
        handler = "SIG_IGN" if ignoring_interrupts else "default_int_handler"
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import signal; signal.signal(signal.SIGINT, signal.{handler})\n{code}",
                *map(str, arguments),
            ],
            env={**os.environ, **{name: str(value) for name, value in environment.items()}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        with suppress(ProcessLookupError):  # all of its session has ended
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)


@pytest.fixture
def assert_ended() -> Callable[[Iterable[psutil.Process]], None]:
    """Return a function that fails if one of some processes has not ended soon."""

    def is_alive(process: psutil.Process) -> bool:
        try:  # what nobody waits for stays a zombie where the first process is not a real one
            return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def check(processes: Iterable[psutil.Process]) -> None:
        alive, deadline = list(processes), time.monotonic() + 60
        while (alive := [each for each in alive if is_alive(each)]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not alive

    return check


@pytest.fixture
def without_chinese_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let text be set as where the extra that brings the Chinese font is not installed."""
    caches = (typography.shape_line, typography.line_advance)
    monkeypatch.setattr(typography, "_chinese_font", lambda weight: None)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


def fixed_network(
    layers: tuple[Layer, ...], classes: tuple[str, ...], size: tuple[int, int, int]
) -> Network:
    """Return a network whose weights come from NumPy: the same with every version of torch."""
    channels, height, width = size
    description = InputDescription(channels, height, width, (0.0,) * channels, (1.0,) * channels)
    network = Network.build(Architecture("Fixed", description, layers, classes))
    random = np.random.default_rng(7)
    for parameter in network.module.parameters():
        spread = 1 / np.sqrt(max(parameter[0].numel(), 1))
        values = random.normal(0, spread, tuple(parameter.shape)).astype(np.float32)
        parameter.data.copy_(torch.from_numpy(values))
    return network


@pytest.fixture(scope="session")
def small_network() -> Network:
    """Five kinds of layers on 32x32 pixels, with few and with many input channels."""
    layers = (
        Conv2d("conv_1", 3, 6, 3),
        ReLU("relu_1"),
        MaxPool2d("max_pool_1", 2, 2),
        Conv2d("conv_2", 6, 4, 5, stride=2, padding=2),
        ReLU("relu_2"),
        Flatten("flatten"),
        Linear("output", 4 * 8 * 8, 3),
    )
    return fixed_network(layers, ("cat", "dog", "owl"), (3, 32, 32))


@pytest.fixture(scope="session")
def small_weights(small_network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("networks") / "fixed.safetensors"
    save_network(small_network, path)
    return path
