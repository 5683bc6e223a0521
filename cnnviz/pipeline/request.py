"""What a render is asked for, checked once, from Python and the command line alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeGuard

from cnnviz.cache.traces import digest_of_file
from cnnviz.errors import UserError
from cnnviz.model.picture_use import WHITE, Colour, Crop
from cnnviz.photos import bundled_photo
from cnnviz.pipeline.look import Look
from cnnviz.publishing.source import Source
from cnnviz.staging.registry import scene_module
from cnnviz.weights import NAMED_WEIGHTS, named_weights, weights_file

if TYPE_CHECKING:  # torch is imported where it is needed, which is not always
    from cnnviz.network import Network


@dataclass(frozen=True)
class Part:
    """Which part of a scene a film is.

    Attributes
    ----------
    beats
        Names of beats, in the film's order; None for the whole scene.
    loop
        Whether its last picture becomes the first again.
    title
        Whether the title is drawn; by default in a whole scene alone.

    Raises
    ------
    UserError
        If a beat is named twice, or none is.
    """

    beats: tuple[str, ...] | None = None
    loop: bool = False
    title: bool | None = None

    def __post_init__(self) -> None:
        if self.beats is None:
            return
        names = self.beats.split(",") if isinstance(self.beats, str) else self.beats
        names = tuple(name.strip() for name in names)
        object.__setattr__(self, "beats", names)
        if not all(names) or not names:
            raise UserError("a clip has at least one beat: name them, such as multiply,add")
        for name in names:
            if names.count(name) > 1:
                raise UserError(f'the beat "{name}" is there twice: a clip shows each beat once')

    @property
    def has_title(self) -> bool:
        """Whether the title is drawn."""
        return self.beats is None if self.title is None else self.title


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
    part
        Which part of the scene it is.

    Raises
    ------
    UserError
        If there is no such scene.
    """

    scene: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    look: Look = field(default_factory=Look)
    part: Part = field(default_factory=Part)

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
    def has_named_weights(self) -> bool:
        """Whether the network is one that is known by a name."""
        return isinstance(self.weights, str) and self.weights in NAMED_WEIGHTS

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
            isinstance(image, Path) and image == bundled_photo(_usual_photo(weights)),
            weights is None or self.has_named_weights,
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
    """A film about a picture.

    Attributes
    ----------
    film, picture
        The film, and what the network is to see in it.
    other
        What is compared with that, in a film that compares two: another picture, or the same one
        for another network.
    """

    film: FilmRequest
    picture: PictureRequest
    other: PictureRequest | None = None

    @property
    def pictures(self) -> tuple[PictureRequest, ...]:
        """What networks are to see: one picture, or the two that are compared."""
        return (self.picture,) if self.other is None else (self.picture, self.other)

    @property
    def inputs(self) -> list[Path]:
        """The files that are read, and must never be written to."""
        return [path for picture in self.pictures for path in picture.inputs]

    def source(self, network_names: Sequence[str]) -> Source:
        """Return what the manifest says of where the film comes from."""
        found = [
            picture.source(name) for picture, name in zip(self.pictures, network_names, strict=True)
        ]
        return found[0] if self.other is None else replace(found[0], other=found[1])

    @classmethod
    def of(cls, scene: str, image: object = None, **given: Any) -> Self:
        """Return the request with what :func:`cnnviz.render` takes, in any order.

        Parameters
        ----------
        scene, image
            As there. Two that are compared are a tuple or a list, of pictures or of weights.
        **given
            Attributes of a `PictureRequest`, a `Look` and a `Part`; all others are the scene's own
            parameters.
        """
        picture = {name: given.pop(name) for name in _names(PictureRequest) if name in given}
        look = {name: given.pop(name) for name in _names(Look) if name in given}
        part = {name: given.pop(name) for name in _names(Part) if name in given}
        film = FilmRequest(scene, given, Look(**look), Part(**part))
        seen = _pictures_and_networks(image, picture.pop("weights", None))
        return cls(film, *(PictureRequest(*each, **picture) for each in seen))

    def written_as(self, format_name: str) -> Self:
        """Return the same request in a format.

        Raises
        ------
        UserError
            If the film cannot be written so.
        """
        look = replace(self.film.look, format=format_name)
        return replace(self, film=replace(self.film, look=look))

    def about(self, image: object, name: str) -> Self:
        """Return the same request about another picture, called `name` if it is in memory."""
        return replace(self, picture=replace(self.picture, image=image, name=name))


def _pictures_and_networks(image: Any, weights: Any) -> list[tuple[Any, Any]]:
    """Return each picture with the network that looks at it: one, or the two of a pair."""
    pairs = [each for each in (image, weights) if isinstance(each, tuple | list)]
    if not pairs:
        return [(image, weights)]
    if len(pairs) > 1 or len(pairs[0]) != 2:
        raise UserError("two pictures or two networks can be compared: give a pair of either")
    if pairs[0] is image:
        return [(each, weights) for each in image]
    usual = bundled_photo(_usual_photo(weights[0])) if image is None else image
    return [(usual, each) for each in weights]


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
