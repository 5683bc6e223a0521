"""A clip as HTML."""

from __future__ import annotations

import os
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from cnnviz.pipeline.clip import Clip
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.publishing.notebook import clip_html

NAME = '"a" <b> & c\'s #1?.mp4'


class Tags(HTMLParser):
    """All tags of a text with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag not in self.attributes
        self.attributes[tag] = dict(attributes)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path, Path]:
    """Return a film, its captions and its poster, in a folder below the working one."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "films"
    folder.mkdir()
    paths = folder / NAME, folder / "captions.vtt", folder / "poster.png"
    for path, content in zip(paths, (b"film", b"WEBVTT", b"poster"), strict=True):
        path.write_bytes(content)
    return paths


def content_of(uri: str | None) -> tuple[str, bytes]:
    """Return the type and the content of a data URI."""
    assert uri is not None
    head, _, content = uri.partition(";base64,")
    return head, b64decode(content)


def test_a_name_that_is_no_text_is_a_link_of_its_bytes(files: tuple[Path, Path, Path]) -> None:
    film, captions, poster = files
    latin = film.rename(film.with_name(os.fsdecode(b"M\xfcller.mp4")))
    for limit in (0, 4):
        html = clip_html(latin, captions, poster, limit)
        assert html is not None
        assert 'href="films/M%FCller.mp4"' in html
        html.encode()


def test_a_short_film_is_part_of_the_notebook(files: tuple[Path, Path, Path]) -> None:
    html = clip_html(*files, limit=4)
    assert html is not None
    tags = Tags(html)
    assert tags.words == [f"films/{NAME}"]
    assert set(tags.attributes) == {"figure", "video", "track", "figcaption", "a"}
    video = tags.attributes["video"]
    assert "controls" in video
    assert video["aria-label"] == NAME
    assert content_of(video["src"]) == ("data:video/mp4", b"film")
    assert content_of(video["poster"]) == ("data:image/png", b"poster")
    assert content_of(tags.attributes["track"]["src"]) == ("data:text/vtt", b"WEBVTT")
    assert tags.attributes["track"]["kind"] == "captions"


def test_a_long_film_is_played_from_its_file(files: tuple[Path, Path, Path]) -> None:
    html = clip_html(*files, limit=3)
    assert html is not None
    tags = Tags(html)
    for place in (tags.attributes["video"]["src"], tags.attributes["a"]["href"]):
        assert place is not None
        assert not set(place) & set("\"<>&'#? ")
        assert unquote(place) == f"films/{NAME}"


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_clip_that_is_gone_shows_its_paths_instead(
    gone: int, files: tuple[Path, Path, Path]
) -> None:
    files[gone].unlink()
    assert clip_html(*files) is None
    assert Clip.of(ClipFiles.at(files[0]), 1.0)._repr_html_() is None
