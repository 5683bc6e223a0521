"""What puts a film into other documents."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cnnviz.cli.main import main
from cnnviz.errors import UserError
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.publishing.embedding import FORMS, snippet

NAME = 'a "b" <c> & d_e.mp4'


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Return a film whose files are all there, under a name full of marks."""
    clip = ClipFiles.at(tmp_path / NAME)
    for path in clip.all:
        path.write_text(path.name)
    manifest = {
        "scene": "conv",
        "title": "Convolution <script>",
        "command": "cnnviz render conv",
        "arguments": ["conv"],
        "source": {"image": "my_cat.png"},
        "recipe": {"options": {"language": "en", "captions_language": "zh"}},
        "film": {},
        "versions": {},
        "beats": [],
        "files": clip.digests(),
    }
    clip.manifest.write_text(json.dumps(manifest))
    return clip.video


@pytest.mark.parametrize("form", ["html", "quarto", "myst", "moodle"])
def test_players_keep_captions_chapters_and_poster(film: Path, form: str) -> None:
    text = snippet(film, form, "media/films")
    assert "<script" not in text
    if form in ("quarto", "myst"):
        assert re.fullmatch(r"```(\{=html\}|\{raw\} html)\n.*```\n", text, re.DOTALL)
    (video, *tracks) = Tags(text).found
    assert video[0] == "video"
    assert video[1]["aria-label"] == "Convolution <script>: my_cat.png"
    stem = "media/films/a%20%22b%22%20%3Cc%3E%20%26%20d_e"
    assert video[1]["src"] == f"{stem}.mp4"
    assert video[1]["poster"] == f"{stem}.poster.png"
    assert [(track[1]["kind"], track[1]["src"]) for track in tracks] == [
        ("captions", f"{stem}.vtt"),
        ("chapters", f"{stem}.chapters.vtt"),
        ("descriptions", f"{stem}.descriptions.vtt"),
    ]
    assert {track[1]["srclang"] for track in tracks} == {"zh-Hans"}


def test_what_plays_nothing_gets_the_poster_as_a_link(film: Path) -> None:
    text = snippet(film, "markdown")
    stem = "a%20%22b%22%20%3Cc%3E%20%26%20d_e"
    assert text.endswith(f"({stem}.poster.png)]({stem}.mp4)\n")
    assert r"\<script\>" in text
    latex = snippet(film, "latex", "films")
    assert "\\includegraphics" in latex
    assert r"my\_cat.png" in latex


def test_a_name_that_is_no_text_is_a_link_of_its_bytes(film: Path) -> None:
    old, clip = ClipFiles.at(film), ClipFiles.at(film.with_name(os.fsdecode(b"M\xfcller.mp4")))
    for path in old.all:
        path.rename(clip.file_ending_in(old.suffix_of(path)))
    manifest = json.loads(clip.manifest.read_text())
    manifest["source"]["image"] = os.fsdecode(b"M\xfcller.png")
    clip.manifest.write_text(json.dumps(manifest))
    for form in set(FORMS) - {"latex"}:
        text = snippet(clip.video, form)
        assert "M%FCller.mp4" in text
        assert "M\N{REPLACEMENT CHARACTER}ller.png" in text
        text.encode()
    with pytest.raises(UserError, match="LaTeX cannot name the file"):
        snippet(clip.video, "latex")


def test_all_forms_are_offered() -> None:
    from cnnviz.cli.embed import FORMS as OFFERED

    assert tuple(FORMS) == OFFERED


@pytest.mark.parametrize("missing", ["captions_vtt", "poster", "chapters"])
def test_a_clip_that_is_not_complete_is_one_line(
    film: Path, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    getattr(ClipFiles.at(film), missing).unlink()
    assert main(["embed", str(film)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "is not complete: there is no" in line
