"""Slides: one for each beat, in a browser and in PowerPoint's format, read by others' programs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Emu
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import cnnviz
from cnnviz.course.slides.beat_clips import cut_beat

ROOT = Path(__file__).parents[2]

WHERE = """
const videos = [...document.querySelectorAll("video")];
return {
  slide: Reveal.getIndices().h,
  playing: videos.filter((video) => !video.paused && !video.ended).length,
  videos: videos.map((video) => [video.currentTime, video.ended, video.error !== null]),
};
"""


@pytest.fixture(scope="module")
def folder(built_course: Path) -> Path:
    return built_course.parent / "slides"


@pytest.fixture(scope="module")
def manifest(built_course: Path) -> dict[str, Any]:
    texts = [path.read_text("utf-8") for path in (built_course.parent / "films").glob("*.json")]
    return next(each for each in map(json.loads, texts) if each["language"] == "en")


def pictures_of(path: Path) -> list[np.ndarray[Any, Any]]:
    with av.open(str(path)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def test_the_beats_clips_are_the_film(
    built_course: Path, folder: Path, manifest: dict[str, Any]
) -> None:
    (film,) = [
        path
        for path in (built_course.parent / "films").glob("*.mp4")
        if json.loads(path.with_suffix(".json").read_text("utf-8"))["language"] == "en"
    ]
    whole = pictures_of(film)
    clips = sorted((folder / "beats").glob(f"{film.stem}_??_*.mp4"))
    assert len(clips) == len(manifest["beats"])
    for clip, beat in zip(clips, manifest["beats"], strict=True):
        first = beat["first_frame"]
        cut = pictures_of(clip)
        assert len(cut) == beat["frames"]
        assert all(map(np.array_equal, cut, whole[first:]))
        with Image.open(clip.with_suffix(".png")) as poster:
            assert np.array_equal(np.asarray(poster), whole[first])


def test_small_encoding_with_frames_out_of_order_is_cut_as_well(
    tmp_path: Path, small_weights: Path
) -> None:
    look: dict[str, Any] = {"quality": "l", "fps": 4, "pace": 0.2, "encode": "small"}
    clip = cnnviz.render("softmax", output=tmp_path / "film.mp4", weights=small_weights, **look)
    beats = json.loads(clip.manifest.read_text("utf-8"))["beats"]
    whole = pictures_of(clip.video)
    for beat in beats[1:3]:
        first, count = beat["first_frame"], beat["frames"]
        cut_beat(clip.video, tmp_path / "beat.mp4", first, count, 4)
        cut = pictures_of(tmp_path / "beat.mp4")
        assert len(cut) == count
        assert all(map(np.array_equal, cut, whole[first:]))


@pytest.mark.slow
def test_a_step_plays_its_beat_and_stops(
    folder: Path, manifest: dict[str, Any], browser: WebDriver
) -> None:
    def step(key: str) -> dict[str, Any]:
        ActionChains(browser).send_keys(key).perform()
        found: dict[str, Any] = browser.execute_script(WHERE)
        return found

    videos = "const v = document.querySelectorAll('video');"

    def wait_for(condition: str) -> None:
        WebDriverWait(browser, 30, 0.05).until(
            lambda _: browser.execute_script(f"{videos} return {condition}")
        )

    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get((folder / "slides.html").as_uri())
    assert browser.title == "Scores & <answers>"
    beats = manifest["beats"]
    sections = browser.execute_script("return Reveal.getTotalSlides()")
    assert sections == 2 + len(beats)
    assert step(Keys.ARROW_RIGHT) | {"videos": 0} == {"slide": 1, "playing": 0, "videos": 0}
    step(Keys.SPACE)
    wait_for("v[0].currentTime > 0.2")
    step(Keys.ARROW_RIGHT)
    wait_for("v[0].paused && v[1].currentTime > 0.2")
    browser.execute_script("document.querySelectorAll('video')[1].playbackRate = 16")
    wait_for("v[1].ended")
    found = browser.execute_script(WHERE)
    assert found["slide"] == 3
    assert found["playing"] == 0
    assert found["videos"][1][0] == pytest.approx(beats[1]["frames"] / 2, abs=0.01)
    step(Keys.ARROW_LEFT)
    wait_for("!v[0].paused")
    assert not any(failed for _, _, failed in browser.execute_script(WHERE)["videos"])
    assert browser.get_log("browser") == []


@pytest.mark.slow
def test_the_speaker_s_window_has_the_notes_and_turns_the_slides(
    folder: Path, manifest: dict[str, Any], browser: WebDriver
) -> None:
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get((folder / "slides.html").as_uri())
    deck = browser.current_window_handle
    beats = manifest["beats"]
    ActionChains(browser).send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, "s").perform()
    WebDriverWait(browser, 30, 0.05).until(lambda _: len(browser.window_handles) == 2)
    (view,) = {*browser.window_handles} - {deck}
    text = "return document.body.innerText"
    try:
        browser.switch_to.window(view)
        seen = browser.execute_script(text)
        for said in (beats[0]["title"], beats[0]["caption"], beats[0]["description"]):
            assert said in seen
        assert f"3 / {2 + len(beats)} · 0:0" in seen
        assert f"→ {beats[1]['title']}" in seen
        picture = "const [p] = document.images; return p.complete && p.naturalWidth"
        WebDriverWait(browser, 30, 0.05).until(lambda _: browser.execute_script(picture))
        ActionChains(browser).send_keys(Keys.ARROW_RIGHT).perform()
        assert beats[1]["description"] in browser.execute_script(text)
    finally:
        browser.close()
        browser.switch_to.window(deck)
    assert browser.execute_script(WHERE)["slide"] == 3
    assert browser.get_log("browser") == []


@pytest.mark.slow
def test_with_less_motion_nothing_plays_by_itself(folder: Path, browser: WebDriver) -> None:
    reduced = {"name": "prefers-reduced-motion", "value": "reduce"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [reduced]})
    browser.get("about:blank")
    browser.get((folder / "slides.html").as_uri() + "#/2")
    video = "const [video] = document.querySelectorAll('video'); return "
    WebDriverWait(browser, 30, 0.05).until(
        lambda _: browser.execute_script(f"{video} video.readyState > 1")
    )
    assert browser.execute_script(f"{video} video.paused && video.controls")


def test_everything_is_in_the_folder(folder: Path) -> None:
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        body = text.partition("</style>")[2].partition("<script>")[0]
        named = re.findall(r'(?:data-src|poster|src|href)="([^"]*)"', body)
        assert named
        assert all(name.startswith("beats/") for name in named)
        assert "default-src &#39;none&#39;" in text


def test_powerpoint_has_a_slide_for_each_beat(folder: Path, manifest: dict[str, Any]) -> None:
    presentation = Presentation(str(folder / "slides.pptx"))
    beats = manifest["beats"]
    titles, slides = list(presentation.slides)[:2], list(presentation.slides)[2:]
    assert [slide.shapes.title.text for slide in titles] == [
        "Scores & <answers>",
        'Softmax, "quoted" <i>',
    ]
    assert len(slides) == len(beats)
    assert presentation.slide_width == Emu(12191695)  # 13.333 inches
    for slide, beat in zip(slides, beats, strict=True):
        assert slide.shapes.title.text == beat["title"]
        notes = f"{beat['caption']}\n\n{beat['description']}".strip()
        assert slide.notes_slide.notes_text_frame.text == notes
        (movie,) = [shape for shape in slide.shapes if shape.shape_type == 16]
        assert movie._element.nvPicPr.cNvPr.get("descr") == beat["caption"]
        assert (movie.width, movie.height) == (presentation.slide_width, presentation.slide_height)
        kinds = {part.partname.ext for part in (r.target_part for r in slide.part.rels.values())}
        assert {"mp4", "png"} <= kinds
        xml = slide.element.xml
        assert 'delay="indefinite"' not in xml
        assert 'delay="0"' in xml
    chinese = Presentation(str(folder / "slides.zh.pptx"))
    assert chinese.slides[0].shapes.title.text == "分数"


def test_slides_may_wait_for_a_click(tmp_path: Path, built_course: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(built_course.parent, folder)
    course = folder / "course.toml"
    course.write_text(course.read_text("utf-8") + '\nplay = "on-click"\n', encoding="utf-8")
    assert folder / "slides" / "slides.pptx" in cnnviz.build(course).written
    presentation = Presentation(str(folder / "slides" / "slides.pptx"))
    assert 'delay="indefinite"' in presentation.slides[2].element.xml
    html = (folder / "slides" / "slides.html").read_text("utf-8")
    assert "data-autoplay muted" not in html
    assert "<video controls muted" in html
    clip = sorted((folder / "slides" / "beats").glob("*.mp4"))[1]
    with Image.open(clip.with_suffix(".png")) as poster:
        assert np.array_equal(np.asarray(poster), pictures_of(clip)[-1])
    assert cnnviz.build(course).written == ()


@pytest.mark.slow
def test_libreoffice_opens_it(folder: Path, tmp_path: Path, manifest: dict[str, Any]) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("takes LibreOffice: apt install libreoffice-impress")
    home = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    call = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(
        [*call, str(folder / "slides.pptx")], check=True, capture_output=True, timeout=240
    )
    pages = re.findall(rb"/Type\s*/Page\b", (tmp_path / "slides.pdf").read_bytes())
    assert len(pages) == 2 + len(manifest["beats"])


def test_what_comes_from_npm_is_there_with_its_licence() -> None:
    reveal = ROOT / "cnnviz" / "course" / "slides" / "reveal"
    assert "6.0.2" in (reveal / "reveal.js").read_text("utf-8")
    assert "Permission is hereby granted" in (reveal / "LICENSE").read_text("utf-8")
    assert "Mozilla Public License" in (ROOT / "tests/course/axe/LICENSE").read_text("utf-8")
