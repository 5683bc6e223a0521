"""What a render is asked for, checked once, from Python and the command line alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeGuard

from cnnviz.cache.traces import digest_of_file
from cnnviz.errors import UserError
from cnnviz.locales import check_language
from cnnviz.photos import bundled_photo
from cnnviz.publishing.manifest import Source
from cnnviz.rendering.settings import Encoding, FilmSettings, Quality
from cnnviz.staging.registry import scene_module
from cnnviz.style.theme import Theme, theme_of
from cnnviz.style.typography import require_font_of
from cnnviz.weights import NAMED_WEIGHTS, named_weights, weights_file

if TYPE_CHECKING:  # torch is imported where it is needed, which is not always
    from cnnviz.network import Network

Crop = tuple[int, int, int, int]
Colour = tuple[int, int, int]

SLOWEST, FASTEST = 10.0, 0.1
"""Limits of the pace: beyond them a film could not be watched."""

WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True)
class Look:
    """How a film looks, how fast it is told, and what it is encoded to.

    Attributes
    ----------
    theme, aspect
        ``"dark"`` or ``"light"``; ``"16:9"``, ``"9:16"`` or ``"1:1"``.
    language
        Of all words on screen: ``"en"`` or ``"zh"``.
    pace
        How many times longer than usual everything takes, 0.1 to 10.
    quality
        Manim's letters: l, m, h, p, k.
    fps
        Frames per second; by default the quality's.
    encode
        ``"default"``, or ``"small"`` for a smaller file.

    Raises
    ------
    UserError
        If something is not among what is allowed, or the language's font is missing.
    """

    theme: str = "dark"
    aspect: str = "16:9"
    language: str = "en"
    pace: float = 1.0
    quality: Quality = "h"
    fps: int | None = None
    encode: Encoding = "default"

    def __post_init__(self) -> None:
        check_language(self.language)
        require_font_of(self.language)
        if not FASTEST <= self.pace <= SLOWEST:
            raise UserError(
                f"the pace is {self.pace:g}: give a number from {FASTEST:g} to {SLOWEST:g}"
            )
        self.make_settings()

    def make_theme(self) -> Theme:
        """Return the theme, laid out for the aspect."""
        return theme_of(self.theme, self.aspect)

    def make_settings(self) -> FilmSettings:
        """Return the film's size, frame rate, encoding and background."""
        theme = self.make_theme()
        return FilmSettings.of_quality(
            self.quality,
            self.fps,
            self.encode,
            theme.palette.background,
            theme.layout.aspect,
            theme.layout.frame_height,
        )


@dataclass(frozen=True)
class FilmRequest:
    """Everything that decides a film but the picture and the network.

    Attributes
    ----------
    scene
        Its name.
    parameters
        Those of the scene's own parameters that were given, by name.
    look
        How it looks.

    Raises
    ------
    UserError
        If there is no such scene.
    """

    scene: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    look: Look = field(default_factory=Look)

    def __post_init__(self) -> None:
        scene_module(self.scene)


@dataclass(frozen=True)
class PictureRequest:
    """What a network is to see.

    Attributes
    ----------
    image
        A path, a Pillow image or an array; by default a bundled photo of what the network knows:
        a cat, or a digit for LeNet-5.
    weights
        The path of a weights file, a name of `cnnviz.weights.NAMED_WEIGHTS`, or a network; by
        default Tiny VGG.
    crop
        (x, y, width, height) in pixels of the upright picture.
    background
        (red, green, blue), 0 to 255, behind a picture with transparency.
    """

    image: object = None
    weights: Network | str | Path | None = None
    crop: Crop | None = None
    background: Colour = WHITE
    name: str = "picture"
    """What a picture in memory is called in the names of results."""

    def __post_init__(self) -> None:
        if self.image is None:
            object.__setattr__(self, "image", bundled_photo(_usual_photo(self.weights)))
        if _is_file(self.weights):
            weights_file(self.weights)  # an unknown name is refused now

    @property
    def image_name(self) -> str:
        """What the picture is called in the names of results: a file's name without ending."""
        return Path(self.image).stem if isinstance(self.image, str | Path) else self.name

    def source(self, network_name: str) -> Source:
        """Return what the manifest says of it: names of files, the kind of what is in memory."""
        image, weights = self.image, self.weights
        return Source(
            Path(image).name if isinstance(image, str | Path) else f"<{type(image).__name__}>",
            Path(weights).name if isinstance(weights, str | Path) else network_name,
            self.crop,
            self.background,
            _digest_of(image),
            _digest_of(weights_file(weights) if _is_file(weights) else weights),
        )

    @property
    def inputs(self) -> list[Path]:
        """The files that are read, and must never be written to."""
        files = [Path(self.image)] if isinstance(self.image, str | Path) else []
        if _is_file(self.weights):
            files.append(weights_file(self.weights))
        return files


@dataclass(frozen=True)
class RenderRequest:
    """A film about a picture."""

    film: FilmRequest
    picture: PictureRequest

    @classmethod
    def of(cls, scene: str, image: object = None, **given: Any) -> Self:
        """Return the request with what :func:`cnnviz.render` takes, in any order.

        Parameters
        ----------
        scene, image
            As there.
        **given
            Attributes of a `PictureRequest` and of a `Look`; all others are the scene's own
            parameters.
        """
        picture = {name: given.pop(name) for name in _names(PictureRequest) if name in given}
        look = {name: given.pop(name) for name in _names(Look) if name in given}
        return cls(FilmRequest(scene, given, Look(**look)), PictureRequest(image, **picture))

    def about(self, image: object, name: str) -> Self:
        """Return the same request about another picture, called `name` if it is in memory."""
        return replace(self, picture=replace(self.picture, image=image, name=name))


def _is_file(weights: Network | str | Path | None) -> TypeGuard[str | Path | None]:
    """Return whether weights are a file's, known by path or by name, and not in memory."""
    return weights is None or isinstance(weights, str | Path)


def _usual_photo(weights: Network | str | Path | None) -> str:
    """Return which bundled photo is shown to a network; the first one's to those of users."""
    named = named_weights(weights) if _is_file(weights) else None
    return (named or next(iter(NAMED_WEIGHTS.values()))).photo


def _digest_of(given: object) -> str | None:
    return digest_of_file(Path(given)) if isinstance(given, str | Path) else None


def _names(request: type) -> list[str]:
    return [each.name for each in fields(request)]
