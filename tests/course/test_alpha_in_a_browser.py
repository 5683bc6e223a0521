"""A transparent film over a page's own colour, in a real browser."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait

import cnnviz

GREEN = (0, 160, 60)

PAGE = """<!doctype html><title>Over a colour</title>
<style>html { background: rgb(0 160 60) } body { margin: 0 } video { width: 854px }</style>
<video src="film.webm" muted autoplay playsinline></video>
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("over a colour")
    cnnviz.render(
        "softmax",
        output=folder / "film.webm",
        beats="sum",
        transparent=True,
        quality="l",
        fps=2,
        pace=0.2,
        jobs=1,
    )
    path = folder / "page.html"
    path.write_text(PAGE)
    return path


@pytest.mark.slow
def test_the_page_is_seen_through_the_film(page: Path, browser: WebDriver) -> None:
    browser.get(page.as_uri())
    ended = "const [film] = document.querySelectorAll('video'); return film.ended"
    WebDriverWait(browser, 30, 0.05).until(lambda _: browser.execute_script(ended))
    with Image.open(io.BytesIO(browser.get_screenshot_as_png())) as picture:
        seen = np.asarray(picture.convert("RGB")).astype(int)[:480, :854]
    is_ground = np.abs(seen - GREEN).max(axis=2) <= 3
    assert is_ground.mean() > 0.5  # the film has no ground of its own
    assert is_ground[[0, 0, -1, -1], [0, -1, 0, -1]].all()
    is_drawn = np.abs(seen - GREEN).max(axis=2) > 60
    assert 0.02 < is_drawn.mean() < 0.5  # bars and numbers lie over it
    assert seen[is_drawn].max() > 230
