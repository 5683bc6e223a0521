"""Slides for PowerPoint and LibreOffice: one beat a slide, with the clip in the file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Emu, Inches, Pt

from cnnviz.course.slides.deck import Deck, Slide

LONGER_SIDE = Inches(13.333)
"""PowerPoint's own for 16:9."""

TITLE_ONLY = 5
"""Number of that layout in python-pptx's own template."""

CONDITION = "{http://schemas.openxmlformats.org/presentationml/2006/main}cond"


def save_powerpoint(deck: Deck, output: Path) -> None:
    """Write slides as PPTX.

    Each has its beat's clip over all of it, the caption as a note to the speaker and as what is
    read aloud, and a title that lies above the slide, as PowerPoint hides titles.

    Parameters
    ----------
    deck
        The slides.
    output
        The file to write.
    """
    presentation = Presentation()
    width, height = deck.size
    scale = LONGER_SIDE / max(width, height)
    presentation.slide_width = Emu(int(width * scale))
    presentation.slide_height = Emu(int(height * scale))
    presentation.core_properties.title = deck.title
    presentation.core_properties.author = "cnnviz"
    presentation.core_properties.language = deck.language
    _add_title(presentation, deck, deck.title)
    for section in deck.sections:
        _add_title(presentation, deck, section.title)
        for slide in section.slides:
            _add_beat(presentation, slide, plays_by_itself=deck.plays_by_itself)
    presentation.save(str(output))


def _add_title(presentation: Any, deck: Deck, title: str) -> None:
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = _colour(deck.ground)
    shape = slide.shapes.title
    shape.text_frame.text = title
    shape.left, shape.width = 0, presentation.slide_width
    shape.top, shape.height = int(presentation.slide_height * 0.35), Inches(2)
    font = shape.text_frame.paragraphs[0].runs[0].font
    font.size, font.color.rgb = Pt(44), _colour(deck.text)


def _colour(text: str) -> RGBColor:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


def _add_beat(presentation: Any, content: Slide, *, plays_by_itself: bool) -> None:
    slide = presentation.slides.add_slide(presentation.slide_layouts[TITLE_ONLY])
    title = slide.shapes.title
    title.text_frame.text = content.beat.title
    title.left, title.width, title.height = 0, presentation.slide_width, Inches(1)
    title.top = -Inches(1.2)
    with content.clip.open("rb") as clip:  # python-pptx puts a file's name into XML as it is
        movie = slide.shapes.add_movie(
            clip,
            0,
            0,
            presentation.slide_width,
            presentation.slide_height,
            poster_frame_image=str(content.poster),
            mime_type="video/mp4",
        )
    movie.element.nvPicPr.cNvPr.set("descr", content.beat.caption)
    if plays_by_itself:
        _play_at_once(slide.element.iterdescendants(CONDITION))
    slide.notes_slide.notes_text_frame.text = content.notes


def _play_at_once(conditions: Iterable[Any]) -> None:
    """Let the clip begin with the slide: python-pptx lets it wait for a click."""
    for condition in conditions:
        if condition.get("delay") == "indefinite":
            condition.set("delay", "0")
