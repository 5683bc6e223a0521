"""The pictures and weights of a film, which travel by content to whoever makes it.

The worker need not see the client's files. Large weights, which many films share, are sent only to
workers that do not have them yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from cnnviz.cache.store import Cache, Kind
from cnnviz.course.sent_file import SentFile
from cnnviz.pipeline.request import PictureRequest, RenderRequest
from cnnviz.weights import named_weights

ALWAYS_SENT = 2**20
"""Bytes of weights that travel with each film; larger ones only to who asks for them."""

PICTURE, WEIGHTS = "picture-given", "weights-given"
"""How the folders begin that copies of what was sent lie in, one for each file."""

KEY_LENGTH = 32
"""Of the names of the cache's entries, in hexadecimal digits."""

Given = str | Path
"""How the client names a file."""


@dataclass(frozen=True)
class SentInputs:
    """Contents of a request's files, each once, by how the request names them.

    Attributes
    ----------
    pictures
        One, or the two that are compared.
    weights
        Those of networks that cnnviz does not know by name.
    """

    pictures: Mapping[Given, SentFile]
    weights: Mapping[Given, SentFile]

    @classmethod
    def of(cls, request: RenderRequest) -> Self:
        """Return the contents of all files.

        Raises
        ------
        UserError
            If one cannot be read.
        """
        pictures: dict[Given, SentFile] = {}
        weights: dict[Given, SentFile] = {}
        for each in request.pictures:
            picture, network = each.image, each.weights
            assert isinstance(picture, Given)
            assert network is None or isinstance(network, Given)
            if picture not in pictures:
                pictures[picture] = SentFile.of(Path(picture))
            if network is not None and network not in weights and named_weights(network) is None:
                weights[network] = SentFile.of(Path(network))
        return cls(pictures, weights)

    def without_large_weights(self) -> Self:
        """Return what is sent to a worker that may have large weights."""
        return replace(
            self,
            weights={
                given: replace(sent, data=None) if len(sent.data or b"") > ALWAYS_SENT else sent
                for given, sent in self.weights.items()
            },
        )

    def complete(self) -> Self:
        """Return what is sent to a worker that does not have the weights."""
        return replace(
            self,
            weights={
                given: replace(sent, data=SentFile.of(Path(given)).data)
                for given, sent in self.weights.items()
            },
        )

    def written(
        self, request: RenderRequest, folder: Path, cache: Cache | None
    ) -> RenderRequest | None:
        """Write all files; return the request about the copies, or None if weights are wanted.

        Parameters
        ----------
        request
            As the client asks.
        folder
            Where folders for the copies are made.
        cache
            Where large weights are kept for the next film.

        Raises
        ------
        ConnectionError
            If a file arrived damaged.
        """
        here: dict[object, Path] = {}
        for number, (given, sent) in enumerate(self.weights.items()):
            weights = _write_weights(sent, cache, folder / f"{WEIGHTS}-{number}")
            if weights is None:
                return None
            here[given] = weights
        for number, (given, sent) in enumerate(self.pictures.items()):
            sent.check("the picture")
            here[given] = sent.write(folder / f"{PICTURE}-{number}")

        def copied(picture: PictureRequest) -> PictureRequest:
            weights = here.get(picture.weights, picture.weights)
            return replace(picture, image=here[picture.image], weights=weights)

        picture, *others = map(copied, request.pictures)
        return replace(request, picture=picture, other=others[0] if others else None)

    def with_the_clients_names(self, message: str) -> str:
        """Return a message about copies as one about the files that were sent."""
        for copy, given in (*_copies(PICTURE, self.pictures), *_copies(WEIGHTS, self.weights)):
            message = named_as_given(message, copy, given)
        return message


def named_as_given(message: str, copy: str, given: str) -> str:
    """Return a message with the client's name of a file in place of a copy's, in any folder."""
    return given.join(re.split(rf"[^\"' ]*/{re.escape(copy)}", message))


def _copies(folder: str, files: Mapping[Given, SentFile]) -> Iterator[tuple[str, str]]:
    for number, (given, sent) in enumerate(files.items()):
        yield f"{folder}-{number}/{sent.name}", str(given)


def _write_weights(weights: SentFile, cache: Cache | None, folder: Path) -> Path | None:
    """Return where weights lie now: those that were sent, or that an earlier film left here."""
    key = weights.sha256[:KEY_LENGTH]
    if weights.data is None:
        kept = None if cache is None else cache.get(Kind.WEIGHTS, key)
        return None if kept is None else replace(weights, data=kept).write(folder)
    weights.check("the weights")
    if cache is not None and len(weights.data) > ALWAYS_SENT:
        cache.put(Kind.WEIGHTS, key, weights.data)
    return weights.write(folder)
