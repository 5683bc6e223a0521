"""What the tests of courses share: a folder with pictures, and course files in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

import cnnviz
from tests.course.machines import Machines

QUICK = 'quality = "l"\nfps = 2\npace = 0.2\n'
"""Makes films that take no time, below a [defaults] or a [[films]]."""


def write_picture(path: Path, seed: int) -> None:
    path.parent.mkdir(exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(pixels).save(path)


def scene_in_the_readme() -> str:
    """Return the source of the scene that the README shows."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    source = readme.split("```python\nfrom dataclasses")[1].split("```")[0]
    return f"from dataclasses{source}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with two pictures in ``photos``."""
    for seed in range(2):
        write_picture(tmp_path / "photos" / f"{'ab'[seed]}.png", seed)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write_course(folder: Path) -> Callable[[str], Path]:
    """Return a function that writes a course file; its pictures are those of the folder."""

    def write(text: str) -> Path:
        path = folder / "course.toml"
        path.write_text(text, encoding="utf-8")
        return Path("course.toml")

    return write


@pytest.fixture
def _films_are_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no processes: for tests of which films a build makes, not of who makes them."""
    monkeypatch.setattr("cnnviz.course.build.LocalExecutor", lambda size, _: ThreadPoolExecutor(1))


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course file whose films, page and slides are made: one film in two languages."""
    folder = tmp_path_factory.mktemp("course")
    write_picture(folder / "a & <b>.png", 3)
    path = folder / "course.toml"
    path.write_text(
        f"""
        title = {{ en = "Scores & <answers>", zh = "分数" }}
        [defaults]
        pictures = ["a & <b>.png"]
        languages = ["en", "zh"]
        {QUICK}
        [[films]]
        scene = "softmax"
        title = {{ en = "Softmax, \\"quoted\\" <i>" }}
        [page]
        [slides]
        """,
        encoding="utf-8",
    )
    with ThreadPoolExecutor(1) as executor:
        build = cnnviz.build(path, executor=executor)
    assert build.failed == ()
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[WebDriver]:
    """Return a Chromium without a window, driven by selenium; it never goes to the network."""
    chromium, driver = (shutil.which(name) for name in ("chromium", "chromedriver"))
    if chromium is None or driver is None:
        pytest.skip("takes Chromium: apt install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        *("--headless=new", "--disable-dev-shm-usage", "--disable-background-networking"),
        *("--window-size=1280,1000", "--disable-component-update", "--no-first-run"),
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(driver))
    yield found
    found.quit()


@pytest.fixture
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    found = Machines(tmp_path_factory.mktemp("machines"))
    yield found
    found.end()
