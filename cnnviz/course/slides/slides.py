"""The folder of a course's slides: ``slides.html``, ``slides.pptx`` and the beats' clips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cnnviz.cache.code import contents
from cnnviz.cache.keys import digest
from cnnviz.course.course_file import Course
from cnnviz.course.finished_films import FinishedFilm
from cnnviz.course.owned_folder import OwnFile, fill_folder, written_for
from cnnviz.course.slides.deck import BEATS, Deck, make_deck
from cnnviz.course.slides.html import slides_html
from cnnviz.course.slides.powerpoint import save_powerpoint
from cnnviz.publishing.formats.mp4 import MP4
from cnnviz.system.scratch import scratch_folder


def write_slides(course: Course, films: Sequence[FinishedFilm], *, force: bool) -> list[Path]:
    """Write a course's slides, unless they are there as they should be.

    Parameters
    ----------
    course
        Asks for slides.
    films
        What they show; those in other formats than MP4 are left out.
    force
        Whether files in the way that cnnviz did not make are replaced.

    Returns
    -------
    list of Path
        The HTML and PPTX files, those of the first language at the beginning; empty if nothing
        was to be done.

    Raises
    ------
    UserError
        If somebody else's file is in the way, or the folder cannot be written to.
    """
    assert course.slides is not None
    films = [film for film in films if film.files.video.suffix.lower() == MP4.suffix]
    if not films:
        return []
    folder, by_itself = course.slides.folder, course.slides.plays_by_itself
    here = Path(__file__).parent
    finished = [(film.title, film.language, film.digests) for film in films]
    code = contents((path for path in here.rglob("*.*") if path.suffix != ".pyc"), here)
    purpose = digest([dict(course.titles), by_itself, finished, code])
    if written_for(folder) == purpose:
        return []
    languages = list(dict.fromkeys(film.language for film in films))
    documents: list[OwnFile] = []
    beats: list[OwnFile] = []
    with scratch_folder() as scratch:
        for language in languages:
            title = course.titles.get(language) or next(iter(course.titles.values()))
            shown = [film for film in films if film.language == language]
            deck = make_deck(title, language, shown, plays_by_itself=by_itself, folder=scratch)
            beats += _beats(deck)
            stem = "slides" if language == languages[0] else f"slides.{language}"
            powerpoint = scratch / f"{stem}.pptx"
            save_powerpoint(deck, powerpoint)
            documents.append(OwnFile.of_file(powerpoint.name, powerpoint))
            documents.append(OwnFile.of_text(f"{stem}.html", slides_html(deck)))
        fill_folder(folder, [*beats, *documents], purpose, force=force)
    return [folder / file.name for file in documents]


def _beats(deck: Deck) -> Iterator[OwnFile]:
    for section in deck.sections:
        for slide in section.slides:
            for path in (slide.clip, slide.poster):
                yield OwnFile.of_file(f"{BEATS}/{path.name}", path)
