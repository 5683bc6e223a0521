"""One clip to be made, and what is known of it once its film has been made."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cnnviz.model.trace import Trace
from cnnviz.pipeline.arguments import film_arguments, picture_arguments
from cnnviz.pipeline.recipe import Recipe, RecipeBook
from cnnviz.pipeline.request import FilmRequest, RenderRequest
from cnnviz.publishing.clip_files import ClipFiles
from cnnviz.publishing.file_names import as_text
from cnnviz.publishing.formats.base import Contents
from cnnviz.publishing.manifest import manifest_text
from cnnviz.publishing.record import record_text
from cnnviz.publishing.script import Script
from cnnviz.publishing.source import Source

if TYPE_CHECKING:
    from cnnviz.rendering.encoded_film import EncodedFilm


@dataclass(frozen=True)
class FilmContent:
    """What is known of a finished film apart from its pictures; what the cache keeps of it.

    Attributes
    ----------
    script
        What is said in it.
    facts
        What :func:`cnnviz.publishing.manifest.film_facts` says.
    """

    script: Script
    facts: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return what JSON takes."""
        return {"script": self.script.to_json(), "facts": dict(self.facts)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return what :meth:`to_json` gave."""
        return cls(Script.from_json(content["script"]), content["facts"])


@dataclass(frozen=True)
class ClipTask:
    """One clip to be made.

    Attributes
    ----------
    film, traces
        What decides the film: one trace, or the two that are compared.
    source
        Where picture and network come from.
    arguments
        What is asked for, as the command line says it.
    recipe
        What decides the film, by which a stale one is known.
    output
        The film's file, which has been checked.
    """

    film: FilmRequest
    traces: tuple[Trace, ...]
    source: Source
    arguments: tuple[str, ...]
    recipe: Recipe
    output: Path

    @classmethod
    def of(
        cls, request: RenderRequest, traces: Sequence[Trace], output: Path, book: RecipeBook
    ) -> Self:
        """Return the task to make what is asked for, with what the network saw."""
        film = request.film
        arguments = (*film_arguments(film), *picture_arguments(request.pictures))
        source = request.source([trace.architecture.name for trace in traces])
        return cls(film, tuple(traces), source, arguments, book.recipe(film), output)

    def contents(self, content: FilmContent) -> Contents:
        """Return what goes into the film's file beside the pictures."""
        look = self.film.look
        names = as_text(", ".join(Path(name).stem for name in self.source.image_names))
        return Contents(
            f"{content.script.title}: {names}",
            record_text(content.facts, self.source, self.arguments, self.recipe),
            content.script.caption_track(is_shown=look.captions == "none"),
            look.max_bytes,
        )

    def write_film(
        self, content: FilmContent, files: ClipFiles, film: EncodedFilm, output: Path
    ) -> None:
        """Make one file of a film's sections, and beside it a still of each beat."""
        self.film.look.output_format.write(film, output, self.contents(content))
        files.stills.mkdir()
        sections = (section.name for section in film.timing.sections)
        stills = dict(zip(sections, film.stills, strict=True))
        for beat, name in zip(content.script.beats, content.script.still_names(), strict=True):
            shutil.copyfile(stills[beat.name], files.stills / name)

    def write_texts(self, content: FilmContent, files: ClipFiles) -> None:
        """Write captions, chapters, descriptions, transcript and manifest beside a film."""
        for ending, text in content.script.texts().items():
            files.file_ending_in(ending).write_text(text, encoding="utf-8")
        transcript = content.script.transcript(files.video.name, files.stills.name)
        files.transcript.write_text(transcript, encoding="utf-8")
        frames = self.film.look.output_format.frame_digests(
            files.video,
            [each["first_frame"] for each in content.facts["beats"]],
            content.facts["film"]["frame_rate"],
        )
        manifest = manifest_text(
            content.facts, self.source, self.arguments, self.recipe, files.digests(), frames
        )
        # A name that is no UTF-8 is written as JSON escapes it.
        files.manifest.write_text(manifest, encoding="utf-8", errors="backslashreplace")
