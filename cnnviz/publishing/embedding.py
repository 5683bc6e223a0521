"""A clip in other documents: snippets that keep its captions, chapters and poster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from cnnviz.errors import UserError
from cnnviz.locales import LANGUAGE_TAGS
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.publishing.file_names import as_text, as_url
from cnnviz.publishing.film_file import FilmFile
from cnnviz.publishing.formats import FORMATS, format_of
from cnnviz.publishing.script import in_markdown
from cnnviz.publishing.timed_text import plain

LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
"""Characters that mean something in LaTeX."""


@dataclass(frozen=True)
class EmbeddedClip:
    """A clip as a document sees it.

    Attributes
    ----------
    title
        What it is called.
    language
        Of captions, as HTML names it.
    video, poster, captions, chapters, descriptions
        Paths of its files, as seen from the document, with slashes.
    """

    title: str
    language: str
    video: str
    poster: str
    captions: str
    chapters: str
    descriptions: str

    @classmethod
    def of(cls, files: ClipFiles, title: str, language: str, folder: str) -> EmbeddedClip:
        """Return a clip whose files lie in `folder`, as seen from the document."""

        def path(file: Path) -> str:
            return f"{folder.rstrip('/')}/{file.name}" if folder else file.name

        return cls(
            plain(title),
            language,
            path(files.video),
            path(files.poster),
            path(files.captions_vtt),
            path(files.chapters),
            path(files.descriptions),
        )

    @property
    def is_picture(self) -> bool:
        """Whether it plays as a picture does."""
        return format_of(Path(self.video)).plays_as_picture


def html(clip: EmbeddedClip) -> str:
    """Return a player for a web page; a picture for what plays as one, such as GIF.

    Players show captions and descriptions by themselves, chapters where they know them.
    """
    if clip.is_picture:
        title = escape(clip.title)
        return f'<img src="{_url(clip.video)}" alt="{title}" style="max-width: 100%">\n'
    tracks = "".join(
        f'\n  <track kind="{kind}" srclang="{clip.language}" label="{label}" src="{_url(path)}">'
        for kind, label, path in (
            ("captions", "Captions", clip.captions),
            ("chapters", "Chapters", clip.chapters),
            ("descriptions", "Descriptions", clip.descriptions),
        )
    )
    return (
        f'<video controls preload="metadata" style="max-width: 100%" '
        f'aria-label="{escape(clip.title)}" poster="{_url(clip.poster)}" '
        f'src="{_url(clip.video)}">{tracks}\n</video>\n'
    )


def raw_html(clip: EmbeddedClip) -> str:
    """Return a player for Quarto: its own shortcode drops tracks and poster."""
    return f"```{{=html}}\n{html(clip)}```\n"


def myst(clip: EmbeddedClip) -> str:
    """Return a player for MyST, whose figures know neither tracks nor posters."""
    return f"```{{raw}} html\n{html(clip)}```\n"


def markdown(clip: EmbeddedClip) -> str:
    """Return the poster as a link to the film, for what shows no HTML."""
    title = in_markdown(clip.title)
    return f"[![{title}]({_url(clip.poster)})]({_url(clip.video)})\n"


def latex(clip: EmbeddedClip) -> str:
    """Return the poster as a link to the film: a PDF plays nothing in most readers.

    It takes the packages graphicx and hyperref.
    """
    for path in (clip.poster, clip.video):
        if as_text(path) != path or any(character in path for character in "{}%#\\"):
            raise UserError(f'LaTeX cannot name the file "{path}": rename it')
    return (
        f"\\href{{run:{clip.video}}}{{%\n"
        f"  \\includegraphics[width=\\linewidth]{{{clip.poster}}}}}\n"
        f"% {plain(clip.title)}\n"
        f"\\par\\noindent\\textit{{{clip.title.translate(LATEX)}}}\n"
    )


FORMS: dict[str, Callable[[EmbeddedClip], str]] = {
    "html": html,
    "quarto": raw_html,
    "myst": myst,
    "markdown": markdown,
    "latex": latex,
    "moodle": html,  # its editor takes HTML in the source view, and keeps tracks
}
"""What returns a clip's snippet, by the kind of document."""


def snippet(film: Path, form: str, folder: str = "") -> str:
    """Return what embeds a film in a document.

    Parameters
    ----------
    film
        The film; its other files lie beside it.
    form
        A key of :data:`FORMS`.
    folder
        Where the files lie, as seen from the document.

    Raises
    ------
    UserError
        If it is no film of cnnviz, nothing plays it in a document, or a file of it is missing.
    """
    content = FilmFile.at(film).content
    if film.suffix.lower() in (each.suffix for each in FORMATS if each.mime_type is None):
        *others, last = (each.suffix for each in FORMATS if each.mime_type is not None)
        raise UserError(
            f'"{film}" plays in no document: render it as {", ".join(others)} or {last}'
        )
    files = ClipFiles.at(film)
    for path in (files.poster, files.captions_vtt, files.chapters, files.descriptions):
        if not path.is_file():
            raise UserError(f'"{film}" is not complete: there is no "{path}"')
    options = content.get("recipe", {}).get("options", {})
    language = options.get("captions_language") or options.get("language") or "en"
    title = as_text(
        f"{content.get('title', content.get('scene'))}: {content['source'].get('image')}"
    )
    clip = EmbeddedClip.of(files, title, LANGUAGE_TAGS[str(language)], folder)
    return FORMS[form](clip)


def _url(path: str) -> str:
    return escape(as_url(path))
