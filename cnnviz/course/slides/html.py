"""Slides as one HTML file, with reveal.js in it: https://revealjs.com."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from cnnviz.course.page.page import content_policy
from cnnviz.course.slides.deck import BEATS, Deck
from cnnviz.locales import LANGUAGE_TAGS
from cnnviz.publishing.file_names import as_url


def slides_html(deck: Deck) -> str:
    """Return the HTML of slides whose clips and posters lie in the folder `BEATS`."""
    here = files(__package__)

    def text(*names: str) -> str:
        return "\n".join((here / name).read_text(encoding="utf-8") for name in names)

    unit = deck.size[0] / 100  # letters are as large on slides of any size
    colours = f":root {{ --ground: {deck.ground}; --text: {deck.text}; --unit: {unit}px; }}\n"
    style = colours + text("reveal/reset.css", "reveal/reveal.css", "style.css")
    script = text("reveal/reveal.js", "slides.js", "speaker.js")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["as_url"] = as_url
    return environment.from_string(text("template.html.jinja")).render(
        deck=deck,
        language_tag=LANGUAGE_TAGS[deck.language],
        policy=content_policy(script, style, "data:"),  # reveal.js's own small pictures
        style=style,
        script=script,
        folder=BEATS,
    )
