"""What decides a film apart from picture and network, by which a stale film is known.

Other than a film's key in the cache it can be had without running the network, its parts say
what has changed, and the manifest keeps it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from cnnviz.cache.code import shared_code
from cnnviz.cache.keys import digest
from cnnviz.cache.store import Cache
from cnnviz.pipeline.request import FilmRequest
from cnnviz.staging.registry import modules_of_film, output_stem
from cnnviz.staging.scene_code import code_of, words_of

Recipe = dict[str, Any]
"""JSON: ``options`` (what was asked for), ``code`` and ``words`` (digests)."""


class RecipeBook:
    """Recipes of films that are made with the code as it is now.

    Sources are read once for all films of a book: make a new one after an edit.

    Parameters
    ----------
    cache
        Where scenes' descriptions may be kept.
    """

    def __init__(self, cache: Cache | None) -> None:
        self._cache = cache
        self._shared = shared_code()
        self._code: dict[str, str] = {}
        self._words: dict[tuple[str, str], str] = {}

    def recipe(self, request: FilmRequest) -> Recipe:
        """Return what decides a film, apart from picture and network."""
        scene, look = request.scene, request.look
        languages = sorted({look.language, look.language_of_captions})
        if scene not in self._code:
            modules = modules_of_film(scene, self._cache)
            self._code[scene] = digest([self._shared, code_of(modules)])
        for language in languages:
            if (scene, language) not in self._words:
                modules = modules_of_film(scene, self._cache)
                self._words[scene, language] = words_of(modules, language)
        words = [self._words[scene, language] for language in languages]
        return {
            "options": _options_of(request),
            "code": self._code[scene],
            "words": words[0] if len(words) == 1 else digest(words),
        }


def _options_of(request: FilmRequest) -> dict[str, Any]:
    """Return what was chosen, as JSON has it; a scene in a file is known by its name alone."""
    given = {name: value for name, value in request.parameters.items() if value is not None}
    look = {**asdict(request.look), "format": request.look.output_format.name}
    part = asdict(request.part)
    chosen = {"scene": output_stem(request.scene), **look, **part, **given}
    options: dict[str, Any] = json.loads(json.dumps(chosen, default=str))
    return options
