"""Films that compare: what the command ``compare`` does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cnnviz.api.films import render
from cnnviz.errors import UserError
from cnnviz.pipeline.clip import Clip
from cnnviz.pipeline.comparison import compared_film, pair_of
from cnnviz.system.progress import with_notebook_progress

if TYPE_CHECKING:  # torch is imported where it is needed
    from cnnviz.network import Network

    Weights = Network | str | Path


@with_notebook_progress
def compare(
    first: object = None,
    second: object = None,
    output: str | Path | None = None,
    *,
    weights: Weights | Sequence[Weights] | None = None,
    scene: Literal["conv", "overview"] | None = None,
    **look_and_parameters: Any,
) -> Clip:
    """Render one film about two pictures, or about one picture and two networks.

    Parameters
    ----------
    first, second
        Pictures, each as for :func:`render`; `first` alone where two networks are compared. By
        default the bundled photos of a cat and of a cup of espresso.
    output
        As for :func:`render`.
    weights
        As for :func:`render`, or a list of two that are to be compared on one picture.
    scene
        ``"conv"``: one filter of one convolution on both, in step. ``"overview"``: the whole
        network. By default the first, and the second for two networks if no `layer`, `channel` and
        `pixel` is given.
    **look_and_parameters
        What else :func:`render` takes: quality, theme and so on; for ``"conv"`` also `layer`, by
        default the first convolution of both, `channel`, by default that whose maps differ most,
        and `pixel`, (row, column) of the outputs that are worked, by default where both maps
        differ most.

    Returns
    -------
    Clip
        The paths of all files, and the film's length.

    Raises
    ------
    UserError
        If something given cannot be used or compared; the message says what to do.
    """
    images = [each for each in (first, second) if each is not None]
    networks: list[Any] = []
    if weights is not None:
        networks = list(weights) if isinstance(weights, list | tuple) else [weights]
    if first is None and second is not None:
        raise UserError("the second picture is given without the first: give both")
    image, compared = pair_of(images, networks)
    name = compared_film(scene, look_and_parameters, has_two_networks=len(networks) == 2)
    call: Any = render
    clip: Clip = call(name, image, output, weights=compared, **look_and_parameters)
    return clip
