"""The page, used in a real browser: from a disk, by mouse and by keyboard alone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

import cnnviz
from cnnviz.cli.main import main

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")

STATE = """
const video = arguments[0];
return {
  now: video.currentTime, paused: video.paused, ready: video.readyState,
  error: video.error && video.error.message,
  tracks: [...video.textTracks].map((track) => track.kind),
};
"""


@pytest.fixture
def page(built_course: Path, browser: WebDriver) -> WebElement:
    """Open the English page; return its film."""
    open_page(browser, built_course.parent / "page" / "index.html")
    return browser.find_element(By.TAG_NAME, "video")


def open_page(browser: WebDriver, path: Path, **features: str) -> None:
    emulated = [{"name": name.replace("_", "-"), "value": v} for name, v in features.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": emulated})
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(path.as_uri())


def state(video: WebElement) -> dict[str, Any]:
    found: dict[str, Any] = video.parent.execute_script(STATE, video)
    return found


def wait(browser: WebDriver, is_true: Callable[[], object]) -> None:
    WebDriverWait(browser, 30, 0.05).until(lambda _: is_true())


def chapters(browser: WebDriver) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, "[data-start]")


@pytest.mark.slow
def test_nothing_plays_or_is_loaded_before_somebody_asks(page: WebElement) -> None:
    found = state(page)
    assert found["paused"]
    assert found["ready"] == 0
    assert found["tracks"] == ["captions", "chapters", "descriptions"]
    assert page.get_attribute("poster").endswith(".poster.png")


@pytest.mark.slow
def test_a_chapter_plays_from_its_place_and_is_marked(page: WebElement, browser: WebDriver) -> None:
    chapter = chapters(browser)[3]
    start = float(chapter.get_attribute("data-start") or 0)
    browser.execute_script("arguments[0].scrollIntoView()", chapter)
    chapter.click()
    wait(browser, lambda: state(page)["now"] > start + 0.2)
    found = state(page)
    assert not found["paused"]
    assert found["error"] is None
    wait(browser, lambda: chapter.get_attribute("aria-current") == "true")
    assert [each.get_attribute("aria-current") for each in chapters(browser)].count("true") == 1
    assert browser.get_log("browser") == []  # nothing was refused by the policy


@pytest.mark.slow
def test_captions_are_those_of_the_beat(
    page: WebElement, browser: WebDriver, built_course: Path
) -> None:
    manifests = (
        json.loads(path.read_text(encoding="utf-8"))
        for path in (built_course.parent / "films").glob("*.json")
    )
    beats = next(each["beats"] for each in manifests if each["language"] == "en")
    browser.execute_script("arguments[0].textTracks[0].mode = 'showing'", page)
    chapters(browser)[2].click()
    said = "return [...(arguments[0].textTracks[0].activeCues || [])].map((cue) => cue.text)"
    wait(browser, lambda: browser.execute_script(said, page))
    (cue,) = browser.execute_script(said, page)  # a caption may be read in several
    assert " ".join(cue.split()) in beats[2]["caption"]
    titles = "return [...(arguments[0].textTracks[1].cues || [])].map((cue) => cue.text)"
    browser.execute_script("arguments[0].textTracks[1].mode = 'hidden'", page)
    wait(browser, lambda: browser.execute_script(f"{titles}.length", page))
    assert browser.execute_script(titles, page) == [beat["title"] for beat in beats]


@pytest.mark.slow
def test_a_keyboard_alone_suffices(page: WebElement, browser: WebDriver) -> None:
    def press(*keys: str) -> WebElement:
        ActionChains(browser).send_keys(*keys).perform()
        return browser.switch_to.active_element

    assert press(Keys.TAB).get_attribute("class") == "skip"
    met = [press(Keys.TAB) for _ in range(3)]
    assert [each.get_attribute("href").split("/")[-1] for each in met[:2]] == [
        "index.zh.html",
        "index.html#film-1",
    ]
    focused = met[2]
    while focused.get_attribute("data-start") is None:  # through the player's own controls
        assert focused == page
        focused = press(Keys.TAB)
    press(Keys.TAB)
    chosen = press(Keys.TAB)
    start = float(chosen.get_attribute("data-start") or 0)
    press(Keys.ENTER)
    wait(browser, lambda: state(page)["now"] > start + 0.2)
    assert not state(page)["paused"]
    focused = chosen
    while focused.get_attribute("data-start") is not None:
        ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        focused = browser.switch_to.active_element
    browser.execute_script("arguments[0].focus()", page)
    press(Keys.SPACE)
    wait(browser, lambda: state(page)["paused"])
    before = state(page)["now"]
    press(Keys.ARROW_LEFT)
    wait(browser, lambda: state(page)["now"] < before)
    summary = browser.find_element(By.TAG_NAME, "summary")
    while browser.switch_to.active_element != summary:
        press(Keys.TAB)
    press(Keys.ENTER)
    assert browser.find_element(By.TAG_NAME, "dd").is_displayed()
    downloads = [press(Keys.TAB).get_attribute("href") for _ in range(7)]
    kinds = ["mp4", "vtt", "srt", "chapters.vtt", "descriptions.vtt", "transcript.md", "json"]
    for address, kind in zip(downloads, kinds, strict=True):
        assert (address or "").endswith(f".{kind}")


@pytest.mark.slow
def test_with_less_motion_a_chapter_is_shown_and_does_not_play(
    built_course: Path, browser: WebDriver
) -> None:
    path = built_course.parent / "page" / "index.html"
    open_page(browser, path, prefers_reduced_motion="reduce")
    video = browser.find_element(By.TAG_NAME, "video")
    chapter = chapters(browser)[3]
    chapter.click()
    start = float(chapter.get_attribute("data-start") or 0)
    wait(browser, lambda: state(video)["now"] == pytest.approx(start + 0.01))
    assert state(video)["paused"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["index.html", "index.zh.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(name: str, scheme: str, built_course: Path, browser: WebDriver) -> None:
    open_page(browser, built_course.parent / "page" / name, prefers_color_scheme=scheme)
    browser.find_element(By.TAG_NAME, "summary").click()
    browser.execute_script(AXE)
    found = browser.execute_async_script(
        "const done = arguments[arguments.length - 1]; axe.run().then(done)"
    )
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    assert len(found["passes"]) > 20
    ground = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 18, 22)"}[scheme]


@pytest.mark.slow
def test_a_screen_reader_is_told_all_in_a_sensible_order(
    page: WebElement, browser: WebDriver
) -> None:
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored")
    ]
    assert all(name for role, name in roles if role in ("link", "button", "heading", "Video"))
    headings = [name for role, name in roles if role == "heading"]
    assert headings == ["Scores & <answers>", 'Softmax, "quoted" <i>', "Chapters", "Downloads"]
    assert ("navigation", "Languages") in roles
    assert ("article", 'Softmax, "quoted" <i>') in roles
    assert roles.index(("Video", 'Softmax, "quoted" <i>')) < roles.index(("heading", "Chapters"))


class Addresses(HTMLParser):
    """Collects everything that a page takes from somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "poster")]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("name", ["index.html", "index.zh.html"])
def test_everything_is_in_the_folder(name: str, built_course: Path) -> None:
    folder = built_course.parent / "page"
    text = (folder / name).read_text(encoding="utf-8")
    parser = Addresses()
    parser.feed(text)
    own = [each.partition("#")[0] for each in parser.found if not each.startswith("data:text/vtt")]
    assert own
    assert all((folder / unquote(each)).exists() for each in own)
    assert "https://" not in text
    assert "http://" not in text
    assert re.search(r"default-src &#39;none&#39;; script-src &#39;sha256-[\w+/=]+&#39;; ", text)


@pytest.mark.slow
def test_it_is_written_again_only_when_something_has_changed_and_others_files_stay(
    tmp_path: Path, built_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(built_course.parent, folder)
    course = folder / "course.toml"
    assert cnnviz.build(course).written == ()
    index = folder / "page" / "index.html"
    (folder / "page" / "notes.txt").write_text("mine")
    course.write_text(course.read_text().replace("Scores & <answers>", "Other"))
    written = cnnviz.build(course).written
    assert index in written
    assert "<h1>Other</h1>" in index.read_text()
    assert (folder / "page" / "notes.txt").read_text() == "mine"

    index.write_text("my own page")
    assert main(["build", str(course)]) == 2
    assert "is in the way, and not a result of cnnviz" in capsys.readouterr().err
    assert index.read_text() == "my own page"
    assert main(["build", str(course), "--force"]) == 0

    course.write_text(course.read_text().replace('["en", "zh"]', '["zh"]'))
    cnnviz.build(course)
    assert not list((folder / "page").glob("index.zh.html"))
    assert len(list((folder / "page" / "films").glob("*.mp4"))) == 1
    assert '<html lang="zh-Hans">' in index.read_text(encoding="utf-8")
