"""The page of a course: one HTML file for each language, and the films beside it.

It works from a disk without a server, and so within what browsers allow there: scripts and
styles stand in the page, and a policy names them by their digests; a text track could not be
read from a file of its own, so it stands in the page as well.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from cnnviz.course.course_file import Course
from cnnviz.course.finished_films import FinishedBeat, FinishedFilm, TimeSpan
from cnnviz.course.owned_folder import OwnFile, fill_folder, written_for
from cnnviz.explain.rounding import format_percent
from cnnviz.locales import LANGUAGE_TAGS, words_beside
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.publishing.file_names import as_url
from cnnviz.publishing.formats import format_of

FILMS = "films"
"""The films' folder, beside the page."""


def write_page(course: Course, films: Sequence[FinishedFilm], *, force: bool) -> list[Path]:
    """Write a course's page, unless it is there as it should be.

    Parameters
    ----------
    course
        Asks for a page.
    films
        What it shows.
    force
        Whether files in the way that cnnviz did not make are replaced.

    Returns
    -------
    list of Path
        The HTML files, the first language's at the beginning; empty if nothing was to be done.

    Raises
    ------
    UserError
        If somebody else's file is in the way, or the folder cannot be written to.
    """
    assert course.page is not None
    folder = course.page.folder
    languages = list(dict.fromkeys(film.language for film in films))
    names = {language: _file_name(language, languages) for language in languages}
    pages = [
        OwnFile.of_text(name, _html(course, language, names, films))
        for language, name in names.items()
    ]
    media = [file for film in films for file in _media(film)]
    purpose = hashlib.sha256(
        "".join(file.name + file.sha256 for file in (*media, *pages)).encode(
            errors="surrogateescape"
        )
    ).hexdigest()
    if written_for(folder) == purpose:
        return []
    fill_folder(folder, [*media, *pages], purpose, force=force)
    return [folder / name for name in names.values()]


def _file_name(language: str, languages: Sequence[str]) -> str:
    return "index.html" if language == languages[0] else f"index.{language}.html"


def _media(film: FinishedFilm) -> Iterator[OwnFile]:
    """Give a film's files; of most of them its manifest knows the digests."""
    clip = film.files
    known = {clip.file_ending_in(suffix): digest for suffix, digest in film.digests.items()}
    for path in clip.plain_files():
        name = f"{FILMS}/{path.relative_to(clip.video.parent).as_posix()}"
        yield OwnFile(name, path, known[path]) if path in known else OwnFile.of_file(name, path)


def _html(
    course: Course, language: str, names: Mapping[str, str], films: Sequence[FinishedFilm]
) -> str:
    here = files(__package__)
    style = (here / "style.css").read_text(encoding="utf-8")
    script = (here / "page.js").read_text(encoding="utf-8")
    template = (here / "template.html.jinja").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    words = _words(language)
    others = [
        {"href": as_url(name), "tag": LANGUAGE_TAGS[other], "name": _words(other)["language"]}
        for other, name in names.items()
        if other != language
    ]
    shown = [film for film in films if film.language == language]
    return environment.from_string(template).render(
        language_tag=LANGUAGE_TAGS[language],
        policy=content_policy(script, style),
        title=course.titles.get(language) or next(iter(course.titles.values())),
        style=style,
        script=script,
        words=words,
        others=others,
        films=[_film(film, f"film-{number}", words) for number, film in enumerate(shown, 1)],
    )


def _words(language: str) -> Mapping[str, Any]:
    words = words_beside(Path(__file__), language)
    assert words is not None
    return words


def content_policy(script: str, style: str, pictures: str = "") -> str:
    """Return a Content-Security-Policy: one script, one style, films beside it, nothing else.

    ``'self'`` is for pages from a server, ``file:`` for those from a disk.

    Parameters
    ----------
    script, style
        What stands in the page.
    pictures
        From where else pictures may come.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src '{_source(script)}'",
            f"style-src '{_source(style)}'",
            f"img-src 'self' file: {pictures}".strip(),
            "media-src 'self' file: data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _source(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _film(film: FinishedFilm, name: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template says of a film."""
    clip, written_as = film.files, format_of(film.files.video)
    width, height = film.size
    return {
        "id": name,
        "title": film.title,
        "length": _time(film.beats[-1].end if film.beats else 0),
        "width": width,
        "height": height,
        "poster": _href(clip.poster),
        "video": _href(clip.video),
        # Of other films the page shows the poster.
        "kind": None if written_as.plays_as_picture else written_as.mime_type,
        "captions_tag": LANGUAGE_TAGS[film.captions_language],
        "shows_captions": film.shows_captions,
        "captions_track": _as_data(clip.captions_vtt),
        "chapters_track": _as_data(clip.chapters),
        "descriptions_track": _as_data(clip.descriptions),
        "chapters": [_chapter(each) for each in film.chapters],
        "beats": [_beat(each) for each in film.beats],
        "answer": _answer(film, words),
        "downloads": list(_downloads(clip, words)),
    }


def _chapter(chapter: TimeSpan) -> dict[str, str]:
    return {
        "title": chapter.title,
        "time": _time(chapter.start),
        "start": f"{chapter.start:.3f}",
        "end": f"{chapter.end:.3f}",
    }


def _beat(beat: FinishedBeat) -> dict[str, str]:
    return {
        "title": beat.title,
        "time": _time(beat.start),
        "caption": beat.caption,
        "description": beat.description,
    }


def _downloads(clip: ClipFiles, words: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the files that are there."""
    for path, label in (
        (clip.video, "film"),
        (clip.captions_vtt, "captions"),
        (clip.captions_srt, "captions"),
        (clip.chapters, "chapters"),
        (clip.descriptions, "descriptions"),
        (clip.transcript, "transcript"),
        (clip.manifest, "manifest"),
    ):
        if path.is_file():
            yield {"href": _href(path), "label": words[label], "kind": path.suffix[1:].upper()}


def _answer(film: FinishedFilm, words: Mapping[str, Any]) -> str:
    """Return what the network took the picture for, or both answers of a film about two."""
    said = [(name, format_percent(probability, 1)) for name, probability in film.answers]
    key = "answer" if len(said) == 1 else "two_answers"
    return str(words[key].format(*(text for answer in said for text in answer)))


def _href(path: Path) -> str:
    return f"{FILMS}/{as_url(path.name)}"


def _as_data(track: Path) -> str:
    return f"data:text/vtt;base64,{b64encode(track.read_bytes()).decode()}"


def _time(seconds: float) -> str:
    """Return a time as players write it: ``1:05``."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
