"""What can be compared: two pictures with one network, or one picture with two networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cnnviz.errors import UserError
from cnnviz.photos import bundled_photo

USUAL_PICTURES = ("cat", "espresso")
"""Names of the bundled photos that are compared if nobody says which."""

FILMS = {"conv": "compare", "overview": "compare_overview"}
"""The scene that compares two, by what is compared in it: one filter, or the whole network."""


def pair_of(images: Sequence[Any], networks: Sequence[Any]) -> tuple[Any, Any]:
    """Return what is compared as :meth:`RenderRequest.of` takes it: image and weights.

    Of the two one is a tuple of two. Without any picture, and without a second network, they are
    the bundled photos of :data:`USUAL_PICTURES`.

    Parameters
    ----------
    images, networks
        All that were given.

    Raises
    ------
    UserError
        If they are not two pictures, or two networks and at most one picture.
    """
    for what, given in (("pictures", images), ("networks", networks)):
        if len(given) > 2:
            raise UserError(
                f"two {what} are compared, not {len(given)}: {', '.join(map(str, given))}"
            )
    if len(images) == 2 and len(networks) == 2:
        raise UserError(
            "two pictures and two networks: compare two pictures with one network, or two "
            "networks on one picture"
        )
    if len(networks) == 2:
        return (images[0] if images else None), tuple(networks)
    if len(images) == 1:
        raise UserError(
            f'one picture, "{images[0]}", and one network: give another picture, or two networks, '
            "to compare"
        )
    pictures = tuple(images) or tuple(map(bundled_photo, USUAL_PICTURES))
    return pictures, (networks[0] if networks else None)


def compared_film(
    asked: str | None, parameters: Mapping[str, Any], *, has_two_networks: bool
) -> str:
    """Return the name of the scene that is meant.

    Parameters
    ----------
    asked
        A key of :data:`FILMS`; None for what is usual: the whole of two networks, and else, or
        where a layer, a channel or a pixel is chosen, one filter.
    parameters
        The scene's own parameters; those that are None were not given.
    has_two_networks
        Whether two networks are compared.

    Raises
    ------
    UserError
        If there is no such film, or it does not know a layer, a channel or a pixel that is given.
    """
    chosen = [name for name in ("layer", "channel", "pixel") if parameters.get(name) is not None]
    name = asked or ("overview" if has_two_networks and not chosen else "conv")
    if name not in FILMS:
        raise UserError(f'there is no comparison "{name}": choose {", ".join(FILMS)}')
    if name == "overview" and chosen:
        raise UserError(
            f"a comparison of whole networks has no {chosen[0]}: leave it out, or "
            "the scene overview"
        )
    return FILMS[name]
